import type { Article } from '../domain/article.js';
import type { FeedEntry } from '../domain/feed.js';
import type { SafeHtml } from '../domain/safe-html.js';
import { boilerplateBlocks } from '../extract/boilerplate.js';
import type { FurnitureIndex } from '../extract/furniture-index.js';
import { squash } from '../extract/squash.js';
import { safeBlocks, textOf } from '../sanitize/safe-text.js';
import { sanitizeHtml } from '../sanitize/sanitize-html.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import { keepFurniture, openFurniture } from './learned-furniture.js';
import type { TakeDeps } from './page-deps.js';
import { blockKey, isKnownBlock, unfurnished } from './unfurnished.js';

/** Beside the title, in the line by which blogging software names the article and the site. In characters. */
const BESIDE_TITLE = 200;
const LINK = /<a [^>]*>(.*?)<\/a>/gs;

/** An entry's HTML sanitized, without its last line where that is only a link back ("The post … appeared first on …"). */
export function entryText(html: string, { title }: FeedEntry, baseUrl: string): SafeHtml {
  const content = sanitizeHtml(html, { baseUrl });
  const blocks = safeBlocks(content);
  const last = blocks.at(-1);
  return last !== undefined && linksBack(last, title ?? '') ? joined(blocks.slice(0, -1)) : content;
}

function linksBack(block: SafeHtml, title: string): boolean {
  const name = squash(title);
  if (name === '' || textOf(block).length > title.length + BESIDE_TITLE) return false;
  const links = [...block.matchAll(LINK)].map(([link]) => squash(textOf(link as SafeHtml)));
  return links.length > 1 && links[0] === name;
}

const joined = (blocks: readonly SafeHtml[]): SafeHtml => blocks.join('') as SafeHtml;

/**
 * Takes out of the texts of feeds what their publisher says on every one: by its rules, and by what its pages and feeds are known to
 * repeat. `settle` does the same for texts that were taken before it was known.
 */
export function createFeedTidier(publisher: StoredPublisher, deps: TakeDeps) {
  const learnedFrom: number[] = [];
  let opened: FurnitureIndex | null = null;
  const furniture = (): FurnitureIndex => {
    opened ??= openFurniture(deps.store, publisher.id);
    return opened;
  };
  return {
    tidied(article: Article): Article {
      const blocks = safeBlocks(article.content);
      // By the name that its page goes by too: under several, its own paragraphs would be what its publisher repeats.
      furniture().observe(article.stableId, blocks.map(blockKey));
      const named = boilerplateBlocks(blocks.map(textOf), publisher.page.boilerplate, (index) =>
        isKnownBlock(blocks[index] ?? ('' as SafeHtml), furniture()),
      );
      const rest = joined(blocks.filter((_, index) => !named.has(index)));
      return { ...article, content: unfurnished(rest, furniture()) };
    },
    /** This article was saved as `tidied` gave it. */
    saved: (id: number): void => void learnedFrom.push(id),
    settle(): void {
      if (opened !== null) keepFurniture(publisher.id, opened, learnedFrom, deps);
    },
  };
}

export type FeedTidier = ReturnType<typeof createFeedTidier>;
