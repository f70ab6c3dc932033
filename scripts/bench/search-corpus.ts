import { join } from 'node:path';
import type { Config } from '../../src/config/config.js';
import { openDatabase } from '../../src/store/database.js';
import { openStore } from '../../src/store/store.js';
import { indexText } from '../../src/store/tokenizer.js';
import { mulberry32 } from './stand-in.js';

const LANGUAGES = ['ru', 'en', 'uk', 'fa', 'zh'] as const;
type Language = (typeof LANGUAGES)[number];

const LETTERS: Readonly<Record<Language, string>> = {
  ru: 'оеаинтсрвлкмдпуяыьгзбчй',
  en: 'etaoinshrdlcumwfgypbvk',
  uk: 'оаинтісвредкулпьмяїєґзб',
  fa: 'ایرندهمتوسبلکشزفگعخقپچ',
  zh: [...Array(600).keys()].map((index) => String.fromCodePoint(0x4e00 + index * 7)).join(''),
};
const VOCABULARY = 20_000;
const WORDS_OF_ARTICLE = 300;
const WORDS_OF_TITLE = 8;
const HOUR_MS = 3_600_000;
const IN_ONE_TRANSACTION = 1_000;

/** Words of each language by their rank; the word of rank n stands some 1/n as often as the first one (Zipf). */
function vocabularies(): Record<Language, string[]> {
  const random = mulberry32(7);
  return Object.fromEntries(
    LANGUAGES.map((language) => {
      const letters = [...LETTERS[language]];
      const letter = () => letters[Math.floor(random() * letters.length)] ?? '';
      const length = () => (language === 'zh' ? 2 : 4) + Math.floor(random() * (language === 'zh' ? 2 : 6));
      return [
        language,
        Array.from({ length: VOCABULARY }, () => Array.from({ length: length() }, letter).join('')),
      ];
    }),
  ) as Record<Language, string[]>;
}

/** What people may ask: a common word, a rare one, two common, a common with a rare one, two in a row, in each language. */
export function searchQuestions(count: number): { kind: string; query: string }[] {
  const words = vocabularies();
  const random = mulberry32(11);
  const pick = (language: Language, from: number, to: number) =>
    words[language][from + Math.floor(random() * (to - from))] ?? '';
  const common = (language: Language) => pick(language, 0, 40);
  const rare = (language: Language) => pick(language, 5_000, VOCABULARY);
  const kinds: [string, (language: Language) => string][] = [
    ['common', common],
    ['rare', rare],
    ['two common', (language) => `${common(language)} ${common(language)}`],
    ['common and rare', (language) => `${common(language)} ${rare(language)}`],
    ['phrase', (language) => `"${common(language)} ${common(language)}"`],
  ];
  return Array.from({ length: count }, (_, index) => {
    const [kind, make] = kinds[Math.floor(index / LANGUAGES.length) % kinds.length] ?? ['common', common];
    return { kind, query: make(LANGUAGES[index % LANGUAGES.length] ?? 'en') };
  });
}

/**
 * Stores and indexes `count` articles of made-up words in five languages, an hour apart and older than what is there. Straight into
 * the store: nothing is rendered, and each word is stemmed once.
 */
export function fillSearch(config: Config, count: number, onThousand: (done: number) => void): void {
  const file = join(config.home, 'tamizdat.sqlite');
  const words = vocabularies();
  const random = mulberry32(3);
  const stems = new Map<string, string>();
  const stemOf = (word: string, language: string): string => {
    const known = stems.get(word) ?? indexText(word, language);
    stems.set(word, known);
    return known;
  };
  const text = (language: Language, length: number): string =>
    Array.from(
      { length },
      () => words[language][Math.floor(VOCABULARY ** random()) - 1] ?? words[language][0] ?? '',
    ).join(' ');

  const db = openDatabase(file);
  db.pragma('synchronous = OFF');
  // What an earlier run stored and did not index any more.
  db.exec(
    "DELETE FROM article WHERE stable_id LIKE '8%' AND id NOT IN (SELECT article_id FROM search_place)",
  );
  const begun = (
    db.prepare("SELECT count(*) AS n FROM article WHERE stable_id LIKE '8%'").get() as { n: number }
  ).n;
  const pattern = db
    .prepare('SELECT publisher_id AS publisherId, published_at AS at FROM article LIMIT 1')
    .get() as {
    publisherId: string;
    at: number;
  };
  const insert = db.prepare(
    `INSERT INTO article (publisher_id, stable_id, key, url, language, direction, title, subtitle, summary, authors, published_at,
       tags, kind, content, words, origin, revision, taken_at, page_state, earlier)
     VALUES (?, ?, CAST(printf('%016d', ?) AS BLOB), ?, ?, ?, ?, '', '', '[]', ?, '[]', 'article', ?, ${WORDS_OF_ARTICLE}, 'page', 1, ?, 'none', '[]')`,
  );
  const store = openStore(file, {
    tokenizer: {
      indexText: (plain, language) =>
        plain
          .split(' ')
          .map((word) => stemOf(word, language))
          .join(' '),
    },
  });
  try {
    for (let done = begun; done < count; done += IN_ONE_TRANSACTION) {
      const entries = Array.from({ length: Math.min(IN_ONE_TRANSACTION, count - done) }, (_, index) => {
        const number = done + index;
        const language = LANGUAGES[number % LANGUAGES.length] ?? 'en';
        const at = pattern.at - (number + 1) * HOUR_MS;
        return {
          number,
          language,
          at,
          title: text(language, WORDS_OF_TITLE),
          body: text(language, WORDS_OF_ARTICLE),
        };
      });
      const ids = db.transaction(() =>
        entries.map(({ number, language, at, title, body }) =>
          Number(
            insert.run(
              pattern.publisherId,
              `8${number}`,
              number,
              `http://bench.invalid/8${number}`,
              language,
              language === 'fa' ? 'rtl' : 'ltr',
              title,
              at,
              `<p>${body}</p>`,
              at,
            ).lastInsertRowid,
          ),
        ),
      )();
      store.transaction(() => {
        for (const [index, { language, at, title, body }] of entries.entries())
          store.search.put({
            articleId: ids[index] ?? 0,
            publisherId: pattern.publisherId,
            publishedAt: at,
            title,
            body,
            language,
          });
      });
      onThousand(done + entries.length);
    }
    store.checkpoint();
  } finally {
    store.close();
    db.close();
  }
}
