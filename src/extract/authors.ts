import type { Author } from '../domain/article.js';
import type { PageView } from './page-view.js';
import { selectFirst } from './select.js';
import { isObject, type JsonObject, metaValue } from './structured-data.js';
import { squash } from './title.js';
import { foldSpace, textContent } from './tree.js';

const MAX_AUTHORS = 12;

/** Every author the page names: by the publisher's selectors, JSON-LD, `meta`, then a byline. None is legal. */
export function findAuthors(view: PageView): Author[] {
  const { data, document, rules } = view;
  const shown = selectFirst(document, rules?.authors ?? []).map(textContent);
  if (rules !== null && rules.authors.length > 0 && shown.length > 0) return tidy(shown, view);
  const stated = data.articles.flatMap((article) => namesOf(article.author, data.byId)).slice(0, MAX_AUTHORS);
  const candidates = [
    stated,
    [
      metaValue(data, 'author', 'byl', 'parsely-author', 'sailthru.author', 'dc.creator', 'article:author') ??
        '',
    ],
    selectFirst(document, [
      '[itemprop="author"] [itemprop="name"]',
      '[itemprop="author"]',
      '[rel="author"]',
      '[class*="byline__author" i]',
      '[class*="author-name" i]',
      '[class*="authorname" i]',
      '.author',
      '.byline',
    ])
      .slice(0, 4)
      .map(textContent),
  ];
  for (const names of candidates) {
    const authors = tidy(names, view);
    if (authors.length > 0) return authors;
  }
  return [];
}

function namesOf(author: unknown, byId: ReadonlyMap<string, JsonObject>): string[] {
  return (Array.isArray(author) ? author : [author]).flatMap((value): string[] => {
    if (typeof value === 'string') return [value];
    if (!isObject(value)) return [];
    const whole =
      typeof value['@id'] === 'string' && value.name === undefined ? byId.get(value['@id']) : value;
    const name = whole?.name;
    return (Array.isArray(name) ? name : [name]).filter((item): item is string => typeof item === 'string');
  });
}

/** Names split at commas and "and", without "By", addresses, duplicates and the publisher's own name. */
function tidy(names: readonly string[], { data }: PageView): Author[] {
  const site = squash(metaValue(data, 'og:site_name') ?? '');
  const publisher = data.articles
    .map(({ publisher }) => (isObject(publisher) ? publisher.name : ''))
    .map((name) => squash(String(name ?? '')));
  const seen = new Set<string>(['', site, ...publisher]);
  const authors: Author[] = [];
  for (const part of names.flatMap(splitNames)) {
    if (seen.has(squash(part)) || /^https?:|@|^\d/.test(part) || part.length > 80) continue;
    seen.add(squash(part));
    authors.push({ name: part });
  }
  return authors.slice(0, MAX_AUTHORS);
}

function splitNames(text: string): string[] {
  return foldSpace(text)
    .replace(/^(?:by|von|par|por|di|av|door|автор(?:ы)?:?|текст:)\s+/iu, '')
    .split(/\s*(?:[,;|/&]|\s(?:and|und|et|y|e|en|og|och|и|та|і)\s)\s*/u)
    .map(foldSpace);
}
