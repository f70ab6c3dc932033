import type { Direction } from './article.js';

/** Primary subtags written from right to left. Source: CLDR, languages whose likely script is right-to-left. */
const RIGHT_TO_LEFT = new Set([
  'ar',
  'ckb',
  'dv',
  'fa',
  'he',
  'ks',
  'nqo',
  'prs',
  'ps',
  'sd',
  'syr',
  'ug',
  'ur',
  'yi',
]);

/** The direction a language is written in; a script subtag such as `az-Arab` decides where it is given. */
export function directionOf(language: string): Direction {
  const [primary = '', ...rest] = language.toLowerCase().split('-');
  const script = rest.find((part) => /^[a-z]{4}$/.test(part));
  if (script !== undefined) return ['arab', 'hebr', 'nkoo', 'syrc', 'thaa'].includes(script) ? 'rtl' : 'ltr';
  return RIGHT_TO_LEFT.has(primary) ? 'rtl' : 'ltr';
}
