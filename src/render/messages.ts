import { en } from './messages/en.js';
import type { Messages } from './messages/every-word.js';
import { fa } from './messages/fa.js';
import { ru } from './messages/ru.js';
import { uk } from './messages/uk.js';
import type { Plural } from './messages/words.js';
import { zh } from './messages/zh.js';
import type { UiLanguage } from './views.js';

export const MESSAGES: Readonly<Record<UiLanguage, Messages>> = { en, ru, uk, fa, zh };

export type Slots = Readonly<Record<string, string>>;

/** Puts values into the `{slots}` of a phrase; an unknown slot stays as it is. */
export function fill(phrase: string, slots: Slots): string {
  return phrase.replace(/\{(\w+)\}/g, (whole, name: string) => slots[name] ?? whole);
}

const numbers = new Map<string, Intl.NumberFormat>();
const rules = new Map<string, Intl.PluralRules>();

/** A whole number, or one with at most one decimal, in the language's digits. */
export function formatNumber(m: Messages, n: number): string {
  let format = numbers.get(m.locale);
  if (format === undefined) {
    format = new Intl.NumberFormat(m.locale, { maximumFractionDigits: 1 });
    numbers.set(m.locale, format);
  }
  return format.format(n);
}

/** The plural form for `n`, with the number put in for `{n}`. */
export function count(m: Messages, forms: Plural, n: number): string {
  let rule = rules.get(m.locale);
  if (rule === undefined) {
    rule = new Intl.PluralRules(m.locale);
    rules.set(m.locale, rule);
  }
  return fill(forms[rule.select(n)] ?? forms.other, { n: formatNumber(m, n) });
}

/** `4 KB`, `1.2 MB`: bytes in units of 1,024, never less than 1 KB. */
export function formatBytes(m: Messages, bytes: number): string {
  const kilobytes = Math.max(1, Math.round(bytes / 1024));
  if (kilobytes < 1024) return fill(m.kilobytes, { n: formatNumber(m, kilobytes) });
  return fill(m.megabytes, { n: formatNumber(m, bytes / 1024 ** 2) });
}

/** Languages without an interface of their own, and the one most of their readers also read. */
const BORROWED: ReadonlyMap<string, UiLanguage> = new Map([
  ['be', 'ru'],
  ['kk', 'ru'],
  ['ky', 'ru'],
  ['tg', 'ru'],
  ['tk', 'ru'],
  ['uz', 'ru'],
  ['prs', 'fa'],
  ['yue', 'zh'],
]);

/** The interface language for a BCP 47 tag: its own, else a borrowed one, else English. */
export function uiLanguage(tag: string): UiLanguage {
  const primary = tag.toLowerCase().split(/[-_]/)[0] ?? '';
  return Object.hasOwn(MESSAGES, primary) ? (primary as UiLanguage) : (BORROWED.get(primary) ?? 'en');
}
