import type { CaptionedPicture } from '../domain/article.js';
import type { SafeHtml } from '../domain/safe-html.js';
import type { StoredArticle } from '../store/article-row.js';
import type { ListedArticle } from '../store/list-queries.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import type { Chapter } from './article-parts.js';
import { galleryPicture, leadPicture } from './picture-views.js';
import type { SiteConfig } from './site-config.js';
import type { TextSplitter } from './text-splitter.js';

/** Paragraphs of a teaser: what the old terms of the first publisher allowed anyone. */
const TEASER_BLOCKS = 2;

/**
 * What of an article begins on a page of its own: each picture of a gallery, else all of it at once. A node or a publisher that
 * keeps no pictures has its galleries read as one text, the captions in it.
 */
export function chaptersOf(
  article: StoredArticle,
  publisher: StoredPublisher,
  deps: { config: SiteConfig; store: Store; splitter: TextSplitter },
): Chapter[] {
  const { config, store, splitter } = deps;
  if (
    article.kind === 'gallery' &&
    config.pictures &&
    publisher.publish === 'full' &&
    publisher.rights.images !== 'none'
  ) {
    const frames = framesOf(article, splitter);
    if (frames.length > 1)
      return frames.map(({ picture, before, after }, index) => ({
        pictures: (path) => galleryPicture(store, path, article, picture),
        pictureNumber: { number: index + 1, of: frames.length },
        blocks: [...before, ...after],
      }));
  }
  return [
    {
      pictures: (path) => leadPicture(config, store, path, article.id),
      pictureNumber: null,
      blocks: shownBlocks(article, publisher, splitter),
    },
  ];
}

/** How many pictures a listed gallery is read by; null for every other article, and where it is read as one text. */
export type PicturesOf = (listed: Pick<ListedArticle, 'id' | 'kind'>) => number | null;

export const createPicturesOf =
  (deps: { config: SiteConfig; store: Store; splitter: TextSplitter }): PicturesOf =>
  ({ id, kind }) => {
    const article = kind === 'gallery' ? deps.store.articles.get(id) : null;
    const publisher = article === null ? null : deps.store.publishers.get(article.publisherId);
    if (article === null || publisher === null) return null;
    return chaptersOf(article, publisher, deps)[0]?.pictureNumber?.of ?? null;
  };

/** The top-level blocks that may be shown. */
export function shownBlocks(
  article: StoredArticle,
  publisher: StoredPublisher,
  splitter: TextSplitter,
): SafeHtml[] {
  const all = splitter.blocks(article.content);
  return publisher.publish === 'teaser' ? all.slice(0, TEASER_BLOCKS) : all;
}

interface Frame {
  picture: CaptionedPicture;
  /** Headings over it, and text that no earlier picture takes. */
  before: readonly SafeHtml[];
  /** The text up to the next picture. */
  after: SafeHtml[];
}

/** The lead, then the pictures of the text. Text before the first of them stands with that; a heading goes with what it is over. */
function framesOf(article: StoredArticle, splitter: TextSplitter): Frame[] {
  const frames: Frame[] = article.lead === null ? [] : [{ picture: article.lead, before: [], after: [] }];
  const loose: SafeHtml[] = [];
  for (const piece of splitter.gallery(article)) {
    const text = frames.at(-1)?.after ?? loose;
    if (piece.kind === 'text') text.push(...splitter.blocks(piece.html));
    else {
      const headings = text.findLastIndex((block) => !/^<h[2-6]\b/.test(block)) + 1;
      const before = text.splice(frames.length === 0 ? 0 : headings);
      frames.push({ picture: piece.picture, before, after: [] });
    }
  }
  return frames;
}
