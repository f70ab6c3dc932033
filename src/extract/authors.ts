import { type Element, isTag, type ParentNode } from 'domhandler';
import type { Author } from '../domain/article.js';
import type { PageView } from './page-view.js';
import { remember } from './remember.js';
import { contains, selectFirst } from './select.js';
import { squash } from './squash.js';
import { isObject, type JsonObject, metaValue, typesOf } from './structured-data.js';
import { foldSpace, isH1, plainTextOf, textContent } from './tree.js';

const MAX_AUTHORS = 12;
/** A longer byline names a crowd, or is none. */
const MAX_BYLINE_CHARS = 600;

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
  // An agency beside a person shares the byline; alone it yields to a person whom the page names elsewhere.
  const persons = stated.some(({ isPerson, name }) => isPerson && tidy([name], own).length > 0) ? stated : [];
  const candidates = [persons.map(({ name }) => name), meta, writtenBy(view), shown];
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
  const arePersons = shown.every(({ name }) => /\p{L}\s+\p{L}/u.test(name) && !/[\d.:]\w|:\s/.test(name));
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
  return (Array.isArray(author) ? author.flat() : [author]).flatMap((value): Stated[] => {
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
    const values = (data.meta.get(name) ?? []).filter(
      (value) => !/^(?:https?:|\/|www\.)|@|^[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.[a-z]{2,6},/u.test(value),
    );
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

/** What a page tells a card of another service: pairs of a label and a name. */
function writtenBy({ data }: PageView): string[] {
  return [...data.meta].flatMap(([key, values]) => {
    const [, number, label] = /^twitter:(?:label(\d)|misc:(.+))$/.exec(key) ?? [];
    if (number === undefined) return label !== undefined && WRITTEN_BY.test(label) ? [...values] : [];
    return WRITTEN_BY.test(values[0] ?? '') ? [...(data.meta.get(`twitter:data${number}`) ?? [])] : [];
  });
}

const WRITTEN_BY =
  /^(?:written by|verfasst von|geschrieben von|écrit par|escrito por|scritto da|geschreven door|napisane przez|автор|написано|by)\b|^(?:автор|написано)/iu;

const NAMED =
  /(?:^|[\s_-])(?:byline|authors?)(?:__|--?|_)(?:[a-z]+(?:__|-|_))*(?:name|list-item)(?:$|\s)|(?:^|\s)author-?name(?:$|\s)/i;
const BYLINE =
  /(?:^|[\s_-])(?:byline|authors?|autor(?:en|in)?|auteurs?|journalist|writer|reporter|redakteur|skribent)(?:[\s_-]{1,2}(?:name|link|names|byline))?(?:$|\s)|authorname|author-name|byline-name|byline__author/i;

const NAME_MARK = 1;
const BYLINE_MARK = 2;
const markOf = remember(
  (names) => (NAMED.test(names) ? NAME_MARK : 0) | (BYLINE.test(names) ? BYLINE_MARK : 0),
);

const isByRole = ({ attribs }: Element): boolean => attribs.rel === 'author' || attribs.itemprop === 'author';
const hasMark = ({ attribs }: Element, mark: number): boolean =>
  attribs.class !== undefined && (markOf(attribs.class) & mark) !== 0;
const isByName = (element: Element): boolean => hasMark(element, NAME_MARK);
const isByClass = (element: Element): boolean => hasMark(element, BYLINE_MARK);
const isMarked = (element: Element): boolean =>
  isByRole(element) || hasMark(element, NAME_MARK | BYLINE_MARK);

/** Names in elements marked as a byline, the innermost ones, near the headline first; else behind a "By". */
function bylineNames(elements: readonly Element[]): string[] {
  const from = Math.max(0, elements.findIndex(isH1));
  const near = [...elements.slice(from, from + 250), ...elements.slice(0, from)].filter(isMarked);
  const byRole = namesIn(near.filter(isByRole));
  if (byRole.length > 0) return byRole;
  const byName = namesIn(near.filter(isByName));
  if (byName.length > 0) return byName;
  const byClass = namesIn(near.filter(isByClass));
  if (byClass.length > 0) return byClass.slice(0, 1);
  return introducedNames(elements.slice(from, from + BEHIND_HEADLINE));
}

function namesIn(boxes: readonly Element[]): string[] {
  return boxes
    .filter((box) => isBeside(boxes[0], box))
    .map(textContent)
    .filter((text) => text !== '' && text.length <= 80)
    .slice(0, 4);
}

/** Whether two elements are of one byline: other articles' names stand further off. */
function isBeside(first: Element | undefined, other: Element): boolean {
  let box: ParentNode | null = first ?? null;
  for (let level = 0; level < 3 && box !== null && isTag(box); level++) box = box.parent;
  return first === other || box === null || contains(box, other);
}

/** Elements after the headline among which an unmarked byline stands. */
const BEHIND_HEADLINE = 60;
const BY_WORD = /^(?:by|von|par|por|di|av|af|door|автор|текст)\s*:?\s*/iu;
const NAME = /^\p{Lu}[\p{L}.'’-]*(?:\s\p{Lu}[\p{L}.'’-]*){1,3}$/u;

/** "By Somebody Else" as an element's whole text. */
function introducedNames(elements: readonly Element[]): string[] {
  for (const element of elements) {
    if (!/^(?:p|div|span|li|address|h[4-6])$/.test(element.name)) continue;
    const text = textContent(element);
    if (text.length > 80 || !BY_WORD.test(text)) continue;
    const names = splitNames(text);
    const persons = names.map((name) => name.replace(TITLE, ''));
    if (names.length > 0 && persons.every((name) => NAME.test(name))) return [text];
  }
  return [];
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

const TITLE = /^(?:(?:dr|prof|ing)\.\s*)+/iu;
/** A date at the end of a byline, with what introduces it. */
const DATED =
  /[\s,|•·–—-]*(?:\b(?:updated|published|posted|last updated|veröffentlicht|aktualisiert|publié|mis à jour|обновлено|опубликовано)\b\s*(?:on|at|am|le)?\s*[:：]?\s*)?(?:\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s+\d{1,2}\b.*|\b\d{1,2}\.?\s+(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек)\p{L}*.*|\d{1,2}[./]\d{1,2}[./]\d{2,4}.*|\d{4}-\d{2}-\d{2}.*)$/iu;

function splitNames(text: string): string[] {
  return foldSpace(text.slice(0, MAX_BYLINE_CHARS))
    .replace(DATED, '')
    .replace(INTRODUCTION, '')
    .split(/\s*(?:[,;|/、·•]|\s(?:and|und|et|y|og|och|и|та|і|with|&|\+)\s)\s*/u)
    .map((name) =>
      foldSpace(name.replace(/\s*\(.*$|\s+기자.*$|\s+for\s.*$/u, '').replace(/^(?:and|by)\s+/iu, '')),
    )
    .filter((name) => !DEGREE.test(name));
}
