/** A publisher as `data/publishers/<id>.yaml` describes it; the schema is in `config/publisher-schema.ts`. */
export interface Publisher {
  /** Its name in paths. Lower-case letters, digits, single hyphens; 3 to 40 characters; none of the reserved names. */
  id: string;
  /** Names by language (BCP 47), at least one in the publisher's own language. */
  names: Readonly<Record<string, string>>;
  /** BCP 47 tag of what it publishes. */
  language: string;
  /** The publisher's front page, for people. */
  homepage: string;
  /** Hosts that may be fetched for this publisher: exact names or `*.example.org`. */
  hosts: readonly string[];
  /** IANA zone for dates without an offset; also the one shown on pages. */
  timeZone: string;
  /** Tried in order: `main` ones each pass, `fallback` ones when every main one failed. */
  sources: readonly PublisherSource[];
  /** How an article is told from every other, however its headline or URL changes. */
  identity: {
    /** Pattern over the URL with one group: the stable id. Empty list: a hash of the guid or URL is used. */
    patterns: readonly string[];
  };
  page: PageRules;
  rights: Rights;
  designations: readonly Designation[];
  /** `full`: whole texts. `teaser`: two paragraphs and the link. */
  publish: 'full' | 'teaser';
  /** What a removal upstream does here. */
  removal: 'keep' | 'withdraw' | 'tombstone';
  /** ISO date on which somebody last saw these sources answer as described; null: nobody did. */
  verifiedAt: string | null;
}

export interface PublisherSource {
  kind: 'feed' | 'sitemap' | 'wordpress';
  url: string;
  /** `full`: the feed carries whole texts; `summary`: the page must be read. */
  text: 'full' | 'summary';
  role: 'main' | 'fallback';
  /** Section that every entry of this source belongs to, where the entries do not say. */
  section: string | null;
}

export interface PageRules {
  /** `always`: each page is read after the feed; `when-summary`: where the feed has the whole text, not before it is looked at again; `never`. */
  fetch: 'always' | 'when-summary' | 'never';
  title: readonly string[];
  subtitle: readonly string[];
  authors: readonly string[];
  content: readonly string[];
  lead: readonly string[];
  leadCaption: readonly string[];
  leadCredit: readonly string[];
  tags: readonly string[];
  section: readonly string[];
  keep: readonly string[];
  drop: readonly string[];
  boilerplate: readonly Boilerplate[];
}

/** Rules that say nothing: the extractor's own judgment, and pages asked for as `fetch` says. */
export const noPageRules = (fetch: PageRules['fetch']): PageRules => ({
  ...{ fetch, title: [], subtitle: [], authors: [], content: [], tags: [], section: [] },
  ...{ lead: [], leadCaption: [], leadCredit: [], keep: [], drop: [], boilerplate: [] },
});

/** Furniture is dropped by position plus phrase, never by phrase alone: true articles quote the same words. */
export interface Boilerplate {
  position: 'start' | 'end';
  /** How many blocks from that end may match. */
  within: number;
  /** Literal, compared without case and with white space folded. */
  phrase: string;
}

export interface Rights {
  basis: 'licence' | 'permission' | 'none-recorded';
  licence: string | null;
  /** How much of a text the basis covers, for people to read; what is shown is decided by `publish`. */
  scope: 'full' | 'teaser';
  images: 'all' | 'own' | 'none';
  /** Line shown with each article. `{url}` is the original's address. */
  attribution: string;
  attributionPlace: 'before' | 'after';
  /** Where the terms were read. */
  evidence: readonly string[];
  checkedAt: string | null;
  /** Whom a volunteer asks. */
  contact: string | null;
}

export interface Designation {
  /** ISO 3166-1 alpha-2. */
  country: string;
  status: 'foreign-agent' | 'undesirable' | 'extremist' | 'blocked';
  /** ISO date. */
  since: string;
  source: string;
}

/** Names under `/` that no publisher may take. Two-letter names are languages; `p1`, `a1`, dates and file names cannot occur. */
export const RESERVED_PUBLISHER_IDS: readonly string[] = [
  'about',
  'admin',
  'api',
  'articles',
  'changes',
  'feed',
  'feeds',
  'full',
  'healthz',
  'history',
  'legal',
  'media',
  'metrics',
  'mirrors',
  'publisher',
  'search',
  'signed',
  'sites',
  'static',
  'tamizdat',
  'verify',
];

const PUBLISHER_ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/** Whether `id` may name a publisher in paths. */
export function isPublisherId(id: string): boolean {
  return id.length >= 3 && id.length <= 40 && PUBLISHER_ID.test(id) && !RESERVED_PUBLISHER_IDS.includes(id);
}
