import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sqlite } from '../../src/store/sqlite.js';
import { createHighlighter, indexText, tokenize, toMatchQuery } from '../../src/store/tokenizer.js';

/** A search index as the store keeps it, in memory: which of the texts a query finds. */
function finder(texts: readonly (readonly [language: string, text: string])[]) {
  const db = new Sqlite(':memory:');
  db.exec(
    `CREATE VIRTUAL TABLE search USING fts5 (body, content='', tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'")`,
  );
  const insert = db.prepare('INSERT INTO search (rowid, body) VALUES (?, ?)');
  for (const [index, [language, text]] of texts.entries()) insert.run(index, indexText(text, language));
  const find = db.prepare('SELECT rowid FROM search WHERE search MATCH ? ORDER BY rowid').pluck();
  return (query: string): unknown[] => {
    const match = toMatchQuery(query);
    return match === null ? [] : find.all(match);
  };
}

/** The forms that, as a query, do not find a text in which the first of them stands. */
function strangersTo(language: string, forms: string): string[] {
  const [first = '', ...others] = forms.split(' ');
  const find = finder([[language, `… ${first}, 7`]]);
  return others.filter((form) => find(form).length === 0);
}

describe('search', () => {
  it.each([
    'газета газеты газете газету газетой газет газетами',
    'Киев Киева Киеву Киевом Киеве',
    'Ростов Ростова Ростове Ростовом',
    'Песков Пескова Пескову Песковым',
    'журналист журналисты журналистов журналистами',
    'арестованный арестованного арестованы арестованных',
    'ёлка елка ёлку елку',
    'за́мок замок',
    'решение решения решениями',
  ])('finds a Russian word in any form: %s', (forms) => {
    expect(strangersTo('ru', forms)).toEqual([]);
  });

  it.each([
    'газета газети газет газетою газетами газеті',
    'журналіст журналісти журналістів журналістами',
    'Київ Києва Києві Києвом',
    'Харків Харкова Харкові Харковом',
    'Львів Львова Львові',
    'незалежність незалежності незалежністю',
    'арештували арештував арештувати арештований арештовано',
    'книга книги книзі книгою',
    'рішення рішенню рішень рішеннями',
    'сім’я сім’ї сім’єю сімʼя',
    "п'ять п’ять пʼять",
    'рік року роки років роком',
    'українська українські українського українською',
    'люди людей людьми людям',
  ])('finds a Ukrainian word in any form: %s', (forms) => {
    expect(strangersTo('uk', forms)).toEqual([]);
  });

  it.each([
    'газета газеты газетай газет',
    'журналісты журналістаў журналістам журналіст',
    'Магілёў Магілёва Магілёве',
    'беларускага беларускі беларускія беларускай',
    'арыштавалі арыштаваў арыштаваны',
  ])('finds a Belarusian word in any form: %s', (forms) => {
    expect(strangersTo('be', forms)).toEqual([]);
  });

  it.each([
    'newspaper newspapers newspaper’s Newspapers',
    'mirrored mirror mirrors mirroring',
    'policies policy',
    'café cafe CAFÉ',
  ])('finds an English word in any form: %s', (forms) => {
    expect(strangersTo('en', forms)).toEqual([]);
  });

  it.each([
    'کتاب كتاب کتاب‌ها کتابها کتاب‌های',
    'آزادی ازادی آزادي',
    'خانه خانهٔ خانه‌ی',
    'مُحَمَّد محمد محمـد',
    'سؤال سوال',
    '۱۴۰۴ ١٤٠٤ 1404',
  ])('finds a Persian or Arabic word however its letters are typed: %s', (forms) => {
    expect(strangersTo('fa', forms)).toEqual([]);
  });

  it('tells words apart that only begin alike', () => {
    expect(strangersTo('ru', 'газета газон')).toEqual(['газон']);
    expect(strangersTo('uk', 'суддя сусід')).toEqual(['сусід']);
    expect(strangersTo('en', 'mirror mirage')).toEqual(['mirage']);
    expect(strangersTo('fa', 'کتاب کباب')).toEqual(['کباب']);
  });

  it('finds Chinese words of one, two and more characters, and only where they stand together', () => {
    const find = finder([
      ['zh', '法院昨天宣布了判决，记者没有被允许进入。'],
      ['zh', '北京市的报纸今天没有出版。'],
      ['zh', '他走到京北的市场。'],
    ]);
    expect(find('判决')).toEqual([0]);
    expect(find('北京市')).toEqual([1]);
    expect(find('北京')).toEqual([1]);
    expect(find('市')).toEqual([1, 2]);
    expect(find('版')).toEqual([1]);
    expect(find('记者 判决')).toEqual([0]);
    expect(find('记者判决')).toEqual([]);
  });

  it('finds words of Japanese, Korean, Burmese and Thai texts', () => {
    const find = finder([
      ['ja', '新聞は毎朝ラーメン屋に届く。'],
      ['ko', '신문은 아침에 도착한다.'],
      ['my', 'သတင်းစာသည် မနက်တိုင်း ရောက်လာသည်။'],
      ['th', 'หนังสือพิมพ์มาถึงทุกเช้า'],
    ]);
    expect(find('ラーメン')).toEqual([0]);
    expect(find('신문')).toEqual([1]);
    expect(find('သတင်းစာ')).toEqual([2]);
    expect(find('หนังสือพิมพ์')).toEqual([3]);
  });

  it('finds numbers however they are grouped, and names in the letters of another script', () => {
    const find = finder([
      ['ru', 'Страница весит 8\u00a0192 байта, а Moscow Times читают на iPhone.'],
      ['en', 'A page of 8,192 bytes loads under COVID-19 rules.'],
      ['zh', '2026年的iPhone版'],
      ['en', 'Рhotos of the week'],
    ]);
    expect(find('8192')).toEqual([0, 1]);
    expect(find('8,192 bytes')).toEqual([1]);
    expect(find('iphones')).toEqual([0, 2]);
    expect(find('2026')).toEqual([2]);
    expect(find('covid-19')).toEqual([1]);
    expect(find('photo')).toEqual([3]);
  });

  it('finds a word in an article whose language is not the query’s', () => {
    const find = finder([
      ['uk', 'Журналісти повідомили про рішення суду.'],
      ['ru', 'Журналисты сообщили о решении суда.'],
      ['be', 'Журналісты паведамілі пра рашэнне суда.'],
      ['bg', 'Съдът обяви решението.'],
    ]);
    expect(find('суд')).toEqual([0, 1, 2]);
    expect(find('журналіст')).toEqual([0, 2]);
    expect(find('решението')).toEqual([3]);
  });

  it('keeps the order of words in quotation marks and nowhere else', () => {
    const find = finder([
      ['ru', 'Новая газета вышла в четверг.'],
      ['ru', 'Газета вышла новая, но тонкая.'],
      ['uk', 'Нова газета вийшла в четвер.'],
      ['zh', '我在2026年的北京。'],
    ]);
    expect(find('газета новая')).toEqual([0, 1, 2]);
    expect(find('"новой газеты"')).toEqual([0]);
    expect(find('«нової газети»')).toContain(2);
    expect(find('«газети нової»')).toEqual([]);
    expect(find('"我在 2026 年"')).toEqual([3]);
  });

  it('finds a Turkish name before its apostrophe', () => {
    const find = finder([['tr', 'Gazeteciler Türkiye’nin başkenti Ankara’da toplandı.']]);
    expect(find('Türkiye')).toEqual([0]);
    expect(find("ankara'ya")).toEqual([0]);
  });
});

describe('toMatchQuery', () => {
  it('answers null where there is nothing to look for', () => {
    const empty = ['', '   ', '"', '""', '*', '!?', '«»', '\u200c'].filter(
      (query) => toMatchQuery(query) !== null,
    );
    expect(empty).toEqual([]);
  });

  it('never fails in SQLite, whatever is typed', () => {
    const find = finder([['en', 'nothing']]);
    const parts = [
      '"',
      '*',
      'AND',
      'NOT',
      'NEAR(',
      ')',
      ':',
      '^',
      'body',
      '-',
      'a',
      'слово',
      '中',
      '«',
      '\u0000',
      "'",
    ];
    const typed = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...parts)).map((words) => words.join(' ')),
    );
    fc.assert(
      fc.property(typed, (query) => {
        find(query);
      }),
      { numRuns: 500 },
    );
  });

  it('bounds what a query may cost', () => {
    expect((toMatchQuery('слово '.repeat(1_000)) ?? '').split(' AND ')).toHaveLength(12);
    expect((toMatchQuery(`"${'слово '.repeat(1_000)}"`) ?? '').length).toBeLessThan(1_500);
  });
});

describe('tokenize', () => {
  it('gives tokens that hold no separator, so that SQLite cuts where we cut', () => {
    const languages = fc.constantFrom('ru', 'en', 'fa', 'zh', 'tr', 'x-?');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), languages, (text, language) => {
        for (const token of tokenize(text, language)) expect(token).toMatch(/^[\p{L}\p{N}\p{M}]+$/u);
      }),
      { numRuns: 500, examples: [['㈠', 'ru']] },
    );
  });
});

const highlight = (text: string, query: string, language: string) =>
  createHighlighter(query).mark(text, language);

describe('highlight', () => {
  const marked = (text: string, query: string, language: string) =>
    highlight(text, query, language)
      .map((segment) => (segment.hit ? `[${segment.text}]` : segment.text))
      .join('');

  it('marks the words found, in whatever form they stand', () => {
    expect(marked('Новые газеты вышли в Киеве.', 'газета Киев', 'ru')).toBe(
      'Новые [газеты] вышли в [Киеве].',
    );
    expect(marked('Журналісти чекали на рішення суду.', 'суд', 'uk')).toBe(
      'Журналісти чекали на рішення [суду].',
    );
    expect(marked('The newspaper’s mirrors', '"mirrored newspapers"', 'en')).toBe(
      'The [newspaper’s] [mirrors]',
    );
    expect(marked('این کتاب‌ها تازه است', 'كتاب', 'fa')).toBe('این [کتاب‌ها] تازه است');
  });

  it('marks parts of a text without spaces', () => {
    expect(marked('北京市的报纸在北京。', '北京', 'zh')).toBe('[北京]市的报纸在[北京]。');
    expect(marked('记者记', '记者 记', 'zh')).toBe('[记者][记]');
    expect(marked('2026年的iPhone版', '年 iphone', 'zh')).toBe('2026[年]的[iPhone]版');
  });

  it('marks nothing where nothing is asked', () => {
    expect(highlight('Some text.', '', 'en')).toEqual([{ text: 'Some text.', hit: false }]);
    expect(highlight('', 'text', 'en')).toEqual([]);
  });

  it('leaves no word out for how it begins: it marks what stemming every word of the text would find', () => {
    const letters = 'абвгеєжзиіїйконсцчшьёуў' + 'abcehikmopstuxyzsı' + 'رکدانهيی' + "\u0301\u0306'’5ŁéКНЙ";
    const roots = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 4 });
    const endings = fc.constantFrom('', 'а', 'ой', 'ів', 'ь', 'ся', 's', 'ed', 'ies', 'ها', 'های');
    const root = fc.uniqueArray(roots, { minLength: 2, maxLength: 2 });
    const words = fc.array(fc.tuple(fc.nat(1), endings), { minLength: 2, maxLength: 6 });
    let met = 0;
    fc.assert(
      fc.property(
        root,
        words,
        fc.constantFrom(' ', ', ', '\u00a0', '-'),
        fc.constantFrom('en', 'ru', 'uk', 'be', 'kk', 'tr', 'fa'),
        (both, parts, between, language) => {
          const [query = '', ...others] = parts.map(([which, ending]) => `${both[which]}${ending}`);
          const text = others.join(between);
          const wanted = new Set(
            ['en', 'ru', 'uk', 'be', 'kk', 'tr'].flatMap((read) => tokenize(query, read)),
          );
          const found = tokenize(text, language).filter((token) => wanted.has(token));
          const hits = highlight(text, query, language).filter(({ hit }) => hit);
          met += found.length;
          expect(hits, `${query} in ${text} (${language})`).toHaveLength(found.length);
        },
      ),
      { numRuns: 3_000 },
    );
    expect(met).toBeGreaterThan(300);
  });

  it('says where the first of the words stands', () => {
    const first = (text: string, query: string) => createHighlighter(query).first(text, 'uk');
    expect(first('Журналісти чекали на рішення суду.', 'суд рішень')).toBe(21);
    expect(first('В Одесі', 'Одеса')).toBe(2);
    expect(first('北京的报纸', '报纸')).toBe(3);
    expect(first('Нічого', 'щось')).toBeNull();
  });

  it('gives back the text, whatever it is', () => {
    const strings = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(strings, strings, (text, query) => {
        const segments = highlight(text, `${query} ${text.slice(0, 5)}`, 'ru');
        expect(segments.map((segment) => segment.text).join('')).toBe(text);
      }),
    );
  });
});
