import type { ArticleBlob, PublisherCard } from '../../src/sign/article-blob.js';

/** Unix seconds as TUF writes a time. */
export const moment = (s: number): string => new Date(s * 1_000).toISOString().replace('.000Z', 'Z');

/** An article that its desk took at `at`, in unix seconds. */
export const testArticle = (at: number, id: string, more: Partial<ArticleBlob> = {}): ArticleBlob => ({
  v: 1,
  id,
  publisher: 'test-news',
  url: `https://news.example/${id}`,
  guid: null,
  rev: 1,
  kind: 'article',
  origin: 'page',
  lang: 'en',
  title: `Lighthouse report ${id}`,
  subtitle: '',
  direction: 'ltr',
  summary: `What the keeper saw, number ${id}.`,
  authors: [{ name: 'The keeper' }],
  published: moment(at - 60).replace('Z', '.000Z'),
  modified: null,
  taken: moment(at).replace('Z', '.000Z'),
  section: 'News',
  tags: [],
  content_html: `<p>The lamp was lit at dusk, and number ${id} was written down before dawn.</p>`,
  changes: [],
  media: [],
  ...more,
});

export const testCard = (id: string, more: Partial<PublisherCard> = {}): PublisherCard => ({
  v: 1,
  kind: 'publisher',
  id,
  names: { en: 'Test News' },
  language: 'en',
  homepage: 'https://news.example/',
  hosts: ['news.example'],
  timeZone: 'UTC',
  publish: 'full',
  removal: 'withdraw',
  rights: {
    basis: 'licence',
    licence: 'CC-BY-4.0',
    scope: 'full',
    images: 'own',
    attribution: 'Text: Test News. {url}',
    attributionPlace: 'after',
    evidence: [],
    checkedAt: null,
    contact: null,
  },
  designations: [],
  verifiedAt: null,
  active: true,
  ...more,
});
