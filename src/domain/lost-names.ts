import type { Article } from './article.js';

/**
 * Names that disappear from a byline. Each may have become a pseudonym for its bearer's safety, and nothing says that it has not: it
 * is taken out of whatever kept it, and no list of changes shows it. A name that is only added is a change like any other.
 */
export const lostNames = (before: Pick<Article, 'authors'>, after: Pick<Article, 'authors'>): string[] =>
  before.authors
    .map(({ name }) => name)
    .filter((name) => !after.authors.some((author) => author.name === name));

/** A shorter family name would be found in too many words. */
const FEWEST_LETTERS = 4;
const folded = (text: string): string => text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ');

/** Whether a text names one of them, in full or by the last word: a line on who the author is says the family name again. */
export function namesOneOf(names: readonly string[]): (text: string) => boolean {
  const wanted = names.flatMap((name) => {
    const whole = folded(name).trim();
    const last = whole.split(' ').at(-1) ?? '';
    return [whole, ...(last.length >= FEWEST_LETTERS ? [last] : [])];
  });
  return (text) => {
    const line = folded(text);
    return wanted.some((name) => name !== '' && line.includes(name));
  };
}
