import type { Article } from './article.js';

/** Marks that set the direction of all that follows, until one that ends it. */
const OPENING = /[\u202a\u202b\u202d\u202e\u2066-\u2068]/;
const MARK = /[\u202a-\u202e\u2066-\u2069]/g;
const END_EMBEDDING = '\u202c';
const END_ISOLATE = '\u2069';

/**
 * The marks that a text leaves open, closed: what is to stand behind it, so that an override in it turns nothing round that comes
 * after. Empty for nearly every text. The rules are those of the Unicode bidirectional algorithm, X5a to X7: an isolate's end ends what
 * was opened in it too, an embedding's end only an embedding.
 */
export function openDirectionsClosed(text: string): string {
  if (!OPENING.test(text)) return '';
  const ends: string[] = [];
  for (const [mark] of text.matchAll(MARK)) {
    if (mark === END_EMBEDDING) {
      if (ends.at(-1) === END_EMBEDDING) ends.pop();
    } else if (mark === END_ISOLATE) {
      const opened = ends.lastIndexOf(END_ISOLATE);
      if (opened !== -1) ends.length = opened;
    } else ends.push(mark >= '\u2066' ? END_ISOLATE : END_EMBEDDING);
  }
  return ends.reverse().join('');
}

/** The text with its directions closed. */
export const closeDirections = (text: string): string => text + openDirectionsClosed(text);

type Words = Pick<Article, 'title' | 'subtitle' | 'summary' | 'authors' | 'section' | 'tags' | 'lead'>;

/** An article whose words, each shown beside words of ours or of others, leave no direction open. */
export const withClosedDirections = <T extends Words>(article: T): T => ({
  ...article,
  title: closeDirections(article.title),
  subtitle: closeDirections(article.subtitle),
  summary: closeDirections(article.summary),
  authors: article.authors.map((author) => ({ ...author, name: closeDirections(author.name) })),
  section: article.section === null ? null : closeDirections(article.section),
  tags: article.tags.map(closeDirections),
  lead:
    article.lead === null
      ? null
      : {
          ...article.lead,
          alt: closeDirections(article.lead.alt),
          caption: closeDirections(article.lead.caption),
          credit: closeDirections(article.lead.credit),
        },
});
