import { decodeHTML } from 'entities';
import { Parser } from 'htmlparser2';
import type { SafeHtml } from '../domain/safe-html.js';
import { DROPPED_TAGS, VOID_TAGS } from './allow-list.js';

const NAME = /^<(\/?)([a-z][a-z0-9]*)/;

/** The top-level blocks of a text, in order; joined they are the text again. */
export function safeBlocks(html: SafeHtml): SafeHtml[] {
  const blocks: SafeHtml[] = [];
  let depth = 0;
  let from = 0;
  for (const { 0: tag, index } of html.matchAll(/<[^>]*>/g)) {
    const [, slash, name = ''] = NAME.exec(tag) ?? [];
    if (!VOID_TAGS.includes(name)) depth += slash === '/' ? -1 : 1;
    if (depth === 0) {
      blocks.push(html.slice(from, index + tag.length) as SafeHtml);
      from = index + tag.length;
    }
  }
  return blocks;
}

const LINE_TAGS: ReadonlySet<string> = new Set(
  'p h2 h3 h4 h5 h6 ul ol li dl dt dd blockquote pre table caption tr figure aside section hr'.split(' '),
);

const SPACE_TAGS: ReadonlySet<string> = new Set(['br', 'td', 'th']);
/** What our own sanitizer wrote is in order, so that no parser need look for what is not: it is read five times as fast. */
const TAG_OR_TEXT = /<(\/?)([a-z][a-z0-9]*)[^>]*>|[^<]+/g;

/**
 * The text as it is read aloud: one paragraph, list item or table row a line, cells apart by a space. Pictures with their
 * captions and the cards of embeds stand beside the text, not in it, and are left out.
 */
export function textOf(html: SafeHtml): string {
  const lines: string[] = [];
  let line = '';
  let skipped = 0;
  const endLine = (): void => {
    const folded = (line.includes('&') ? decodeHTML(line) : line).replace(/\s{2,}|[^\S ]/g, ' ').trim();
    if (folded !== '') lines.push(folded);
    line = '';
  };
  for (const [token, slash, name] of html.matchAll(TAG_OR_TEXT)) {
    if (name === undefined) {
      if (skipped === 0) line += token;
      continue;
    }
    if (LINE_TAGS.has(name)) endLine();
    else if (slash === '' && SPACE_TAGS.has(name)) line += ' ';
    if (name === 'figure' || name === 'aside') skipped += slash === '' ? 1 : -1;
  }
  endLine();
  return lines.join('\n');
}

/** A fragment of anyone's HTML as one line of plain text, for titles and summaries. Longer input than 200,000 characters is cut. */
export function plainText(htmlFragment: string): string {
  let text = '';
  let dropped = 0;
  const parser = new Parser({
    onopentag(name) {
      if (DROPPED_TAGS.has(name)) dropped++;
      if (LINE_TAGS.has(name) || name === 'br' || name === 'div' || name === 'td') text += ' ';
    },
    onclosetag(name) {
      if (DROPPED_TAGS.has(name)) dropped--;
      if (LINE_TAGS.has(name) || name === 'div') text += ' ';
    },
    ontext(data) {
      if (dropped === 0) text += data;
    },
  });
  parser.end(htmlFragment.slice(0, 200_000));
  return text
    .replace(/[^\P{Cc}\s]|\p{Cs}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}
