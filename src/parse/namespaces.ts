/**
 * Namespace URI -> the prefix our mapping knows it by. Formats of feeds themselves map to '' since readers in the wild
 * treat `title` of RSS 1.0, of RSS 2.0 with a namespace and of Atom alike. Compared in lower case.
 */
const PREFIXES = new Map<string, string>([
  ['http://backend.userland.com/rss', ''],
  ['http://backend.userland.com/rss2', ''],
  ['http://blogs.law.harvard.edu/tech/rss', ''],
  ['http://purl.org/rss/1.0/', ''],
  ['http://my.netscape.com/rdf/simple/0.9/', ''],
  ['http://channel.netscape.com/rdf/simple/0.9/', ''],
  ['http://purl.org/rss/1.0/modules/rss091#', ''],
  ['http://purl.org/dc/elements/1.1/', 'dc'],
  ['http://purl.org/dc/elements/1.0/', 'dc'],
  ['http://purl.org/dc/terms/', 'dcterms'],
  ['http://purl.org/rss/1.0/modules/content/', 'content'],
  ['http://purl.org/rss/1.0/modules/syndication/', 'sy'],
  ['http://www.itunes.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['http://example.com/dtds/podcast-1.0.dtd', 'itunes'],
  ['http://search.yahoo.com/mrss', 'media'],
  ['http://search.yahoo.com/mrss/', 'media'],
  ['http://www.w3.org/1999/02/22-rdf-syntax-ns#', 'rdf'],
  ['http://www.w3.org/1999/xhtml', 'xhtml'],
  ['http://www.sitemaps.org/schemas/sitemap/0.9', ''],
  ['http://www.google.com/schemas/sitemap-news/0.9', 'news'],
]);

/** Atom 1.0, 0.3, and the drafts before it. */
const ATOM = new Set([
  'http://www.w3.org/2005/atom',
  'http://purl.org/atom/ns#',
  'http://purl.org/echo/',
  'http://purl.org/pie/',
  'http://example.com/newformat#',
  'http://example.com/necho',
  'uri/of/echo/namespace#',
]);

/** Feeds declare a dozen; each further one would be copied into every scope inside. */
const MAX_NAMESPACES = 50;

export type NamespaceScope = ReadonlyMap<string, string>;

/** The scope inside an element with these attributes. */
export function innerScope(
  outer: NamespaceScope,
  attributes: Readonly<Record<string, string>>,
): NamespaceScope {
  let inner: Map<string, string> | null = null;
  for (const [name, value] of Object.entries(attributes)) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) continue;
    inner ??= new Map(outer);
    if (inner.size >= MAX_NAMESPACES) break;
    inner.set(name.slice(6), value.trim().toLowerCase());
  }
  return inner ?? outer;
}

/** `dc:creator` whatever prefix the feed chose, in lower case; a prefix nobody declared is taken at its word. */
export function canonicalName(scope: NamespaceScope, qualified: string): { name: string; isAtom: boolean } {
  const lower = qualified.toLowerCase();
  const colon = lower.indexOf(':');
  const prefix = colon === -1 ? '' : lower.slice(0, colon);
  const local = lower.slice(colon + 1);
  const uri = scope.get(colon === -1 ? '' : qualified.slice(0, colon)) ?? '';
  if (ATOM.has(uri)) return { name: local, isAtom: true };
  const canonical = PREFIXES.get(uri) ?? prefix;
  return { name: canonical === '' ? local : `${canonical}:${local}`, isAtom: false };
}
