import { type Element, isText } from 'domhandler';
import { foldSpace } from './tree.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** What a page says about itself outside its text: `meta` and `link` elements, and JSON-LD. */
export interface StructuredData {
  /** Values by lower-case name or property, in document order. */
  meta: ReadonlyMap<string, readonly string[]>;
  links: readonly { rel: string; href: string }[];
  /** The content of `<title>`. */
  documentTitle: string | null;
  /** The lang and dir of `<html>`. */
  language: string | null;
  direction: string | null;
  /** JSON-LD objects about this article, best first. */
  articles: readonly JsonObject[];
  /** Every JSON-LD object by its `@id`. */
  byId: ReadonlyMap<string, JsonObject>;
}

const ARTICLE_TYPES =
  /^(?:https?:\/\/schema\.org\/)?(?:\w*Article|\w*BlogPosting|Report|Review|LiveBlogPosting|VideoObject|PodcastEpisode|ImageGallery|MediaGallery)$/;

/** JSON-LD is read to this size and depth, in characters and levels. */
const MAX_JSON_CHARS = 2_000_000;
const MAX_JSON_OBJECTS = 5_000;

export function readStructuredData(elements: readonly Element[]): StructuredData {
  const meta = new Map<string, string[]>();
  const links: { rel: string; href: string }[] = [];
  const objects: JsonObject[] = [];
  let documentTitle: string | null = null;
  let language: string | null = null;
  let direction: string | null = null;
  for (const { name, attribs, children } of elements) {
    if (name === 'html') {
      language = attribs.lang || attribs['xml:lang'] || language;
      direction = attribs.dir || direction;
    } else if (name === 'body') direction = attribs.dir || direction;
    else if (name === 'meta') {
      const key = (
        attribs.property ??
        attribs.name ??
        attribs.itemprop ??
        attribs['http-equiv'] ??
        ''
      ).toLowerCase();
      const value = foldSpace(attribs.content ?? '');
      if (key !== '' && value !== '') {
        const values = meta.get(key);
        if (values === undefined) meta.set(key, [value]);
        else values.push(value);
      }
    } else if (name === 'link')
      links.push({ rel: (attribs.rel ?? '').toLowerCase(), href: attribs.href ?? '' });
    else if (name === 'title' && documentTitle === null)
      documentTitle = foldSpace(children.map((child) => (isText(child) ? child.data : '')).join(''));
    else if (name === 'script' && /^application\/ld\+json/i.test(attribs.type ?? ''))
      objects.push(...readJsonLd(children.map((child) => (isText(child) ? child.data : '')).join('')));
  }
  const byId = new Map<string, JsonObject>();
  for (const object of objects) {
    const id = object['@id'];
    if (typeof id === 'string' && Object.keys(object).length > 1) byId.set(id, object);
  }
  const articles = objects.filter((object) => typesOf(object).some((type) => ARTICLE_TYPES.test(type)));
  return { meta, links, documentTitle, language, direction, articles: articles.sort(byEvidence), byId };
}

/** Articles that carry a headline and a date come first; among equals the document's order holds. */
function byEvidence(left: JsonObject, right: JsonObject): number {
  return evidence(right) - evidence(left);
}

function evidence(object: JsonObject): number {
  const isMedia = typesOf(object).some((type) => /VideoObject|Gallery|PodcastEpisode/.test(type));
  return (
    (isMedia ? -8 : 0) +
    (object.headline !== undefined ? 2 : 0) +
    (object.datePublished !== undefined ? 2 : 0) +
    (object.articleBody !== undefined ? 1 : 0) +
    (object.author !== undefined ? 1 : 0)
  );
}

export function typesOf(object: JsonObject): string[] {
  const type = object['@type'];
  return (Array.isArray(type) ? type : [type]).filter((name): name is string => typeof name === 'string');
}

/** Every object in a JSON-LD script, outermost first. Broken scripts give nothing. */
function readJsonLd(script: string): JsonObject[] {
  const objects: JsonObject[] = [];
  const queue: unknown[] = [parseLoosely(script.slice(0, MAX_JSON_CHARS))];
  for (let next = queue.shift(); objects.length < MAX_JSON_OBJECTS; next = queue.shift()) {
    // By pieces of what matters: a call takes only so many arguments, and a page may hold a million.
    if (Array.isArray(next)) queue.push(...objectsIn(next));
    else if (isObject(next)) {
      objects.push(next);
      queue.push(...objectsIn(Object.values(next)));
    }
    if (queue.length === 0) break;
  }
  return objects;
}

const objectsIn = (values: readonly unknown[]): unknown[] =>
  values.filter((value) => typeof value === 'object' && value !== null).slice(0, MAX_JSON_OBJECTS);

/** JSON with what publishers' templates leave in it: comments, line breaks in strings, trailing commas. */
function parseLoosely(script: string): unknown {
  const text = script
    .replace(/^\s*(?:<!--|\/\/<!\[CDATA\[|<!\[CDATA\[)|(?:-->|\/\/\]\]>|\]\]>)\s*$/g, '')
    .trim();
  return parseStrictly(text) ?? parseStrictly(withoutControls(text)) ?? parseStrictly(withoutTrailers(text));
}

function parseStrictly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const withoutControls = (text: string): string => text.replace(/\p{Cc}+/gu, ' ');

const withoutTrailers = (text: string): string =>
  withoutControls(text)
    .replace(/,\s*([}\]])/g, '$1')
    .replace(/;\s*$/, '');

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** First value of the first of these `meta` names that is given. */
export function metaValue(data: StructuredData, ...names: string[]): string | null {
  for (const name of names) {
    const value = data.meta.get(name)?.[0];
    if (value !== undefined) return value;
  }
  return null;
}

export type { JsonObject };
