import type { Article } from '../../src/domain/article.js';
import type { HttpUrl } from '../../src/domain/http-url.js';
import type { SafeHtml } from '../../src/domain/safe-html.js';

/** An article of the publisher `stand-in`, with what a test leaves out filled in. */
export function articleOf(given: Partial<Article> & Pick<Article, 'stableId'>): Article {
  return {
    publisherId: 'stand-in',
    guid: null,
    url: `https://stand-in.test/${given.stableId}` as HttpUrl,
    language: 'en',
    direction: 'ltr',
    title: `Article ${given.stableId}`,
    subtitle: '',
    summary: '',
    authors: [],
    publishedAt: 0,
    modifiedAt: null,
    section: null,
    tags: [],
    kind: 'article',
    lead: null,
    content: '<p>Text.</p>' as SafeHtml,
    origin: 'page',
    ...given,
  };
}
