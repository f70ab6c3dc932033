import type { Author } from '../domain/article.js';
import type { FeedEntry } from '../domain/feed.js';
import { type HttpUrl, toHttpUrl } from '../domain/http-url.js';
import { enclosuresOf } from './enclosures.js';
import { parseDate } from './parse-date.js';
import { foldSpace, htmlToLine } from './plain-text.js';
import { htmlOf, lineOf } from './text-construct.js';
import { childElements, textOf, type XmlElement } from './xml-tree.js';

export interface EntryContext {
  /** Base of relative links where neither the document's address nor `xml:base` gives one. */
  fallbackBase: HttpUrl | null;
  /** The feed's own authors: an Atom entry that names none has these (RFC 4287 section 4.2.1). */
  authors: readonly Author[];
  timeZone?: string;
}

const TITLE = ['title', 'dc:title', 'media:title', 'itunes:title'];
const PUBLISHED = [
  'pubdate',
  'published',
  'issued',
  'dcterms:issued',
  'dc:date',
  'dcterms:created',
  'created',
  'date',
];
const UPDATED = ['updated', 'modified', 'dcterms:modified'];
const SUMMARY = [
  'description',
  'summary',
  'abstract',
  'dc:description',
  'itunes:summary',
  'media:description',
];
const CONTENT = ['content:encoded', 'content', 'xhtml:body', 'body', 'fullitem'];

/** One `item` or `entry`, whichever dialect it is written in. */
export function toEntry(element: XmlElement, context: EntryContext): FeedEntry {
  const base = context.fallbackBase;
  const html = (part: XmlElement) => htmlOf(part, base);
  const id = idOf(element);
  return {
    id,
    title: firstOf(element, TITLE, lineOf),
    url: linkOf(element, base) ?? permalinkOf(element, base),
    publishedAt: dateOf(element, PUBLISHED, context.timeZone),
    updatedAt: dateOf(element, UPDATED, context.timeZone) ?? parseDate(element.attributes.lastmod ?? ''),
    authors: entryAuthors(element, context.authors),
    summaryHtml: firstOf(element, SUMMARY, html),
    contentHtml: firstOf(element, CONTENT, html),
    categories: categoriesOf(element),
    enclosures: enclosuresOf(element, base),
  };
}

/** The first of `names`, in that order, whose reading is not null; Media RSS may keep its own in a group. */
function firstOf<T>(
  element: XmlElement,
  names: readonly string[],
  read: (part: XmlElement) => T | null,
): T | null {
  const places = [element, ...childElements(element, 'media:group')];
  for (const name of names) {
    for (const part of places.flatMap((place) => childElements(place, name))) {
      const value = read(part);
      if (value !== null) return value;
    }
  }
  return null;
}

function trimmedText(element: XmlElement): string | null {
  const text = textOf(element).trim();
  return text === '' ? null : text;
}

function idOf(element: XmlElement): string | null {
  return firstOf(element, ['guid', 'id'], trimmedText) ?? (element.attributes['rdf:about']?.trim() || null);
}

/**
 * Where `element` (entry or channel) leads: RSS has the address as text, Atom and CDF in `href`. An HTML alternate is
 * preferred to one of another type; `self`, `enclosure` and the like are not the article.
 */
export function linkOf(element: XmlElement, fallbackBase: string | null): HttpUrl | null {
  let second: HttpUrl | null = null;
  for (const link of childElements(element, 'link')) {
    const { href, rel = 'alternate', type = 'text/html' } = link.attributes;
    if (rel.trim().toLowerCase() !== 'alternate') continue;
    const url = resolve(href ?? textOf(link), link, fallbackBase);
    if (url !== null && /html/i.test(type)) return url;
    second ??= url;
  }
  return second ?? resolve(element.attributes.href ?? '', element, fallbackBase);
}

/** RSS: a `guid` is an address unless it says otherwise. Atom and RDF: an id that is one serves where no link is given. */
function permalinkOf(element: XmlElement, fallbackBase: string | null): HttpUrl | null {
  for (const guid of childElements(element, 'guid')) {
    if (guid.attributes.ispermalink?.trim().toLowerCase() === 'false') continue;
    const url = resolve(textOf(guid), guid, fallbackBase);
    if (url !== null) return url;
  }
  const id = firstOf(element, ['id'], trimmedText) ?? element.attributes['rdf:about'];
  return id === undefined ? null : toHttpUrl(id);
}

function resolve(value: string, at: XmlElement, fallbackBase: string | null): HttpUrl | null {
  return toHttpUrl(value, at.base ?? fallbackBase ?? undefined);
}

function dateOf(element: XmlElement, names: readonly string[], timeZone: string | undefined): number | null {
  return firstOf(element, names, (part) => parseDate(textOf(part), timeZone));
}

function entryAuthors(element: XmlElement, feedAuthors: readonly Author[]): readonly Author[] {
  const own = authorsOf(element);
  if (own.length > 0) return own;
  const quoted = childElements(element, 'source').flatMap(authorsOf);
  return quoted.length > 0 ? quoted : feedAuthors;
}

/** The most precise kind of byline present; `author` of RSS is by its specification a mail address. */
export function authorsOf(element: XmlElement): Author[] {
  for (const name of ['dc:creator', 'author', 'itunes:author', 'media:credit']) {
    const names = childElements(element, name).map((part) => {
      const [person] = childElements(part, 'name', 'rdf:description');
      return nameIn(person === undefined ? textOf(part) : textOf(person));
    });
    const known = [...new Set(names.filter((one) => one !== ''))];
    if (known.length > 0) return known.map((one) => ({ name: one }));
  }
  return [];
}

/** Longer than any byline. */
const MAX_NAME_CHARS = 500;

const MAIL = /[^\s<>()"]+@[^\s<>()"]+/g;

/** `mail (Name)`, `Name <mail>` and `"Name" mail` without the mail; a mail alone names nobody. */
function nameIn(text: string): string {
  const line = htmlToLine(text.slice(0, MAX_NAME_CHARS).replace(/<([^<>@\s]+@[^<>\s]+)>/g, ' $1 '));
  if (!line.includes('@')) return line;
  return foldSpace(
    line
      .replace(/mailto:/gi, '')
      .replace(MAIL, ' ')
      .replace(/[()<>"]/g, ' '),
  );
}

function categoriesOf(element: XmlElement): string[] {
  const names = childElements(element, 'category', 'dc:subject', 'itunes:category').map((part) => {
    const { label, term, text } = part.attributes;
    return htmlToLine(label ?? term ?? text ?? textOf(part));
  });
  return [...new Set(names.filter((name) => name !== ''))];
}
