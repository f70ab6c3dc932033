import { describe, expect, it } from 'vitest';
import type { Messages } from '../../src/render/messages/every-word.js';
import { count, fill, formatBytes, MESSAGES, uiLanguage } from '../../src/render/messages.js';
import { SAFETY_WORDS } from '../../src/render/safety-notes.js';
import type { UiLanguage } from '../../src/render/views.js';

const LANGUAGES = Object.keys(MESSAGES) as UiLanguage[];
const OTHERS = LANGUAGES.filter((language) => language !== 'en');

/** Phrases that are meant to be the same as in English: signs, units and names that do not change. */
const MEANT: Readonly<Record<string, readonly UiLanguage[]>> = {
  separator: ['ru', 'uk', 'zh'],
  kilobytes: ['zh'],
  megabytes: ['zh'],
  'zones.UTC': ['ru', 'uk'],
};

/** Every phrase of a tree with its path. Plural forms stand under `…one`, `…other`. */
function phrases(tree: unknown, path = ''): [string, string][] {
  if (typeof tree === 'string') return [[path, tree]];
  return Object.entries(tree as object).flatMap(([key, value]) =>
    phrases(value, path === '' ? key : `${path}.${key}`),
  );
}

const isPluralForm = (path: string) => /\.(?:zero|one|two|few|many|other)$/.test(path);
const slots = (phrase: string) => [...phrase.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

const trees = (language: UiLanguage) => ({ ...MESSAGES[language], safetyWords: SAFETY_WORDS[language] });

describe('messages', () => {
  it.each(LANGUAGES)('leave nothing empty in %s', (language) => {
    expect(phrases(trees(language)).filter(([, phrase]) => phrase.trim() === '')).toEqual([]);
  });

  it.each(OTHERS)('say nothing in English in %s unless that is meant', (language) => {
    const english = new Map(phrases(trees('en')));
    const same = phrases(trees(language)).filter(
      ([path, phrase]) => english.get(path) === phrase && !MEANT[path]?.includes(language),
    );
    expect(same).toEqual([]);
  });

  it.each(OTHERS)('have every phrase of English in %s, with the same slots', (language) => {
    const own = new Map(phrases(trees(language)));
    for (const [path, phrase] of phrases(trees('en'))) {
      if (isPluralForm(path)) continue;
      expect(own.has(path), path).toBe(true);
      expect(slots(own.get(path) ?? ''), path).toEqual(slots(phrase));
    }
  });

  it.each(LANGUAGES)('have every plural form that %s needs', (language) => {
    const m = MESSAGES[language];
    const needed = new Intl.PluralRules(m.locale).resolvedOptions().pluralCategories;
    const plurals = [m.pictures, m.article.changes, m.changes.omitted, m.search.found];
    for (const forms of plurals) expect(Object.keys(forms).sort()).toEqual([...needed].sort());
  });
});

describe('count', () => {
  const pictures = (m: Messages, n: number) => count(m, m.pictures, n);

  it('takes the right Russian and Ukrainian forms', () => {
    expect([1, 2, 5, 11, 21, 22, 25].map((n) => pictures(MESSAGES.ru, n))).toEqual([
      '1 снимок',
      '2 снимка',
      '5 снимков',
      '11 снимков',
      '21 снимок',
      '22 снимка',
      '25 снимков',
    ]);
    expect([1, 3, 14, 31].map((n) => pictures(MESSAGES.uk, n))).toEqual([
      '1 знімок',
      '3 знімки',
      '14 знімків',
      '31 знімок',
    ]);
  });

  it('writes numbers in Persian digits', () => {
    expect(pictures(MESSAGES.fa, 18)).toBe('۱۸ عکس');
  });
});

describe('formatBytes', () => {
  it('rounds to kilobytes of 1,024, never below one', () => {
    const { en } = MESSAGES;
    expect([0, 700, 8192, 41_000].map((bytes) => formatBytes(en, bytes))).toEqual([
      '1\u00a0KB',
      '1\u00a0KB',
      '8\u00a0KB',
      '40\u00a0KB',
    ]);
  });

  it('speaks of megabytes from there on, with the decimal mark of the language', () => {
    expect(formatBytes(MESSAGES.en, 1_500_000)).toBe('1.4\u00a0MB');
    expect(formatBytes(MESSAGES.ru, 1_500_000)).toBe('1,4\u00a0МБ');
  });
});

describe('fill', () => {
  it('leaves an unknown slot and does not fill what it has put in', () => {
    expect(fill('{a} {b}', { a: '{b}' })).toBe('{b} {b}');
  });
});

describe('uiLanguage', () => {
  it.each([
    ['ru', 'ru'],
    ['zh-Hant-TW', 'zh'],
    ['fa_IR', 'fa'],
    ['EN-us', 'en'],
    ['be', 'ru'],
    ['prs', 'fa'],
    ['my', 'en'],
    ['constructor', 'en'],
    ['', 'en'],
  ])('borrows for %s the words of %s', (tag, expected) => {
    expect(uiLanguage(tag)).toBe(expected);
  });
});
