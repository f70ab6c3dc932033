import type { SafeHtml } from '../domain/safe-html.js';
import { renderArticle } from '../render/article-page.js';
import { uiLanguage } from '../render/messages.js';
import type { ArticlePageView, PictureView, RelativeHref } from '../render/views.js';
import type { StoredArticle } from '../store/article-row.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import { renderArticleJson } from './api-documents.js';
import { renderChangesPages } from './changes-pages.js';
import { type Document, page, type RenderedGroup } from './document.js';
import { firstThatFits, largestThatFits, wireBytes } from './fit.js';
import { type FrameMaker, nameOf } from './frame.js';
import { leadPicture } from './lead-picture.js';
import { readingMinutes } from './list-view.js';
import { articlePath, partPath, relativeHref, scopePath } from './paths.js';
import type { SiteConfig } from './site-config.js';

/** How the tree cuts a text: the sanitizer's own top-level blocks, and smaller ones of a block that fits no page. */
export interface TextSplitter {
  blocks(html: SafeHtml): SafeHtml[];
  /** Halves of a block that alone is too heavy; the block itself where it cannot be cut. */
  halves(block: SafeHtml): SafeHtml[];
}

/** Paragraphs of a teaser: what the old terms of the first publisher allowed anyone. */
const TEASER_BLOCKS = 2;

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
    const frame = frames.ofPublisher(publisher, path, feedScope);
    return {
      ...frame,
      ui: uiLanguage(article.language),
      // The list of sections grows with the publisher; an article's page changes only when the article does.
      sections: [],
      canonical: config.canonical === 'original' ? article.url : null,
      language: article.language,
      direction: article.direction,
      headline: shown || article.state === 'withdrawn' ? article.title : '',
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
      tags: [],
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

  /** Blocks none of which alone is too heavy for a page. */
  function cutBlocks(blocks: readonly SafeHtml[], fits: (block: SafeHtml) => boolean): SafeHtml[] {
    const todo = [...blocks].reverse();
    const done: SafeHtml[] = [];
    for (let block = todo.pop(); block !== undefined; block = todo.pop()) {
      // Under 2,000 characters nothing weighs more than the line takes, so most blocks need no measuring.
      const halves = block.length < 2_000 || fits(block) ? [block] : splitter.halves(block);
      if (halves.length <= 1) done.push(block);
      else todo.push(...halves.reverse());
    }
    return done;
  }

  /** The text over as many parts as the line asks for, each full before the next begins. */
  function parts(
    article: StoredArticle,
    publisher: StoredPublisher,
    blocks: readonly SafeHtml[],
  ): Document[] {
    const home = articlePath(publisher.id, article.stableId);
    const views = new Map<string, ArticlePageView>();
    const viewAt = (path: string) => {
      const known = views.get(path) ?? viewOf(article, publisher, path);
      views.set(path, known);
      return known;
    };
    const compose = (
      number: number,
      count: number,
      shown: readonly SafeHtml[],
      picture: PictureView | null,
    ) => {
      const path = partPath(home, number);
      const hrefs: RelativeHref[] = Array.from({ length: count }, (_, index) =>
        relativeHref(path, partPath(home, index + 1)),
      );
      return renderArticle({
        ...viewAt(path),
        blocks: shown,
        picture,
        part: count === 1 ? null : { number, hrefs },
      });
    };
    const pictures = leadPicture(config, store, home, article.id);
    const smallest = pictures.at(-2) ?? pictures.at(-1) ?? null;
    // Where the text goes over several parts anyway, the first makes room for a picture that shows.
    const shown = pictures.findLast((picture) => picture?.inline != null) ?? smallest;
    const limit = config.bodyBytes;
    if (wireBytes(compose(1, 1, blocks, smallest)) <= limit) {
      return [page(home, firstThatFits(pictures, limit, (picture) => compose(1, 1, blocks, picture)).text)];
    }
    const supposed = Math.ceil(wireBytes(blocks.join('')) / (limit * 0.6)) + 1;
    const left = cutBlocks(blocks, (block) => wireBytes(compose(2, supposed, [block], null)) <= limit);
    const slices: SafeHtml[][] = [];
    for (let from = 0; from < left.length; ) {
      const number = slices.length + 1;
      const rest = left.slice(from);
      const count = largestThatFits(
        rest.length,
        (tried) =>
          wireBytes(
            compose(number, Math.max(supposed, number), rest.slice(0, tried), number === 1 ? shown : null),
          ) <= limit,
      );
      slices.push(rest.slice(0, Math.max(1, count)));
      from += Math.max(1, count);
    }
    return slices.map((slice, index) => {
      const candidates = index === 0 ? pictures : [null];
      const path = partPath(home, index + 1);
      return page(
        path,
        firstThatFits(candidates, limit, (picture) => compose(index + 1, slices.length, slice, picture)).text,
      );
    });
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
    const all = splitter.blocks(article.content);
    const blocks = publisher.publish === 'teaser' ? all.slice(0, TEASER_BLOCKS) : all;
    return {
      documents: [
        ...parts(article, publisher, blocks),
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
            blocks,
            (block) => wireBytes(JSON.stringify(block)) <= config.bodyBytes - JSON_NAMES_BYTES,
          ),
        ),
      ],
      complete: true,
    };
  }

  return { render };
}
