import { type Document, type Element, isTag, type Text } from 'domhandler';
import { assemble } from './assemble.js';
import { parseTimestamp } from './dates.js';
import { type Block, FLAG } from './segment.js';
import { contains } from './select.js';
import { isObject, type JsonObject } from './structured-data.js';
import { descendants, escapeAttribute, escapeText, foldSpace, plainTextOf, textContent } from './tree.js';

interface Update {
  at: number;
  heading: string;
  html: string;
}

/** Fewer timed parts than this are an article with a few dates in it. */
const LEAST_UPDATES = 3;
/** A live blog of a long day. Later ones in the page are the older ones. */
const MAX_UPDATES = 400;

export interface LivePage {
  document: Document;
  articles: readonly JsonObject[];
  blocks: readonly Block[];
  url: string;
  leadSrc: string | null;
  timeZone: string;
}

/**
 * A live blog's updates, newest first, each `<section class="update"><h2><time datetime=…>…</time> heading</h2>…</section>`.
 * From timed siblings in the page, else from JSON-LD. Null where neither has three.
 */
export function liveUpdates(page: LivePage): string | null {
  const shown = fromPage(page);
  const updates = shown.length >= LEAST_UPDATES ? shown : fromData(page);
  if (updates.length < LEAST_UPDATES) return null;
  return updates
    .sort((left, right) => right.at - left.at)
    .slice(0, MAX_UPDATES)
    .map(({ at, heading, html }) => {
      const time = new Date(at).toISOString();
      const shownTime = `${time.slice(0, 10)} ${time.slice(11, 16)} UTC`;
      return `<section class="update"><h2><time datetime="${escapeAttribute(time)}">${shownTime}</time> ${escapeText(heading)}</h2>${html}</section>`;
    })
    .join('');
}

/** The widest family of siblings that each hold one time and some text. */
function fromPage({ document, blocks, url, leadSrc, timeZone }: LivePage): Update[] {
  const families = new Map<unknown, Map<Element, number>>();
  for (const element of descendants(document)) {
    const stamp = element.name === 'time' ? element.attribs.datetime : element.attribs['data-timestamp'];
    const at = stamp === undefined ? null : parseTimestamp(stamp, timeZone);
    if (at === null) continue;
    for (let node: Element | null = element, level = 0; node !== null && level < 6; level++) {
      const parent: Element | null = node.parent !== null && isTag(node.parent) ? node.parent : null;
      if (parent === null) break;
      const family = families.get(parent) ?? new Map<Element, number>();
      if (!family.has(node)) family.set(node, at);
      families.set(parent, family);
      node = parent;
    }
  }
  let best: Update[] = [];
  for (const family of families.values()) {
    if (family.size < LEAST_UPDATES || family.size <= best.length) continue;
    const updates = [...family].flatMap(([element, at]) => {
      const kept = new Set<Text>();
      for (const block of blocks) {
        if (/^(?:time|h[1-4])$/.test(block.scope.tag) || (block.scope.flags & FLAG.caption) !== 0) continue;
        for (const leaf of block.leaves)
          if (
            contains(element, leaf) &&
            !(leaf.parent !== null && isTag(leaf.parent) && leaf.parent.name === 'time')
          )
            kept.add(leaf);
      }
      if (kept.size === 0) return [];
      const headings = [...descendants(element)].filter(({ name }) => /^h[1-4]$/.test(name));
      const heading = headings[0] === undefined ? '' : textContent(headings[0]);
      const html = assemble({ kept, roots: [element], url, leadSrc });
      return plainTextOf(html).length < 20 ? [] : [{ at, heading, html }];
    });
    if (updates.length > best.length) best = updates;
  }
  return best;
}

function fromData({ articles, timeZone }: LivePage): Update[] {
  const stated = articles.flatMap(({ liveBlogUpdate }) => liveBlogUpdate);
  return stated.filter(isObject).flatMap((update) => {
    const { datePublished, headline, articleBody } = update;
    const at = typeof datePublished === 'string' ? parseTimestamp(datePublished, timeZone) : null;
    if (at === null || typeof articleBody !== 'string' || articleBody.trim() === '') return [];
    const paragraphs = articleBody.split(/\n+/).map((text) => `<p>${escapeText(plainTextOf(text))}</p>`);
    return [
      { at, heading: typeof headline === 'string' ? foldSpace(headline) : '', html: paragraphs.join('') },
    ];
  });
}
