import type { Element } from 'domhandler';
import { removeElement } from 'domutils';
import type { ArticleKind } from '../domain/article.js';
import type { ExtractedPage, ExtractResult } from '../domain/extracted-page.js';
import type { PageRules } from '../domain/publisher.js';
import { withoutMisleadingAppeals } from './appeals.js';
import { assemble } from './assemble.js';
import { chooseBlocks, leavesOf } from './choose-blocks.js';
import { isCaptionBox } from './figures.js';
import { type FurnitureIndex, furnitureKey } from './furniture-index.js';
import { withoutGalleryAppeal } from './gallery-appeal.js';
import { GALLERY_PICTURES, galleryBox } from './gallery-box.js';
import { judgeBlocks, type Weights } from './judge-blocks.js';
import { findLead } from './lead-picture.js';
import { liveUpdates } from './live-updates.js';
import { readMetadata } from './metadata.js';
import type { Evidence } from './page-statistics.js';
import type { FeedEvidence, PageView } from './page-view.js';
import { parsePage } from './parse-page.js';
import { readableContent } from './readability.js';
import { type Block, segment } from './segment.js';
import { selectAll } from './select.js';
import { squash } from './squash.js';
import { stateBody } from './state-body.js';
import { type JsonObject, metaValue, readStructuredData } from './structured-data.js';
import { findTitle } from './title.js';
import { descendants, escapeText, plainTextOf } from './tree.js';
import { WEIGHTS } from './weights.js';

export interface ExtractContext {
  /** Address the page was read from. */
  url: string;
  rules?: PageRules | null;
  feed?: FeedEvidence | null;
  /** What this publisher repeats on its pages. The page is noted in it. */
  furniture?: FurnitureIndex | null;
  /** What the article goes by there, whatever its address; `url` where not given. */
  name?: string;
  /** IANA zone for dates that do not state an offset. `UTC` where not given. */
  timeZone?: string;
  /** Weights other than the shipped ones, for those that must not have seen the page. */
  weights?: Weights;
}

/** A page whose chosen text is shorter is looked at by the fallback too, and is no article where that finds no more. In characters. */
const SHORT_CHARS = 250;
const LEAST_CHARS = 60;
/** Stated bodies shorter than this are teasers, which prove nothing about the rest. In characters. */
const STATED_CHARS = 300;

/** The article a page holds. Synchronous and bounded; never throws. `contentHtml` still has to be sanitized. */
export function extractPage(html: string, context: ExtractContext): ExtractResult {
  const view = readPage(html, context);
  if (typeof view === 'string') return { kind: 'no-article', reason: view };
  const timeZone = context.timeZone ?? 'UTC';
  const metadata = readMetadata(view, timeZone);
  const lead = findLead(view);
  const remaining = withoutDropped(view);
  let segments = segment(view.document);
  const furniture = context.furniture ?? null;
  furniture?.observe(context.name ?? context.url, segments.blocks.map(keyOf));
  const isFurniture = (block: Block): boolean => furniture?.isFurniture(keyOf(block)) ?? false;
  const judge = (): number[] => judgeBlocks(segments, evidenceOf(view), context.weights ?? WEIGHTS);
  let likely = judge();
  const hadAppeals = furniture !== null && withoutMisleadingAppeals(segments.blocks, likely, isFurniture);
  if (hadAppeals) {
    segments = segment(view.document);
    likely = judge();
  }
  const { blocks, roots } = chooseBlocks(
    { ...view, elements: remaining },
    segments,
    likely,
    isFurniture,
    hadAppeals,
  );
  const leadSrc = lead?.src ?? null;
  const chars = charsOf(blocks);
  const subtitle = standsIn(blocks, metadata.subtitle) ? null : metadata.subtitle;
  const page = (contentHtml: string, method: ExtractedPage['method']): ExtractResult => {
    const kind = shownKind(metadata.kind, contentHtml, chars);
    return { kind: 'page', page: { ...metadata, subtitle, kind, lead, contentHtml, method } };
  };
  if (metadata.kind === 'live') {
    const { articles } = view.data;
    const updates = liveUpdates({
      document: view.document,
      articles,
      blocks: segments.blocks,
      url: context.url,
      leadSrc,
      timeZone,
    });
    if (updates !== null) return page(updates, 'blocks');
  }
  if (metadata.kind === 'gallery' && roots === null) {
    const own = withoutGalleryAppeal(remaining, blocks);
    const box = galleryBox(remaining, own);
    if (box !== null)
      return page(assemble({ kept: leavesOf(own), roots: [box], url: context.url, leadSrc }), 'blocks');
  }
  // What is left of a short article is short, and the fallback would bring its publisher's appeals back.
  if (roots === null && chars < SHORT_CHARS && !hadAppeals) {
    const drawn = drawnByScript(html, view);
    if (drawn !== null) return page(drawn, 'blocks');
    const readable = readableContent(html, context.url);
    if (readable !== null && plainTextOf(readable).length > 2 * chars) return page(readable, 'readability');
  }
  if (chars < LEAST_CHARS)
    return { kind: 'no-article', reason: 'no block of text that reads like an article' };
  const contentHtml = assemble({ kept: leavesOf(blocks), roots, url: context.url, leadSrc });
  return page(contentHtml, roots === null ? 'blocks' : 'selectors');
}

/** A block that begins with a line so long begins with the standfirst, whatever follows. In letters. */
const STANDFIRST_LETTERS = 30;

/** Whether the text has the standfirst already: as its first paragraph, or as a heading that was taken for one. */
function standsIn(blocks: readonly Block[], subtitle: string | null): boolean {
  const line = squash(subtitle ?? '');
  return (
    line !== '' &&
    blocks.some(({ text }) => {
      const block = squash(text);
      return block === line || (line.length > STANDFIRST_LETTERS && block.startsWith(line));
    })
  );
}

/** Notes what repeats on a page without reading it further: a publisher's pages are best known before the first is read. */
export function learnFurniture(
  html: string,
  context: Pick<ExtractContext, 'url' | 'rules'> & { furniture: FurnitureIndex },
): void {
  const view = readPage(html, context);
  if (typeof view === 'string') return;
  withoutDropped(view);
  context.furniture.observe(context.url, segment(view.document).blocks.map(keyOf));
}

/** Takes out what the publisher's rules drop; gives the elements that are left. */
function withoutDropped({ document, elements, rules }: PageView): readonly Element[] {
  if (rules === null || rules.drop.length === 0) return elements;
  for (const selector of rules.drop)
    for (const element of selectAll(elements, selector)) removeElement(element);
  return descendants(document);
}

/** An article with many pictures and no more text between them is a gallery. In characters a picture. */
const GALLERY_CHARS = 200;

function shownKind(kind: ArticleKind, contentHtml: string, chars: number): ArticleKind {
  const pictures = contentHtml.split('<figure>').length - 1;
  return kind === 'article' && pictures >= GALLERY_PICTURES && chars < GALLERY_CHARS * pictures
    ? 'gallery'
    : kind;
}

const keyOf = ({ scope, text }: Block): string => furnitureKey(scope.tag, text);

const charsOf = (blocks: readonly Block[]): number => blocks.reduce((sum, { text }) => sum + text.length, 0);

/** The text of a page that a script draws: from the script's own data, else as the page states it to other programs. */
function drawnByScript(html: string, { data, url }: PageView): string | null {
  for (const body of [stateBody(html), ...data.articles.map(statedBody)]) {
    const parsed = body === null ? null : parsePage(body);
    if (parsed === null || parsed.kind === 'refused') continue;
    const blocks = segment(parsed.document).blocks.filter(isProse);
    if (charsOf(blocks) >= SHORT_CHARS)
      return assemble({ kept: leavesOf(blocks), roots: [parsed.document], url, leadSrc: null });
  }
  return null;
}

/** HTML of a stated body, which as plain text has a paragraph a line. */
function statedBody({ articleBody }: JsonObject): string | null {
  if (typeof articleBody !== 'string') return null;
  if (/<p[\s>]/i.test(articleBody)) return articleBody;
  return articleBody
    .split('\n')
    .map((line) => `<p>${escapeText(line)}</p>`)
    .join('');
}

/** Neither a caption nor a mark that a script would have replaced. */
function isProse({ scope, text }: Block): boolean {
  const isCaption = [scope, scope.parent].some((box) => box?.element != null && isCaptionBox(box.element));
  return !isCaption && !/^[$#{[]{1,2}\w+[$#}\]]{1,2}$/.test(text);
}

/** The page as a tree with its own data, or why it cannot be read. */
export function readPage(html: string, context: ExtractContext): PageView | string {
  const parsed = parsePage(html);
  if (parsed.kind === 'refused') return parsed.reason;
  const { document, elements } = parsed;
  const base = {
    document,
    elements,
    data: readStructuredData(elements),
    url: context.url,
    rules: context.rules ?? null,
    feed: context.feed ?? null,
  };
  return { ...base, ...findTitle(base) };
}

/** What is known about the text from outside it. */
export function evidenceOf({ data, feed, title, heading }: PageView): Evidence {
  const stated = [...data.articles.map(({ articleBody }) => articleBody), feed?.contentHtml].map((body) =>
    typeof body === 'string' ? plainTextOf(body) : '',
  );
  return {
    title,
    heading,
    description: metaValue(data, 'description', 'og:description'),
    statedBody: stated.find((body) => body.length >= STATED_CHARS) ?? null,
  };
}
