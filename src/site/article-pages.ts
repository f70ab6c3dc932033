import { listedTags } from '../domain/article-tags.js';
import { renderArticle } from '../render/article-page.js';
import type { ArticlePageView } from '../render/article-views.js';
import { MESSAGES, uiLanguage } from '../render/messages.js';
import type { StoredArticle } from '../store/article-row.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import { renderArticleJson } from './api-documents.js';
import { cutBlocks, layOutParts } from './article-parts.js';
import { renderChangesPages } from './changes-pages.js';
import { chaptersOf, shownBlocks } from './chapters.js';
import { page, type RenderedGroup } from './document.js';
import { wireBytes } from './fit.js';
import { type FrameMaker, nameOf, phrase } from './frame.js';
import { readingMinutes } from './list-view.js';
import { articlePath, relativeHref, scopePath } from './paths.js';
import type { SiteConfig } from './site-config.js';
import type { TextSplitter } from './text-splitter.js';

/** Room for what stands beside the text in a further part of an article's JSON: its names and addresses, compressed. */
const JSON_NAMES_BYTES = 1_000;

export function createArticlePages(
  config: SiteConfig,
  store: Store,
  frames: FrameMaker,
  splitter: TextSplitter,
) {
  function earlier(article: StoredArticle, path: string): ArticlePageView['earlier'] {
    return (article.earlier ?? []).flatMap((id) => {
      const other = store.articles.get(id);
      if (other === null || other.state !== 'live') return [];
      return [
        {
          language: other.language,
          direction: other.direction,
          href: relativeHref(path, articlePath(other.publisherId, other.stableId)),
          title: other.title,
          publishedAt: other.publishedAt,
          pageBytes: null,
        },
      ];
    });
  }

  function viewOf(article: StoredArticle, publisher: StoredPublisher, path: string): ArticlePageView {
    const feedScope = { kind: 'publisher', publisherId: publisher.id } as const;
    const shown = article.state === 'live';
    const ui = uiLanguage(article.language);
    // A tombstone keeps not a word of the text: its headline is the page's own.
    const headline =
      article.state === 'tombstone'
        ? phrase(MESSAGES[ui].article.withdrawnHeadline, ui)
        : { text: article.title, language: article.language, direction: article.direction };
    const frame = frames.ofPublisher(publisher, path, feedScope);
    return {
      ...frame,
      ui,
      // The list of sections grows with the publisher; an article's page changes only when the article does.
      sections: [],
      canonical: config.canonical === 'original' ? article.url : null,
      language: headline.language,
      direction: headline.direction,
      headline: headline.text,
      subtitle: shown ? article.subtitle : '',
      authors: shown ? article.authors.map((author) => author.name) : [],
      publisher: { name: nameOf(publisher), href: relativeHref(path, scopePath(feedScope)) },
      kind: article.kind,
      section:
        article.section === null || article.sectionSlug === null
          ? null
          : {
              name: article.section,
              href: relativeHref(
                path,
                scopePath({ kind: 'section', publisherId: publisher.id, slug: article.sectionSlug }),
              ),
            },
      tags: shown
        ? listedTags(article.tags, article.sectionSlug).map(({ slug, name }) => ({
            name,
            href: relativeHref(path, scopePath({ kind: 'tag', publisherId: publisher.id, slug })),
          }))
        : [],
      publishedAt: article.publishedAt,
      changedAt: article.revisedAt === null ? null : (article.modifiedAt ?? article.revisedAt),
      copiedAt: article.takenAt,
      readingMinutes: article.words === 0 ? null : readingMinutes(article.words),
      picture: null,
      pictureNumber: null,
      blocks: [],
      part: null,
      attribution:
        publisher.rights.attribution === ''
          ? null
          : { text: publisher.rights.attribution, place: publisher.rights.attributionPlace },
      original: article.url,
      origin: publisher.publish === 'teaser' ? 'teaser' : article.origin,
      withdrawn: shown ? null : { at: article.takenAt, reason: article.stateReason },
      changes:
        article.revision > 1
          ? {
              href: relativeHref(path, `${articlePath(publisher.id, article.stableId)}changes/`),
              count: article.revision - 1,
            }
          : null,
      earlier: shown ? earlier(article, path) : [],
      safety: { designations: publisher.designations, asOfAt: article.takenAt },
    };
  }

  function render(articleId: number): RenderedGroup {
    const article = store.articles.get(articleId);
    const publisher = article === null ? null : store.publishers.get(article.publisherId);
    if (article === null || article.prunedAt !== null || publisher === null || !publisher.active)
      return { documents: [], complete: true };
    const home = articlePath(publisher.id, article.stableId);
    if (article.state !== 'live') {
      const status = article.state === 'tombstone' ? 410 : 200;
      return {
        documents: [
          page(home, renderArticle(viewOf(article, publisher, home)), status),
          ...renderArticleJson(config, article, publisher, []),
        ],
        complete: true,
      };
    }
    return {
      documents: [
        ...layOutParts(
          home,
          chaptersOf(article, publisher, { config, store, splitter }),
          (path) => viewOf(article, publisher, path),
          splitter.halves,
          config.bodyBytes,
        ),
        ...renderChangesPages(
          config,
          store,
          article,
          frames.ofPublisher(publisher, `${home}changes/`, { kind: 'publisher', publisherId: publisher.id }),
        ),
        ...renderArticleJson(
          config,
          article,
          publisher,
          cutBlocks(
            shownBlocks(article, publisher, splitter),
            splitter.halves,
            (block) => wireBytes(JSON.stringify(block)) <= config.bodyBytes - JSON_NAMES_BYTES,
          ),
        ),
      ],
      complete: true,
    };
  }

  return { render };
}
