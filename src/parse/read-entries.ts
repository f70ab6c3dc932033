import type { FeedEntry } from '../domain/feed.js';

/** The archives of the largest blogs in one file hold a few thousand. */
export const MAX_ENTRIES = 10_000;
/** Of all entries together: more than the largest real feed, whose nine megabytes are not all text. */
const MAX_CHARS = 10_000_000;

/** Reads one entry after the other, and stops with the reason where there are more of them, or is more in them, than in any feed. */
export function readEntries<Source>(
  sources: readonly Source[],
  read: (source: Source) => FeedEntry,
): { entries: FeedEntry[]; problems: string[] } {
  const entries: FeedEntry[] = [];
  let chars = 0;
  for (const source of sources) {
    if (entries.length === MAX_ENTRIES) return { entries, problems: [`more than ${MAX_ENTRIES} entries`] };
    const entry = read(source);
    chars += charsOf(entry);
    if (chars > MAX_CHARS)
      return { entries, problems: [`entries of more than ${MAX_CHARS} characters together`] };
    entries.push(entry);
  }
  return { entries, problems: [] };
}

function charsOf({ id, title, url, summaryHtml, contentHtml, enclosures }: FeedEntry): number {
  const texts = [id, title, url, summaryHtml, contentHtml, ...enclosures.map((file) => file.url)];
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}
