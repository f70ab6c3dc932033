import type { CaptionedPicture } from '../domain/article.js';
import type { SafeHtml } from '../domain/safe-html.js';
import { galleryPictures } from '../sanitize/read-gallery.js';
import { safeBlocks } from '../sanitize/safe-text.js';
import {
  type ArticleBlob,
  type Medium,
  type Notice,
  type PublisherCard,
  writeBlob,
} from '../sign/article-blob.js';
import { BLOB_MAX_BYTES } from '../sign/entry.js';
import type { StoredArticle } from '../store/article-row.js';
import type { StoredPicture } from '../store/media-table.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { StoredRevision } from '../store/revision-table.js';

/** What a publisher that is shown as a teaser is signed with: its rights allow no more, here as on the pages. */
const TEASER_BLOCKS = 2;
const MOST_TEXT = 4_000;
const MOST_NAME = 500;

const iso = (at: number): string => new Date(at).toISOString();
const cut = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length).replace(/[\ud800-\udbff]$/, '');
/** RFC 8785 has no form for half a character, and feeds have them. */
const whole = (text: string, length = MOST_TEXT): string =>
  cut(text.replace(/\p{Surrogate}/gu, '\ufffd'), length);

export interface BlobParts {
  publisher: StoredPublisher;
  revisions: readonly StoredRevision[];
  /** The ladder of each picture whose bytes are here. */
  pictures: ReadonlyMap<string, readonly StoredPicture[]>;
}

/** An article as it is signed: never more than 512 KiB; a longer text is cut between two blocks, and says so. */
export function articleBlobOf(article: StoredArticle, parts: BlobParts): Buffer {
  const all = safeBlocks(article.content);
  let shown = parts.publisher.publish === 'teaser' ? all.slice(0, TEASER_BLOCKS) : all;
  let bytes = writeBlob(toBlob(article, parts, shown, false));
  while (bytes.length > BLOB_MAX_BYTES && shown.length > 0) {
    // Close to what fits, and never the same again.
    const share = (BLOB_MAX_BYTES * 0.98) / bytes.length;
    shown = shown.slice(0, Math.min(shown.length - 1, Math.floor(shown.length * share)));
    bytes = writeBlob(toBlob(article, parts, shown, true));
  }
  return bytes;
}

function toBlob(
  article: StoredArticle,
  { publisher, revisions, pictures }: BlobParts,
  blocks: readonly SafeHtml[],
  isCut: boolean,
): ArticleBlob {
  return {
    v: 1,
    id: article.stableId,
    publisher: article.publisherId,
    url: article.url,
    guid: article.guid === null ? null : whole(article.guid),
    rev: article.revision,
    kind: article.kind,
    origin: publisher.publish === 'teaser' ? 'teaser' : article.origin,
    lang: cut(article.language, 35),
    title: whole(article.title),
    subtitle: whole(article.subtitle),
    direction: article.direction,
    summary: whole(article.summary),
    authors: article.authors.slice(0, 100).map(({ name }) => ({ name: whole(name, MOST_NAME) })),
    published: iso(article.publishedAt),
    modified: article.modifiedAt === null ? null : iso(article.modifiedAt),
    taken: iso(article.takenAt),
    section: article.section === null ? null : whole(article.section, MOST_NAME),
    tags: article.tags.slice(0, 100).map((tag) => whole(tag, MOST_NAME)),
    content_html: blocks.join('').replace(/\p{Surrogate}/gu, '\ufffd'),
    ...(isCut ? { cut: true as const } : {}),
    changes: revisions
      .filter(({ number }) => number > 1)
      .slice(-1_000)
      .map(({ takenAt, fields }) => ({ t: Math.floor(takenAt / 1_000), text: fields.join(', ') })),
    media: [
      ...(article.lead === null ? [] : [mediumOf('lead', article.lead, pictures)]),
      ...(publisher.publish === 'teaser' ? [] : galleryPictures(article))
        .map((picture) => mediumOf('figure', picture, pictures))
        .filter(({ r }) => r.length > 0),
    ],
  };
}

function mediumOf(
  role: Medium['role'],
  { src, alt, caption, credit }: CaptionedPicture,
  pictures: BlobParts['pictures'],
): Medium {
  return {
    role,
    src,
    alt: whole(alt),
    caption: whole(caption),
    credit: whole(credit),
    r: (pictures.get(src) ?? []).map((step) => ({
      sha256: Buffer.from(step.sha256).toString('hex'),
      size: step.bytes.length,
      type: step.type as 'image/avif',
      w: step.width,
      h: step.height,
      step: step.step,
    })),
  };
}

export const noticeOf = (article: StoredArticle, what: Notice['what'], reason: string): Buffer =>
  writeBlob({
    v: 1,
    kind: 'notice',
    publisher: article.publisherId,
    id: article.stableId,
    what,
    reason: whole(reason, MOST_NAME),
  });

export function publisherCardOf(publisher: StoredPublisher): Buffer {
  const { id, names, language, homepage, hosts, timeZone, publish, removal, rights } = publisher;
  const card: PublisherCard = {
    v: 1,
    kind: 'publisher',
    id,
    names: { ...names },
    language,
    homepage,
    hosts: [...hosts],
    timeZone,
    publish,
    removal,
    rights: { ...rights, evidence: [...rights.evidence] },
    designations: publisher.designations.map((one) => ({ ...one })),
    verifiedAt: publisher.verifiedAt,
    active: publisher.active,
  };
  return writeBlob(card);
}
