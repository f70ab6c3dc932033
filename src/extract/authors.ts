import type { Element } from 'domhandler';
import type { Author } from '../domain/article.js';
import type { PageView } from './page-view.js';
import { selectFirst } from './select.js';
import { isObject, type JsonObject, metaValue, typesOf } from './structured-data.js';
import { squash } from './title.js';
import { foldSpace, plainTextOf, textContent } from './tree.js';

const MAX_AUTHORS = 12;

/**
 * Every author the page names. Where the publisher's selectors are known they alone decide, even where they find nobody: a
 * byline that was taken off the page for somebody's safety must not come back from the page's data. Else JSON-LD, `meta`, a
 * byline, and last an organization.
 */
export function findAuthors(view: PageView): Author[] {
  const { elements, rules } = view;
  if (rules !== null && rules.authors.length > 0)
    return tidy(selectFirst(elements, rules.authors).map(textContent), []);
  const stated = statedAuthors(view);
  const own = ownNames(view);
  const meta = metaNames(view);
  const shown = bylineNames(elements);
  const candidates = [stated.filter(({ isPerson }) => isPerson).map(({ name }) => name), meta, shown];
  for (const names of candidates) {
    const authors = tidy(names, own);
    if (authors.length > 0) return withShown(authors, tidy(shown, own));
  }
  return tidy([...stated.map(({ name }) => name), ...meta], []).slice(0, 1);
}

/** JSON-LD and `meta` often name the first author only; a byline that has that one and other persons is taken whole. */
function withShown(authors: Author[], shown: Author[]): Author[] {
  const names = new Set(shown.map(({ name }) => squash(name)));
  const hasAll = authors.every(({ name }) => names.has(squash(name)));
  const arePersons = shown.every(({ name }) => /\p{L}\s+\p{L}/u.test(name) && !/[\d.]\w/.test(name));
  return shown.length > authors.length && shown.length <= 4 && hasAll && arePersons ? shown : authors;
}

interface Stated {
  name: string;
  isPerson: boolean;
}

function statedAuthors({ data }: PageView): Stated[] {
  for (const article of data.articles) {
    const found = statedIn(article.author ?? article.creator, data.byId);
    if (found.length > 0) return found;
  }
  return [];
}

function statedIn(author: unknown, byId: ReadonlyMap<string, JsonObject>): Stated[] {
  return (Array.isArray(author) ? author : [author]).flatMap((value): Stated[] => {
    if (typeof value === 'string') return [{ name: plainTextOf(value), isPerson: true }];
    if (!isObject(value)) return [];
    const whole =
      typeof value['@id'] === 'string' && value.name === undefined ? byId.get(value['@id']) : value;
    const isPerson = whole !== undefined && !typesOf(whole).some((type) => /Organization/.test(type));
    const names = Array.isArray(whole?.name) ? whole.name : [whole?.name];
    return names
      .filter((name): name is string => typeof name === 'string')
      .map((name) => ({ name: plainTextOf(name), isPerson }));
  });
}

function metaNames({ data }: PageView): string[] {
  for (const name of [
    'author',
    'byl',
    'parsely-author',
    'sailthru.author',
    'dc.creator',
    'dcterms.creator',
    'cxenseparse:author',
    'article:author',
  ]) {
    const values = (data.meta.get(name) ?? []).filter((value) => !/^(?:https?:|\/|www\.)|@/.test(value));
    if (values.length > 0) return [...values];
  }
  return [];
}

/** The publisher's own names, which are no byline while there is a better one. */
function ownNames({ data, url }: PageView): string[] {
  const publishers = data.articles.map(({ publisher }) => (isObject(publisher) ? publisher.name : ''));
  const host = URL.canParse(url) ? new URL(url).hostname.replace(/^www\d?\./, '') : '';
  return [
    ...publishers,
    metaValue(data, 'og:site_name'),
    metaValue(data, 'application-name'),
    host,
    host.split('.').at(-2) ?? '',
  ].filter((name): name is string => typeof name === 'string' && name !== '');
}

const BYLINE =
  /(?:^|[\s_-])(?:byline|authors?|autor(?:en|in)?|auteurs?|journalist|writer|reporter|redakteur|skribent)(?:[\s_-]{1,2}(?:name|link|names|byline))?(?:$|\s)|authorname|author-name|byline-name|byline__author/i;

/** Names in elements marked as a byline, the innermost ones, near the headline first. */
function bylineNames(elements: readonly Element[]): string[] {
  const from = elements.findIndex(({ name }) => name === 'h1');
  const near = [...elements.slice(Math.max(0, from), from + 250), ...elements.slice(0, Math.max(0, from))];
  const marked = (test: (element: Element) => boolean): string[] =>
    near
      .filter(test)
      .map(textContent)
      .filter((text) => text !== '' && text.length <= 80)
      .slice(0, 4);
  const byRole = marked(({ attribs }) => attribs.rel === 'author' || attribs.itemprop === 'author');
  return byRole.length > 0 ? byRole : marked(({ attribs }) => BYLINE.test(attribs.class ?? '')).slice(0, 1);
}

/** Names split at commas and "and", without "By", titles of work, addresses, duplicates and the names given in `without`. */
function tidy(names: readonly string[], without: readonly string[]): Author[] {
  const seen = new Set<string>(['', ...without.map(squash)]);
  const authors: Author[] = [];
  for (const name of names.flatMap(splitNames)) {
    if (seen.has(squash(name)) || /^(?:https?:|www\.)|@|^\d|\d{4}/.test(name) || name.length > 60) continue;
    seen.add(squash(name));
    authors.push({ name });
  }
  return authors.slice(0, MAX_AUTHORS);
}

const INTRODUCTION =
  /^(?:(?:(?:written|reporting|posted|published|reviewed|words|story|text|texte|автор(?:ы)?|текст|autor(?:en|in)?)\s+)?(?:by|von|par|por|di|av|af|door)\s*[:：]?\s+|(?:text|texte|words|author|автор(?:ы)?|текст|autor(?:en|in)?)\s*[:：]\s*)/iu;
const DEGREE =
  /^(?:m\.?s\.?c?|m\.?d|ph\.?\s?d|r\.?d\.?n?|f\.?a\.?n\.?d|r\.?n|m\.?b\.?a|j\.?d|e\.?s\.?q|jr|sr|i{2,3}|cpa|cfp®?|b\.?a|m\.?a|dr|mph|do|dds|lcsw)\.?$/iu;

function splitNames(text: string): string[] {
  return foldSpace(text)
    .replace(INTRODUCTION, '')
    .split(/\s*(?:[,;|/、·•]|\s(?:and|und|et|y|og|och|и|та|і|with|&|\+)\s)\s*/u)
    .map((name) =>
      foldSpace(name.replace(/\s*\(.*$|\s+기자.*$|\s+for\s.*$/u, '').replace(/^(?:and|by)\s+/iu, '')),
    )
    .filter((name) => !DEGREE.test(name));
}
