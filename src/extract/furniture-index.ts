import { createHash } from 'node:crypto';

/** Articles a block must be seen in before it counts as furniture. */
const ENOUGH = 3;
/** Blocks and samples of them remembered for one publisher; the oldest that were seen once go first. */
const MAX_BLOCKS = 40_000;
/** Shorter blocks say nothing: a name, a number, a dash. In letters, the element's name counted. */
const MIN_LETTERS = 7;

/** Which blocks of text stand on several articles of one publisher. */
export interface FurnitureIndex {
  /** Notes the blocks of one article. The same article may come again and counts once. */
  observe(article: string, blocks: readonly string[]): void;
  /** Whether three or more articles had this block, but for case, punctuation, numbers and a few of its words. */
  isFurniture(text: string): boolean;
  /** JSON to hand to `createFurnitureIndex` later. */
  serialize(): string;
}

/** A block as the index knows it: the same words are another thing on a button than in a heading. */
export const furnitureKey = (element: string, text: string): string => `${element} ${text}`;

/** A longer block is also known by every fourth of its runs of four words, so that a name or a date in it changes little. */
const RUN_WORDS = 4;
const RUN_SAMPLE = 4;
const LEAST_RUNS = 3;
/** So much of a block must be known for it to be the same block. */
const NEARLY_SAME = 0.6;

/** Digits change with dates and counters, so only letters count; enough of the hash to tell a publisher's blocks apart. */
function fingerprint(text: string): string | null {
  const letters = text.toLowerCase().replace(/[^\p{L}]+/gu, '');
  if (letters.length < MIN_LETTERS) return null;
  return hash(letters);
}

const hash = (text: string): string =>
  createHash('sha256').update(text, 'utf8').digest('base64url').slice(0, 10);

/** A sample of a text's runs of words, the same for the same run wherever it stands. FNV-1a, 32 bits: a slip costs nothing here. */
function runsOf(text: string): string[] {
  const words = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const runs: string[] = [];
  for (let at = 0; at + RUN_WORDS <= words.length; at++) {
    let sum = 0x811c9dc5;
    for (let index = at; index < at + RUN_WORDS; index++) {
      const word = words[index] ?? '';
      for (let char = 0; char < word.length; char++) sum = Math.imul(sum ^ word.charCodeAt(char), 0x01000193);
      sum = Math.imul(sum ^ 32, 0x01000193);
    }
    // The lowest bits of this sum know little of the first words.
    if (((sum ^ (sum >>> 15)) & 0xff) % RUN_SAMPLE === 0) runs.push(`~${(sum >>> 0).toString(36)}`);
  }
  return runs;
}

/** A repetition index of one publisher, empty or as `serialize` gave it; what cannot be read is an empty one. */
export function createFurnitureIndex(serialized?: string | null): FurnitureIndex {
  const articlesOf = new Map<string, string[]>(readEntries(serialized ?? null));

  function observe(article: string, blocks: readonly string[]): void {
    const name = hash(article).slice(0, 6);
    for (const key of new Set(blocks.flatMap((text) => [fingerprint(text) ?? [], runsOf(text)].flat()))) {
      const articles = articlesOf.get(key) ?? [];
      if (articles.length < ENOUGH && !articles.includes(name)) articlesOf.set(key, [...articles, name]);
    }
    for (const [key, articles] of articlesOf) {
      if (articlesOf.size <= MAX_BLOCKS) break;
      if (articles.length < ENOUGH) articlesOf.delete(key);
    }
  }

  function isFurniture(text: string): boolean {
    const isKnown = (key: string): boolean => (articlesOf.get(key)?.length ?? 0) >= ENOUGH;
    const key = fingerprint(text);
    if (key === null || isKnown(key)) return key !== null;
    const runs = runsOf(text);
    return runs.length >= LEAST_RUNS && runs.filter(isKnown).length >= NEARLY_SAME * runs.length;
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
