/**
 * Letters that may stand first or second in words with one stem, those together that the rules of word-stem.ts may turn into each
 * other, that are twins in two alphabets, or that a mark makes of each other (`и` and `й`). Of letters that are not named nothing
 * is known: those of the Arabic script that have several forms, accented ones.
 */
const ALIKE = [
  ...['aа', 'eoiyıеоіїєёуў', 'ий'],
  ...['bв', 'cс', 'hн', 'jј', 'kк', 'mм', 'pр', 'sѕ', 'tт', 'xх'],
  ...'udfglnqrvwzыэюябгджзлпфцчшщьъ',
  ...'بپتثجچحخدذرزژسشصضطظعغفقگلمن',
];
/** Scripts written without spaces, as in a class of letters: Chinese, Japanese, Korean (whose particles cling to the word), Thai, Lao, Khmer, Burmese, Tibetan. */
export const WITHOUT_SPACES =
  '\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{scx=Hang}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}\\p{sc=Tibt}';
/** No rule changes more of a word so long. */
const SHORTEST = 3;

/** What a UTF-16 unit is to a word. From ALIKE_FROM on: a letter, and which others it is like. */
const OUTSIDE = 0;
const JOINS = 1;
const DIGIT = 2;
const UNKNOWN = 3;
const ALIKE_FROM = 4;

let kinds: Uint8Array | null = null;

/** 64 KB, made when a text is first looked through. */
function kindsOfUnits(): Uint8Array {
  if (kinds !== null) return kinds;
  kinds = new Uint8Array(0x10000);
  const ofWord = new RegExp(`^(?:\\p{Nd}|(?![${WITHOUT_SPACES}])[\\p{L}\\p{N}\\p{M}\\p{Cs}])`, 'u');
  for (let unit = 0; unit < kinds.length; unit += 1)
    if (ofWord.test(String.fromCharCode(unit))) kinds[unit] = UNKNOWN;
  const give = (letters: string, kind: number) => {
    for (const letter of letters) (kinds as Uint8Array)[letter.charCodeAt(0)] = kind;
  };
  ALIKE.forEach((letters, index) => {
    give(`${letters}${letters.toUpperCase()}`, ALIKE_FROM + index);
  });
  give('0123456789', DIGIT);
  // As in the words of tokenizer.ts.
  give("'\u2019\u200c\u200d\u00ad", JOINS);
  return kinds;
}

/** First and second letters of words, by their kinds, in one number each; a second one of 0 is any. */
export type Beginnings = ReadonlySet<number>;

/**
 * How words begin that may share a stem with one of `words`, in any language. Null where they may begin in any way: something is asked
 * for that is short, or begins with a digit or a letter of which nothing is known.
 */
export function beginningsOf(words: readonly string[]): Beginnings | null {
  const kindOf = (word: string, at: number): number => kindsOfUnits()[word.charCodeAt(at)] ?? OUTSIDE;
  if (words.some((word) => word.length < SHORTEST || kindOf(word, 0) < ALIKE_FROM)) return null;
  return new Set(
    words.map((word) => {
      const second = kindOf(word, 1);
      return kindOf(word, 0) * 256 + (second < ALIKE_FROM ? 0 : second);
    }),
  );
}

/**
 * Where words begin that may share a stem with those that `wanted` was made of. Most words begin otherwise, and to see that takes a
 * hundredth of the time of stemming them. Runs of a script without spaces lie between words.
 */
export function* startsIn(text: string, wanted: Beginnings): Generator<number> {
  const kindOf = kindsOfUnits();
  const firsts = new Set([...wanted].map((pair) => pair >> 8));
  let inside = false;
  for (let at = 0; at < text.length; at += 1) {
    const first = kindOf[text.charCodeAt(at)] ?? OUTSIDE;
    if (first === OUTSIDE) inside = false;
    if (first <= JOINS || inside) continue;
    inside = true;
    if (first === UNKNOWN) yield at;
    if (!firsts.has(first)) continue;
    const second = kindOf[text.charCodeAt(at + 1)] ?? OUTSIDE;
    const may = second < ALIKE_FROM ? second !== OUTSIDE : wanted.has(first * 256 + second);
    if (may || wanted.has(first * 256)) yield at;
  }
}
