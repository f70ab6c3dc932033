import { type Beginnings, beginningsOf, startsIn, WITHOUT_SPACES } from './word-beginning.js';
import { formsOf, stem } from './word-stem.js';

/** Longer queries are cut: a search costs time for each term, and nobody types 200 characters on a phone. */
const MAX_QUERY_CHARACTERS = 200;
const MAX_QUERY_TERMS = 12;

/**
 * What the full-text index holds for `text`: stems and bigrams joined by spaces, in the text's order. SQLite's own tokenizer
 * then has only to split at the spaces; phrases need `detail=full`, its default. `language` is the article's BCP 47 tag.
 */
export function indexText(text: string, language: string): string {
  return tokenize(text, language).join(' ');
}

/**
 * The tokens of `text`. A word becomes one stem, chosen by its script and letters first and by `language` second. Scripts written
 * without spaces become overlapping pairs of characters and the last character by itself (`AB BC C`), so that a pair is found by
 * itself, a longer word as a phrase, and a single character as the beginning of a token.
 */
export function tokenize(text: string, language: string): string[] {
  return [...piecesOf(text)]
    .flatMap((piece) => (piece.kind === 'word' ? [stem(piece.text, language)] : tokensOfRun(keysOf(piece))))
    .filter((token) => token !== '');
}

/**
 * The query as an FTS5 MATCH expression: every term must occur, words in quotation marks in that order. A query does not say its
 * language, so each term is the OR of what it would be in any of them. Null where there is nothing to look for.
 * What people type can only become quoted tokens: no operator, column or quotation mark of theirs reaches SQLite.
 */
export function toMatchQuery(query: string): string | null {
  const terms = termsOf(query);
  return terms.length === 0 ? null : terms.map(matchTerm).join(' AND ');
}

export interface Segment {
  text: string;
  hit: boolean;
}

/** Finds a query's words, in any form, in texts of a language. */
export interface Highlighter {
  /** The text in segments, `hit` where a word of the query stands. Joined they are the text again. */
  mark(text: string, language: string): Segment[];
  /** Where the first of these words begins; null where none stands in the text. No further than that is looked. */
  first(text: string, language: string): number | null;
}

export function createHighlighter(query: string): Highlighter {
  const wanted = termsOf(query).flat();
  const words = wanted.flatMap((piece) => (piece.kind === 'word' ? [piece.text] : []));
  const stems = new Set(words.flatMap(formsOf).filter((form) => form !== ''));
  const beginnings = shortestOf(stems) < SHORTEST_LEFT ? null : beginningsOf(words);
  const runs = wanted.flatMap((piece) => (piece.kind === 'run' ? [keysOf(piece)] : []));
  const spellings = runs.map((keys) => keys.join(''));

  /** Most runs spell none of them, and need not be taken apart. */
  function maySpellOne({ text }: Span): boolean {
    const uniform = UNUSUAL.test(text) ? uniformCharacters(text) : text;
    return spellings.some((spelling) => uniform.includes(spelling));
  }

  /** Only words that may be wanted, where that can be told without stemming them. */
  const candidatesIn = (text: string): Iterable<Piece> =>
    beginnings === null || runs.length > 0 ? piecesOf(text) : wordsFrom(text, beginnings);

  function* hitsIn(text: string, language: string): Generator<Span> {
    for (const piece of candidatesIn(text)) {
      if (piece.kind === 'word') {
        if (words.length > 0 && stems.has(stem(piece.text, language))) yield piece;
      } else if (maySpellOne(piece)) yield* hitsInRun(piece, runs);
    }
  }

  return {
    mark: (text, language) => {
      const segments: Segment[] = [];
      let end = 0;
      for (const { start, text: found } of hitsIn(text, language)) {
        if (start > end) segments.push({ text: text.slice(end, start), hit: false });
        segments.push({ text: found, hit: true });
        end = start + found.length;
      }
      if (end < text.length) segments.push({ text: text.slice(end), hit: false });
      return segments;
    },
    first: (text, language) => {
      for (const { start } of hitsIn(text, language)) return start;
      return null;
    },
  };
}

/** Of a word that leaves less, nothing is said about how others with its stem begin. */
const SHORTEST_LEFT = 3;
const shortestOf = (stems: Iterable<string>): number => Math.min(...[...stems].map(({ length }) => length));

/** A stretch of a text; `start` counts its UTF-16 units. */
interface Span {
  text: string;
  start: number;
}

/** A word, or a run of characters of a script written without spaces between words. */
interface Piece extends Span {
  kind: 'word' | 'run';
}

/** A base character with its marks. `key` is one form of the many that Unicode has for it. */
interface Character extends Span {
  key: string;
}

/** Numbers in groups of three; else letters, digits and marks, held together by apostrophes, ZWNJ, ZWJ and soft hyphens. */
const WORD =
  /(?<![\p{L}\p{N}])\p{Nd}{1,3}(?:[,\u00a0\u202f]\p{Nd}{3})+(?![\p{L}\p{N}])|[\p{L}\p{N}\p{M}]+(?:['\u2019\u02bc\u200c-\u200d\u00ad]+[\p{L}\p{N}\p{M}]+)*/gu;

/** The same word, where it is known to begin. */
const WORD_HERE = new RegExp(WORD, 'uy');

/** Digits are left to words. */
const RUN = new RegExp(`(?:(?!\\p{Nd})[${WITHOUT_SPACES}]\\p{M}*)+`, 'gu');

/** From Thai on. What is below is written with spaces, and most of what is looked through is below. */
const MAY_HOLD_RUN = /[\u0e00-\u{10ffff}]/u;

function* piecesOf(text: string): Generator<Piece> {
  for (const { 0: stretch, index } of text.matchAll(WORD)) {
    yield* piecesOfStretch(stretch, index);
  }
}

/** The words that begin as `beginnings` says. */
function* wordsFrom(text: string, beginnings: Beginnings): Generator<Piece> {
  for (const start of startsIn(text, beginnings)) {
    WORD_HERE.lastIndex = start;
    const stretch = WORD_HERE.exec(text)?.[0] ?? '';
    for (const piece of piecesOfStretch(stretch, start)) {
      if (piece.kind === 'word') yield piece;
      break;
    }
  }
}

/** Runs, and the words between them. `start` is where the stretch stands. */
function* piecesOfStretch(stretch: string, start: number): Generator<Piece> {
  if (!MAY_HOLD_RUN.test(stretch)) {
    if (stretch !== '') yield { kind: 'word', text: stretch, start };
    return;
  }
  if (!UNUSUAL.test(stretch)) {
    yield { kind: 'run', text: stretch, start };
    return;
  }
  let end = 0;
  for (const { 0: run, index } of stretch.matchAll(RUN)) {
    if (index > end) yield { kind: 'word', text: stretch.slice(end, index), start: start + end };
    yield { kind: 'run', text: run, start: start + index };
    end = index + run.length;
  }
  if (end < stretch.length) yield { kind: 'word', text: stretch.slice(end), start: start + end };
}

/**
 * All but the letters of Chinese and Japanese that have one form. What holds none is one run, and most runs hold none: to see that
 * first makes looking through a Chinese text twice as quick.
 */
const UNUSUAL = /[^\u3041-\u3096\u30a1-\u30fa\u3400-\u4dbf\u4e00-\u9fff]/;

/** Of a run, in their order. */
const charactersOf = ({ text, start }: Span): Character[] =>
  [...text.matchAll(/\P{M}\p{M}*/gu)].map(({ 0: character, index }) => ({
    text: character,
    start: start + index,
    key: uniformCharacters(character),
  }));

/** Without the brackets that a character in brackets (`㈠`) comes apart into. */
const uniformCharacters = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}]/gu, '');
const keysOf = (run: Span): string[] => charactersOf(run).map((character) => character.key);
const pairsOf = (keys: readonly string[]): string[] =>
  keys.flatMap((key, index) => (index === 0 ? [] : [`${keys[index - 1]}${key}`]));
const tokensOfRun = (keys: readonly string[]): string[] => [...pairsOf(keys), ...keys.slice(-1)];

/** The parts of a run that spell one of `wanted`, the longest first where several begin at one place. */
function* hitsInRun(run: Span, wanted: readonly (readonly string[])[]): Generator<Span> {
  const characters = charactersOf(run);
  for (let at = 0; at < characters.length; at += 1) {
    const lengths = wanted
      .filter((word) => word.every((key, offset) => characters[at + offset]?.key === key))
      .map((word) => word.length);
    const found = characters.slice(at, at + Math.max(0, ...lengths));
    const first = found[0];
    if (first === undefined) continue;
    yield { start: first.start, text: found.map(({ text }) => text).join('') };
    at += found.length - 1;
  }
}

/** The pieces of each term: one by itself, or all that stand in one pair of quotation marks. */
function termsOf(query: string): Piece[][] {
  const parts = query.slice(0, MAX_QUERY_CHARACTERS).split(/["«»“”„]/u);
  return parts
    .flatMap((part, index) => {
      const pieces = [...piecesOf(part)].filter(
        (piece) => piece.kind === 'run' || formsOf(piece.text)[0] !== '',
      );
      return index % 2 === 1 && index < parts.length - 1 ? [pieces] : pieces.map((piece) => [piece]);
    })
    .filter((pieces) => pieces.length > 0)
    .slice(0, MAX_QUERY_TERMS);
}

/** One term: a phrase for each way of reading its words, or else the beginning of a token for a single character. */
function matchTerm(pieces: readonly Piece[]): string {
  const readings = pieces.map((piece, index) => readingsOf(piece, index === pieces.length - 1));
  const count = Math.max(...readings.map((forms) => forms.length));
  const phrases = Array.from({ length: count }, (_, way) =>
    readings.flatMap((forms) => forms[Math.min(way, forms.length - 1)] ?? []).join(' '),
  );
  const last = pieces.at(-1);
  const suffix = last?.kind === 'run' && keysOf(last).length === 1 ? '*' : '';
  const matches = [...new Set(phrases)].map((phrase) => `"${phrase}"${suffix}`);
  return matches.length === 1 ? matches.join('') : `(${matches.join(' OR ')})`;
}

/** What a piece may stand for in the index, a list of tokens for each way of reading it. */
function readingsOf(piece: Piece, isLast: boolean): string[][] {
  if (piece.kind === 'word') return formsOf(piece.text).map((form) => [form]);
  const keys = keysOf(piece);
  return [keys.length === 1 || !isLast ? tokensOfRun(keys) : pairsOf(keys)];
}
