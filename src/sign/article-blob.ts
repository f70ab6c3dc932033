import { z } from 'zod';
import { jcs } from './jcs.js';
import { readJson } from './read-json.js';

const shortText = z.string().max(4_000);
const moment = z.iso.datetime();
/** Lower-case hexadecimal, as the name of the file under `blob/`. */
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const publisherId = z.string().regex(/^[a-z][a-z0-9-]{2,39}$/);
const stableId = z.string().regex(/^[a-z0-9]{1,40}$/);

const rendition = z.object({
  sha256,
  size: z.int().min(1),
  type: z.enum(['image/avif', 'image/webp', 'image/jpeg']),
  w: z.int().min(1).max(65_535),
  h: z.int().min(1).max(65_535),
  /** Its place on the ladder: `blur`, `inline-<width>`, `light`, `large`. */
  step: z.string().regex(/^(?:blur|light|large|inline-\d{1,5})$/),
});

const medium = z.object({
  /** `figure`: a picture of a gallery's text, in reading order; its place is that of its `src` in `content_html`. */
  role: z.enum(['lead', 'figure']),
  /** The original's address. */
  src: z.string(),
  alt: shortText,
  caption: shortText,
  credit: shortText,
  /** Empty where the desk has no bytes of it. */
  r: z.array(rendition).max(16),
});

export type Medium = z.infer<typeof medium>;

const articleBlob = z.object({
  v: z.literal(1),
  id: stableId,
  publisher: publisherId,
  url: z.url({ protocol: /^https?$/ }),
  /** The publisher's own name for it, where its feed gave one. */
  guid: z.string().nullable(),
  /** The publisher's changes, counted from 1. */
  rev: z.int().min(1),
  kind: z.enum(['article', 'opinion', 'gallery', 'live', 'video', 'podcast']),
  /** Where the text was taken from: its page, a feed with whole texts, or a teaser. */
  origin: z.enum(['page', 'feed', 'teaser']),
  lang: z.string().min(1).max(35),
  title: shortText,
  subtitle: shortText,
  direction: z.enum(['ltr', 'rtl']),
  summary: shortText,
  authors: z.array(z.object({ name: z.string().max(500) })).max(100),
  published: moment,
  modified: moment.nullable(),
  /** When the desk took the copy. */
  taken: moment,
  section: z.string().max(500).nullable(),
  tags: z.array(z.string().max(500)).max(100),
  content_html: z.string(),
  /** Left out where the text is whole. */
  cut: z.literal(true).optional(),
  /** The publisher's changes since the first copy: unix seconds, and the fields that changed. */
  changes: z.array(z.object({ t: z.int().min(0), text: z.string().max(500) })).max(1_000),
  media: z.array(medium).max(50),
});
export type ArticleBlob = z.infer<typeof articleBlob>;

const notice = z.object({
  v: z.literal(1),
  kind: z.literal('notice'),
  publisher: publisherId,
  id: stableId,
  what: z.enum(['retract', 'expunge']),
  /** Why, in the desk's words; empty where nothing was recorded. */
  reason: z.string().max(500),
});
/** What stands in the place of a retracted or expunged article. Never holds the article's words. */
export type Notice = z.infer<typeof notice>;

const rights = z.object({
  basis: z.enum(['licence', 'permission', 'none-recorded']),
  licence: z.string().nullable(),
  scope: z.enum(['full', 'teaser']),
  images: z.enum(['all', 'own', 'none']),
  attribution: shortText,
  attributionPlace: z.enum(['before', 'after']),
  evidence: z.array(shortText),
  checkedAt: z.string().nullable(),
  contact: z.string().nullable(),
});

const publisherCard = z.object({
  v: z.literal(1),
  kind: z.literal('publisher'),
  id: publisherId,
  /** By BCP 47 tag. */
  names: z.record(z.string().max(35), z.string().max(500)),
  language: z.string().min(1).max(35),
  homepage: z.url({ protocol: /^https?$/ }),
  hosts: z.array(z.string().max(260)).max(100),
  timeZone: z.string().max(64),
  publish: z.enum(['full', 'teaser']),
  removal: z.enum(['keep', 'withdraw', 'tombstone']),
  rights,
  designations: z
    .array(
      z.object({
        country: z.string().regex(/^[A-Z]{2}$/),
        status: z.enum(['foreign-agent', 'undesirable', 'extremist', 'blocked']),
        since: z.string(),
        source: shortText,
      }),
    )
    .max(100),
  verifiedAt: z.string().nullable(),
  /** False for a publisher that the desk no longer asks; its articles stay. */
  active: z.boolean(),
});
/** What a follower needs to know of a publisher without a file of ours. */
export type PublisherCard = z.infer<typeof publisherCard>;

export const writeBlob = (blob: ArticleBlob | Notice | PublisherCard): Buffer => jcs(blob);

/** Each null for bytes that are not of that shape. They say nothing of the hash: check it first. */
export const parseArticleBlob = (bytes: Uint8Array): ArticleBlob | null => readJson(bytes, articleBlob);
export const parseNotice = (bytes: Uint8Array): Notice | null => readJson(bytes, notice);
export const parsePublisherCard = (bytes: Uint8Array): PublisherCard | null => readJson(bytes, publisherCard);
