import { createHash } from 'node:crypto';
import { base32 } from './article-key.js';

const CYRILLIC: Readonly<Record<string, string>> = {
  а: 'a',
  б: 'b',
  в: 'v',
  г: 'g',
  ґ: 'g',
  д: 'd',
  е: 'e',
  ё: 'yo',
  є: 'ye',
  ж: 'zh',
  з: 'z',
  и: 'i',
  і: 'i',
  ї: 'yi',
  й: 'y',
  к: 'k',
  л: 'l',
  м: 'm',
  н: 'n',
  о: 'o',
  п: 'p',
  р: 'r',
  с: 's',
  т: 't',
  у: 'u',
  ў: 'u',
  ф: 'f',
  х: 'kh',
  ц: 'ts',
  ч: 'ch',
  ш: 'sh',
  щ: 'shch',
  ъ: '',
  ы: 'y',
  ь: '',
  э: 'e',
  ю: 'yu',
  я: 'ya',
};

/**
 * A name as one path segment: lower-case ASCII letters, digits and hyphens, at most 40 characters. Cyrillic is transliterated;
 * a name in another script becomes `x` and 8 base32 characters of its hash, so that it stays the same everywhere.
 */
export function slug(name: string): string {
  const folded = name.trim().toLowerCase().replace(/\s+/g, ' ');
  const latin = [...folded]
    .map((letter) => CYRILLIC[letter] ?? letter)
    .join('')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '');
  const text = latin
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  if (text !== '' && !/[\p{L}]/u.test(latin.replace(/[a-z]/g, ''))) return text;
  return `x${base32(createHash('sha256').update(folded, 'utf8').digest().subarray(0, 5))}`;
}
