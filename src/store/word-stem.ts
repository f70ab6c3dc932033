// @ts-expect-error the package ships no types; `Stemmers` says what is used of it
import snowball from 'snowball-stemmers';

interface Stemmers {
  newStemmer(algorithm: 'russian' | 'english'): { stem(word: string): string };
}
const { newStemmer } = snowball as Stemmers;
const russian = newStemmer('russian');
const english = newStemmer('english');

/** One language for every way in which `stem` can treat a word: `kk` stands for plain Cyrillic, `tr` for plain Latin. */
const READINGS = ['en', 'ru', 'uk', 'be', 'kk', 'tr'] as const;

/**
 * What a word of a query may stand for in the index: one form for each language whose stemmer may have been at work, in the
 * order of the same list for every word, so that the n-th forms of a phrase's words belong together.
 */
export function formsOf(word: string): string[] {
  const forms = READINGS.map((language) => stem(word, language));
  return new Set(forms).size === 1 ? forms.slice(0, 1) : forms;
}

/** Words repeat: a memory of these makes indexing Russian some ten times faster than stemming each one. Per language, 2.5 MB each where it is full. */
const MAX_REMEMBERED = 20_000;
const MAX_LANGUAGES_REMEMBERED = 12;
const remembered = new Map<string, Map<string, string>>();
/** A publisher may call its languages anything. */
const MAX_LANGUAGES = 100;

/** The token of one word: its stem where there is a stemmer for its script and language, else its letters made uniform. */
export function stem(word: string, language: string): string {
  const words = wordsOf(language);
  const known = words.get(word);
  if (known !== undefined) return known;
  if (words.size >= MAX_REMEMBERED) words.clear();
  const stemmed = stemAnew(word, language);
  words.set(word, stemmed);
  return stemmed;
}

function wordsOf(language: string): Map<string, string> {
  const known = remembered.get(language);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_LANGUAGES_REMEMBERED) remembered.clear();
  const words = new Map<string, string>();
  remembered.set(language, words);
  return words;
}

function stemAnew(word: string, language: string): string {
  const letters = withoutTwins(uniform(word));
  if (/\p{sc=Cyrl}/u.test(letters)) return stemCyrillic(letters, language);
  if (/\p{sc=Arab}/u.test(letters)) return stemArabicScript(letters);
  if (/\p{sc=Latn}/u.test(letters)) return stemLatin(letters, language);
  return letters.replaceAll("'", '');
}

// --- Letters made uniform

/** Zeros of the decimal digits met: Arabic, Persian, Devanagari, Bengali, Thai, Lao, Tibetan, Burmese, Khmer. */
const ZEROS = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xed0, 0xf20, 0x1040, 0x17e0];

/** NFKC, lower case, ASCII digits and apostrophe; without soft hyphens, joiners and the marks between a number's groups. */
function uniform(word: string): string {
  const grouped = /^\p{Nd}/u.test(word) ? word.replace(/[,\u00a0\u202f]/gu, '') : word;
  return grouped
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u00ad\u200c-\u200d\u0640]/gu, '')
    .replace(/[\u2019\u02bc]/gu, "'")
    .replace(/(?![0-9])\p{Nd}/gu, asciiDigit)
    .replace(/[^\p{L}\p{N}\p{M}']/gu, '');
}

function asciiDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0;
  const zero = ZEROS.find((start) => point >= start && point < start + 10);
  return zero === undefined ? digit : String(point - zero);
}

const LATIN_TWINS = 'aeopcyxkmhtbijs';
const CYRILLIC_TWINS = 'аеорсухкмнтвіјѕ';

/** A word in two alphabets is a slip of the keyboard (a Cyrillic Er in "Рhotos"): it is read in the one that has most letters. */
function withoutTwins(word: string): string {
  const latin = word.match(/\p{sc=Latn}/gu)?.length ?? 0;
  const cyrillic = word.match(/\p{sc=Cyrl}/gu)?.length ?? 0;
  if (latin === 0 || cyrillic === 0) return word;
  const [from, to] = latin >= cyrillic ? [CYRILLIC_TWINS, LATIN_TWINS] : [LATIN_TWINS, CYRILLIC_TWINS];
  return word.replace(/./gu, (letter) => to[from.indexOf(letter)] ?? letter);
}

// --- Latin

/** English also for names in a text of another script; other languages in Latin letters are only made uniform. */
function stemLatin(word: string, language: string): string {
  const script = scriptOf(language);
  if (script !== 'Latn' || primaryOf(language) === 'en') {
    return foldLatin(english.stem(word).replaceAll("'", ''));
  }
  // Turkic languages put the endings of a name behind an apostrophe.
  return foldLatin(word.replace(/(?<=^.{3,})'.{1,6}$/u, '').replaceAll("'", ''));
}

const FOLDED: Readonly<Record<string, string>> = {
  ı: 'i',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
};

const foldLatin = (word: string): string =>
  word
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[ıłøđðßæœ]/gu, (letter) => FOLDED[letter] ?? letter);

// --- Arabic script

/** One letter for each that Arabic and Persian keyboards write in two ways, hamza on its bearer, and no vowel signs. */
function stemArabicScript(word: string): string {
  const letters = word
    .replace(/[\p{M}']/gu, '')
    .replace(/[ىيئ]/gu, 'ی')
    .replace(/ك/gu, 'ک')
    .replace(/[أإآٱ]/gu, 'ا')
    .replace(/ؤ/gu, 'و')
    .replace(/[ةۀە]/gu, 'ه')
    .replace(/(?<=.)ء/gu, '');
  // Persian's plural, which people write apart, with ZWNJ or joined, and the ezafe after a final he.
  return letters
    .replace(/(?<=^.{2,})ها(?:ی|یی|یم|یت|یش|یمان|یتان|یشان)?$/u, '')
    .replace(/(?<=^.{3,}ه)ی$/u, '');
}

// --- Cyrillic

/** Letters that one language has and the others have not decide against the article's language: a quote, a name, a mixed text. */
function stemCyrillic(word: string, language: string): string {
  const letters = word.replace(/[\u0300\u0301']/gu, '').replaceAll('ё', 'е');
  const primary = primaryOf(language);
  if (/[әғқңөұүһҷҳӯғӣ]/u.test(letters)) return letters;
  if (/ў/u.test(letters)) return lightStem(letters, BELARUSIAN);
  if (/[їєґ]/u.test(letters)) return lightStem(letters, UKRAINIAN);
  if (primary === 'be') return lightStem(letters, BELARUSIAN);
  if (/і/u.test(letters) && primary !== 'kk') return lightStem(letters, UKRAINIAN);
  if (primary === 'uk' && !/[ыэъ]/u.test(letters)) return lightStem(letters, UKRAINIAN);
  return scriptOf(language) === 'Cyrl' && !['ru', 'uk'].includes(primary) ? letters : stemRussian(letters);
}

/** Snowball takes the end of a name in -ов or -ев for an ending in the nominative only; so it is taken off in every case. */
function stemRussian(word: string): string {
  const short = (text: string): boolean => text.length < 3;
  const stemmed = russian.stem(word);
  const whole = short(stemmed) ? word : stemmed;
  const withoutName = whole.replace(/[ое]в$/u, '');
  return short(withoutName) ? whole : withoutName;
}

interface LightRules {
  /** Endings of nouns, adjectives and verbs; the longest that leaves a stem is taken off. */
  endings: ReadonlySet<string>;
  /** What is still different between forms of one word. */
  even: (stem: string) => string;
}

const endings = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** The package has no Ukrainian; forms of one word meeting matters here, not that a stem is a word. */
const UKRAINIAN: LightRules = {
  endings: endings(
    'а я о е є и і ї у ю ь ' +
      'ів їв ей ам ям ом ем єм ах ях ою ею єю ами ями ьми ові еві єві ' +
      'ий ій ого ього ому ьому им їм іх их їх ими їми ої їй ' +
      'ати яти ити іти їти ає яє ує ює еш иш ить їть ать ять ють уть ав яв ив ала яла ила али яли или ало яло ило ' +
      'ують юють ував ював увала ювала ували ювали увати ювати ування ювання ' +
      'ований ована оване овані ованого ованих ованим ованому ованої овану овано',
  ),
  even: (stem) =>
    stem
      .replace(/ь$/u, '')
      .replace(/(\p{L})\1$/u, '$1')
      .replace(/(?<=[бпвмф])л$/u, '')
      .replace(/[іїоеє](?=[^аеєиіїоуюя]*$)/u, 'о')
      .replace(/(?<=[аеєиіїоуюя].+)ов$/u, '')
      .replace(/[зж]$/u, 'г')
      .replace(/[цч]$/u, 'к')
      .replace(/[сш]$/u, 'х'),
};

const BELARUSIAN: LightRules = {
  endings: endings(
    'а я о е э ы і у ю ь ' +
      'аў яў оў еў ей эй ам ям ом ем эм ах ях ой ай яй ою аю яю амі ямі ьмі ' +
      'ага яга аму яму ым ім ых іх ымі імі ая яя ую юю ое ае яе ыя ія ' +
      'аць яць іць ыць уць юць еш эш аеш ае яе іў ыў ала яла іла ыла алі ялі ілі ылі ' +
      'авалі авала аваў аваць аванне аваны аваная аваныя аванага уе уюць',
  ),
  even: (stem) =>
    stem
      .replace(/ь$/u, '')
      .replace(/ў$/u, 'в')
      .replace(/(\p{L})\1$/u, '$1')
      .replace(/(?<=[аеіоуыэюя].+)[аое]в$/u, ''),
};

const LONGEST_ENDING = 7;

function lightStem(word: string, { endings, even }: LightRules): string {
  const bare = word.length > 6 ? word.replace(/(?:ся|сь|ца)$/u, '') : word;
  for (let length = Math.min(LONGEST_ENDING, bare.length - 3); length > 0; length -= 1) {
    const kept = bare.slice(0, -length);
    if (endings.has(bare.slice(-length)) && /[аеєиіїоуыэюя]/u.test(kept)) return even(kept);
  }
  return even(bare);
}

// --- Languages

const primaryOf = (language: string): string => language.toLowerCase().split('-', 1)[0] ?? '';

/** ISO 15924 code of the script a language is usually written in; empty where the tag says nothing. */
const scripts = new Map<string, string>();

/** Asked for each word that is stemmed, and far slower to find than to remember. */
function scriptOf(language: string): string {
  const known = scripts.get(language);
  if (known !== undefined) return known;
  const script = findScript(language);
  if (scripts.size < MAX_LANGUAGES) scripts.set(language, script);
  return script;
}

function findScript(language: string): string {
  try {
    return new Intl.Locale(language).maximize().script ?? '';
  } catch {
    return '';
  }
}
