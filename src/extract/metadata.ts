import type { Element } from 'domhandler';
import { directionOf } from '../domain/direction.js';
import type { PageMetadata } from '../domain/extracted-page.js';
import { type HttpUrl, toHttpUrl } from '../domain/http-url.js';
import { findAuthors } from './authors.js';
import { dateInUrl, hasOffset, parseTimestamp } from './dates.js';
import { kindOf } from './kind.js';
import type { PageView } from './page-view.js';
import { selectFirst } from './select.js';
import { type JsonObject, metaValue, type StructuredData } from './structured-data.js';
import { findSubtitle } from './subtitle.js';
import { descendants, foldSpace, isH1, textContent } from './tree.js';

export function readMetadata(view: PageView, timeZone: string): PageMetadata {
  const { data } = view;
  const language = languageOf(data);
  const section = sectionOf(view);
  const { title } = view;
  return {
    title,
    subtitle: findSubtitle(view, title),
    authors: findAuthors(view),
    publishedAt: timestamp(data, timeZone, 'datePublished', PUBLISHED) ?? visibleDate(view, timeZone),
    modifiedAt: timestamp(data, timeZone, 'dateModified', MODIFIED),
    language,
    direction: data.direction === 'rtl' ? 'rtl' : language === null ? null : directionOf(language),
    section,
    tags: tagsOf(view),
    kind: kindOf(view, section),
    canonicalUrl: canonicalOf(view),
  };
}

const PUBLISHED = [
  'article:published_time',
  'og:article:published_time',
  'og:published_time',
  'datepublished',
  'cxenseparse:recs:publishtime',
  'cxenseparse:publishtime',
  'parsely-pub-date',
  'sailthru.date',
  'dc.date.issued',
  'dcterms.created',
  'dc.date',
  'dcterms.date',
  'date',
  'pubdate',
  'publishdate',
  'publish-date',
  'publish_date',
  'publication_date',
  'article.published',
  'article_date_original',
  'published',
  'last-modified-original',
];

const MODIFIED = [
  'article:modified_time',
  'og:updated_time',
  'og:article:modified_time',
  'datemodified',
  'dc.date.modified',
  'dcterms.modified',
  'last-modified',
  'revision_date',
];

/** JSON-LD first, then `meta`; one that states its offset before one that does not. */
function timestamp(
  data: StructuredData,
  timeZone: string,
  property: string,
  names: readonly string[],
): number | null {
  const values = [
    ...data.articles.map((article) => article[property]),
    ...names.flatMap((name) => data.meta.get(name) ?? []),
  ].filter((value): value is string => typeof value === 'string');
  for (const accepts of [hasOffset, () => true]) {
    for (const value of values.filter(accepts)) {
      const at = parseTimestamp(value, timeZone);
      if (at !== null) return at;
    }
  }
  return null;
}

/** A date a reader sees: an element marked as the date of publication, else the first `time` after the headline, else the URL. */
function visibleDate({ elements, url }: PageView, timeZone: string): number | null {
  const from = Math.max(0, elements.findIndex(isH1) - 40);
  const times = elements.slice(from).filter(isTime);
  for (const element of [...elements.filter(isMarkedDate), ...times].slice(0, 4)) {
    const value = element.attribs.datetime ?? element.attribs.content ?? textContent(element);
    const at = parseTimestamp(value, timeZone);
    if (at !== null) return at;
  }
  return dateInUrl(url);
}

const isTime = ({ name, attribs }: Element): boolean => name === 'time' && attribs.datetime !== undefined;
const isMarkedDate = ({ name, attribs }: Element): boolean =>
  attribs.itemprop === 'datePublished' || (name === 'time' && attribs.pubdate !== undefined);

const LANGUAGE = /^[a-z]{2,3}(?:-[a-z0-9]{2,8})*$/i;

function languageOf(data: StructuredData): string | null {
  const stated = [
    data.language,
    data.articles[0]?.inLanguage,
    metaValue(data, 'content-language', 'language', 'dc.language', 'og:locale'),
  ];
  for (const value of stated) {
    const tag = typeof value === 'string' ? (value.split(/[,;]/)[0] ?? '').trim().replaceAll('_', '-') : '';
    if (LANGUAGE.test(tag)) return tag;
  }
  return null;
}

function sectionOf({ data, elements, rules }: PageView): string | null {
  const shown = selectFirst(elements, rules?.section ?? []).map(textContent);
  const stated = [
    shown[0],
    ...stringsOf(data.articles[0], 'articleSection'),
    metaValue(
      data,
      'article:section',
      'og:article:section',
      'section',
      'parsely-section',
      'cxenseparse:category',
    ),
  ];
  const section = stated.find(
    (value) => typeof value === 'string' && value.trim() !== '' && value.length <= 80,
  );
  return section === undefined || section === null ? null : foldSpace(section);
}

/** More tags than this are a search-engine list. */
const MAX_TAGS = 30;

function tagsOf({ data, elements, rules }: PageView): string[] {
  const shown = selectFirst(elements, rules?.tags ?? []).flatMap((element) => {
    const links = descendants(element).filter(({ name }) => name === 'a');
    return links.length === 0 ? [textContent(element)] : links.map(textContent);
  });
  const candidates: (() => readonly string[])[] = [
    () => shown,
    () => data.meta.get('article:tag') ?? [],
    () => stringsOf(data.articles[0], 'keywords'),
    () => shownTags(elements),
    () => [metaValue(data, 'news_keywords', 'keywords', 'parsely-tags') ?? ''],
  ];
  for (const candidate of candidates) {
    const tags = candidate()
      .flatMap((value) => value.split(/[,;]/))
      .map(tidyTag)
      .filter((tag) => tag !== '');
    if (tags.length > 0) return [...new Set(tags)].filter((tag) => tag.length <= 80).slice(0, MAX_TAGS);
  }
  return [];
}

const TAG_BOX = /(?:^|[\s_-])(?:tags|tag-?list|topics)(?:$|\s)/i;
/** More links than this are a menu. */
const MAX_SHOWN_TAGS = 15;

const isTagLink = ({ name, attribs }: Element): boolean => name === 'a' && attribs.rel === 'tag';
const isTagBox = ({ attribs }: Element): boolean =>
  attribs.class !== undefined && TAG_BOX.test(attribs.class);

/** Links marked as tags, or in a box called so. */
function shownTags(elements: readonly Element[]): string[] {
  const marked = elements.filter(isTagLink);
  const box = elements.find(isTagBox);
  const links =
    marked.length > 0 || box === undefined ? marked : descendants(box).filter(({ name }) => name === 'a');
  return links.length > MAX_SHOWN_TAGS ? [] : links.map(textContent);
}

const tidyTag = (tag: string): string => foldSpace(tag).replace(/^#/, '');

function stringsOf(object: JsonObject | undefined, property: string): string[] {
  const value = object?.[property];
  return (Array.isArray(value) ? value : [value]).filter((item): item is string => typeof item === 'string');
}

/** The page's own canonical URL, unless it points to another site: copies of agency texts do. */
function canonicalOf({ data, url }: PageView): HttpUrl | null {
  const href = data.links.find(({ rel }) => rel === 'canonical')?.href ?? metaValue(data, 'og:url');
  const canonical = href === undefined || href === null ? null : toHttpUrl(href, url);
  if (canonical === null || !URL.canParse(url)) return null;
  return new URL(canonical).hostname === new URL(url).hostname ? canonical : null;
}
