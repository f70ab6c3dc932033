import { createHash } from 'node:crypto';

/** Articles a block must be seen in before it counts as furniture. */
const ENOUGH = 3;
/** Blocks remembered for one publisher; the oldest that were seen once go first. */
const MAX_BLOCKS = 20_000;
/** Shorter blocks say nothing: a name, a number, a dash. In letters, the element's name counted. */
const MIN_LETTERS = 7;

/** Which blocks of text stand on several articles of one publisher. */
export interface FurnitureIndex {
  /** Notes the blocks of one article. The same article may come again and counts once. */
  observe(article: string, blocks: readonly string[]): void;
  /** Whether three or more articles had this block, but for case, punctuation and numbers. */
  isFurniture(text: string): boolean;
  /** JSON to hand to `createFurnitureIndex` later. */
  serialize(): string;
}

/** Digits change with dates and counters, so only letters count; enough of the hash to tell a publisher's blocks apart. */
function fingerprint(text: string): string | null {
  const letters = text.toLowerCase().replace(/[^\p{L}]+/gu, '');
  if (letters.length < MIN_LETTERS) return null;
  return hash(letters);
}

const hash = (text: string): string =>
  createHash('sha256').update(text, 'utf8').digest('base64url').slice(0, 10);

/** A repetition index of one publisher, empty or as `serialize` gave it; what cannot be read is an empty one. */
export function createFurnitureIndex(serialized?: string | null): FurnitureIndex {
  const articlesOf = new Map<string, string[]>(readEntries(serialized ?? null));

  function observe(article: string, blocks: readonly string[]): void {
    const name = hash(article).slice(0, 6);
    for (const key of new Set(blocks.map(fingerprint))) {
      if (key === null) continue;
      const articles = articlesOf.get(key) ?? [];
      if (articles.length < ENOUGH && !articles.includes(name)) articlesOf.set(key, [...articles, name]);
    }
    for (const [key, articles] of articlesOf) {
      if (articlesOf.size <= MAX_BLOCKS) break;
      if (articles.length < ENOUGH) articlesOf.delete(key);
    }
  }

  function isFurniture(text: string): boolean {
    const key = fingerprint(text);
    return key !== null && (articlesOf.get(key)?.length ?? 0) >= ENOUGH;
  }

  return { observe, isFurniture, serialize: () => JSON.stringify([...articlesOf]) };
}

function readEntries(serialized: string | null): [string, string[]][] {
  if (serialized === null) return [];
  try {
    const entries: unknown = JSON.parse(serialized);
    return Array.isArray(entries) ? entries.filter(isEntry) : [];
  } catch {
    return [];
  }
}

function isEntry(entry: unknown): entry is [string, string[]] {
  return (
    Array.isArray(entry) &&
    typeof entry[0] === 'string' &&
    Array.isArray(entry[1]) &&
    entry[1].every((name) => typeof name === 'string')
  );
}
