import { MESSAGES } from '../render/messages.js';

const NUMBER = '[\\p{Nd}.,٫٬]{1,8}';

const patternOf = (phrase: string, slots: Readonly<Record<string, string>> = {}): string =>
  phrase
    .trim()
    .replace(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replace(/\s+/g, '\\s+')
    .replace(/\{(\w+)\}/g, (_, name: string) => slots[name] ?? NUMBER);

/** What a page says of itself between the paragraphs of an article, in every language it may speak: no publisher signs that. */
const OWN_WORDS = new RegExp(
  Object.values(MESSAGES)
    .flatMap(({ article, kilobytes, megabytes, mayNotLoad }) => [
      patternOf(article.pictureNumber),
      patternOf(article.largerPicture, { size: `(?:${patternOf(kilobytes)}|${patternOf(megabytes)})` }),
      patternOf(article.pictureElsewhere),
      patternOf(article.outside),
      patternOf(article.photo, { credit: '' }),
      patternOf(mayNotLoad),
    ])
    .join('|'),
  'gu',
);

export const withoutOwnWords = (text: string): string => text.replace(OWN_WORDS, ' ');
