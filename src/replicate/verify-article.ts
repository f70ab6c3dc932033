import { createHash } from 'node:crypto';
import { articleKey } from '../domain/article-key.js';
import { closeDirections } from '../domain/close-directions.js';
import { plainText, textOf } from '../sanitize/safe-text.js';
import { sanitizeHtml } from '../sanitize/sanitize-html.js';
import { type ArticleBlob, parseArticleBlob } from '../sign/article-blob.js';
import { fromBase64url, toBase64url } from '../sign/base64url.js';
import { ENTRY_MAX_BYTES, type LogEntry, parseEntry } from '../sign/entry.js';
import { blobPath } from '../sign/repository.js';
import { bundlePath, parseBundle, TILE_WIDTH, tileWidth } from '../sign/tiles.js';
import { FalseEntries, MalformedMetadata, MissingFile, SubstitutedFile } from '../sign/verify/refusals.js';
import { readTiles } from './log-tiles.js';
import { withoutOwnWords } from './own-words.js';
import type { Finding, OpenMirror } from './verify-mirror.js';

export interface ArticleAddress {
  /** Where the tree of pages begins, with a slash at its end. */
  base: string;
  publisherId: string;
  stableId: string;
}

/** The parts of an article page's address; null for another page. */
export function readArticleAddress(url: string): ArticleAddress | null {
  if (!URL.canParse(url)) return null;
  const { origin, pathname } = new URL(url);
  const [, base, publisherId, stableId] =
    /^(\/(?:[^/]+\/)*)([a-z][a-z0-9-]{2,39})\/a([a-z0-9]{1,40})\/(?:p\d+\/)?$/.exec(pathname) ?? [];
  if (base === undefined || publisherId === undefined || stableId === undefined) return null;
  return { base: `${origin}${base}`, publisherId, stableId };
}

export interface ArticleProof {
  position: number;
  entry: LogEntry;
  /** Null for a notice: the article was retracted or expunged. */
  blob: ArticleBlob | null;
}

/**
 * What the signed log says last of an article: its bundles are read from the newest back until it is named, each page of the log is
 * compared with the tiles under the signed root (which is the proof of inclusion), and the blob with its hash. Throws a refusal.
 */
export async function proveArticle(
  { reader, head }: OpenMirror,
  { publisherId, stableId }: ArticleAddress,
): Promise<ArticleProof> {
  const id = toBase64url(articleKey(publisherId, stableId));
  const { size } = head.checkpoint;
  const tiles = await readTiles(reader, head, size - 1);
  for (let page = Math.floor((size - 1) / TILE_WIDTH); page >= 0; page -= 1) {
    const width = tileWidth(0, page, size);
    const path = bundlePath(page, width);
    const bytes = await reader.mustRead(path, TILE_WIDTH * (ENTRY_MAX_BYTES + 2));
    const entries = parseBundle(bytes);
    if (entries === null || entries.length !== width)
      throw new FalseEntries(path, `does not hold ${width} entries`);
    // Of the pages passed over as well: else a mirror could hide what was said of the article later.
    if (!tiles.isPage(page, entries)) throw new FalseEntries(path, 'are not those of the signed log');
    const at = entries.findLastIndex((entry) => idOf(entry) === id);
    if (at < 0) continue;
    const parsed = parseEntry(entries[at] as Buffer);
    if (parsed.kind !== 'entry') throw new FalseEntries(path, 'names the article in an entry that is none');
    return {
      position: page * TILE_WIDTH + at,
      entry: parsed.entry,
      blob: await blobOf(reader, parsed.entry),
    };
  }
  throw new MissingFile('log', 'the signed log names no such article');
}

function idOf(bytes: Buffer): string | null {
  const parsed = parseEntry(bytes);
  return parsed.kind === 'entry' ? parsed.entry.a : null;
}

async function blobOf(reader: OpenMirror['reader'], entry: LogEntry): Promise<ArticleBlob | null> {
  if (entry.o === 'r' || entry.o === 'x') return null;
  const hash = fromBase64url(entry.c);
  if (hash === null) throw new MalformedMetadata('log', 'names no blob');
  const path = blobPath(hash);
  const bytes = await reader.mustRead(path, entry.n);
  if (!createHash('sha256').update(bytes).digest().equals(hash))
    throw new SubstitutedFile(path, 'is not the file that its hash names');
  const blob = parseArticleBlob(bytes);
  if (blob === null) throw new MalformedMetadata(path, 'is no article');
  return blob;
}

const folded = (text: string): string => text.replace(/[\s\u00ad]+/g, ' ').trim();

/**
 * Compares the page that is shown with the signed article: the title is that of the heading; every paragraph of the signed text
 * stands on the page, in order and unchanged but for white space; and nothing else stands between the first and the last of them
 * but what is signed too (captions, credits, cards of embeds). Links, pictures and what is before and after the text are not compared.
 */
export function comparePage(blob: ArticleBlob, pages: readonly string[]): Finding[] {
  const heading = /<h1\b[^>]*>([\s\S]*?)<\/h1>/.exec(pages[0] ?? '')?.[1] ?? '';
  const shown = folded(
    pages.map((page, index) => plainText(apart(index === 0 ? mainOf(page) : bodyOf(page)))).join(' '),
  );
  const safe = sanitizeHtml(blob.content_html, { baseUrl: blob.url });
  const lines = textOf(safe)
    .split('\n')
    .map(folded)
    .filter((line) => line !== '');
  const [missing, between] = inOrder(lines, shown);
  const signed = folded(
    [plainText(safe), ...blob.media.flatMap(({ alt, caption, credit }) => [alt, caption, credit])].join(' '),
  );
  const added = between.filter((text) => !isSigned(folded(withoutOwnWords(text)), signed));
  return [
    {
      holds: folded(plainText(heading)) === folded(closeDirections(blob.title)),
      what: `the heading is the signed title`,
    },
    {
      holds: missing.length === 0,
      what:
        missing.length === 0
          ? `all ${lines.length} signed paragraphs stand on the page, in order`
          : `${missing.length} of ${lines.length} signed paragraphs do not stand on the page, the first: ${missing[0]?.slice(0, 80)}`,
    },
    {
      holds: added.length === 0,
      what:
        added.length === 0
          ? 'nothing unsigned stands between them'
          : `unsigned text stands between them: ${added[0]?.slice(0, 80)}`,
    },
  ];
}

/** Each part of what stands between two paragraphs may be a caption, a credit, or a page's own words about its further pages. */
const isSigned = (text: string, signed: string): boolean =>
  text === '' || signed.includes(text) || text.split(' ').every((word) => signed.includes(word));

/** Cells, captions and items are words apart, though nothing but a tag stands between them. */
const apart = (html: string): string => html.replace(/<\/?(?:t[hdr]|caption|figcaption|li|d[td])\b/g, ' $&');

const mainOf = (page: string): string => {
  const from = page.search(/<(?:article|main)\b/);
  const to = page.search(/<\/(?:article|main)>/);
  return from >= 0 && to > from ? page.slice(from, to) : page;
};

/** A further part says again whose text it is and of when: what is before the text, here as on the first. */
function bodyOf(page: string): string {
  const main = mainOf(page);
  const from = main.slice(main.indexOf('</h1>')).search(/<(?:figure|div)\b/);
  return from < 0 ? '' : main.slice(main.indexOf('</h1>') + from);
}

function inOrder(lines: readonly string[], shown: string): [missing: string[], between: string[]] {
  const missing: string[] = [];
  const between: string[] = [];
  let at = -1;
  for (const line of lines) {
    const found = shown.indexOf(line, Math.max(0, at));
    if (found < 0) {
      missing.push(line);
      continue;
    }
    if (at >= 0) between.push(shown.slice(at, found).trim());
    at = found + line.length;
  }
  return [missing, between];
}
