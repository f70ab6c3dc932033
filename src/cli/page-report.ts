import { directionOf } from '../domain/direction.js';
import { TamizdatError } from '../domain/errors.js';
import type { ExtractedPage } from '../domain/extracted-page.js';
import type { Publisher } from '../domain/publisher.js';
import { extractPage, learnFurniture } from '../extract/extract-page.js';
import type { FurnitureIndex } from '../extract/furniture-index.js';
import { withinTime } from '../extract/within-time.js';
import { decodeHtml } from '../parse/decode-text.js';
import { whyNoPage } from '../parse/page-bytes.js';
import { textOf } from '../sanitize/safe-text.js';
import { sanitizeHtml } from '../sanitize/sanitize-html.js';
import type { Input } from './inspect-input.js';
import { printable } from './printable.js';

/** What `inspect page` knows of a page besides its bytes. */
export interface PageContext {
  /** Address of the article: base of relative links. */
  url: string;
  publisher: Publisher | undefined;
  /** What its publisher repeats, where more of its pages are at hand. */
  furniture?: FurnitureIndex;
}

interface Reading {
  page: ExtractedPage;
  contentHtml: string;
  contentText: string;
}

/** @throws TamizdatError with the reason when there is no article on it */
function read(input: Input, context: PageContext): Reading {
  const reading = withinTime(() => readNow(input, context));
  if (reading.kind === 'done') return reading.value;
  throw new TamizdatError('inspect-no-article', `no article: ${reading.reason}`);
}

function readNow({ bytes, contentType }: Input, { url, publisher, furniture }: PageContext): Reading {
  const other = whyNoPage(bytes);
  if (other !== null) throw new TamizdatError('inspect-no-page', `no article: ${other}`);
  const { text: html } = decodeHtml(bytes, contentType);
  const result = extractPage(html, {
    url,
    rules: publisher?.page ?? null,
    timeZone: publisher?.timeZone ?? 'UTC',
    furniture: furniture ?? null,
  });
  if (result.kind === 'no-article')
    throw new TamizdatError('inspect-no-article', `no article: ${result.reason}`);
  const contentHtml = sanitizeHtml(result.page.contentHtml, { baseUrl: url });
  return { page: result.page, contentHtml, contentText: textOf(contentHtml) };
}

const isoOrNull = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** Notes what repeats on a page, for those of its publisher that are read after it. A page that cannot be read tells nothing. */
export function learnPage({ bytes, contentType }: Input, { url, publisher, furniture }: PageContext): void {
  if (furniture === undefined || whyNoPage(bytes) !== null) return;
  withinTime(() =>
    learnFurniture(decodeHtml(bytes, contentType).text, { url, rules: publisher?.page ?? null, furniture }),
  );
}

/** The page as a program reads it: the JSON of `inspect page`, which other people's scripts rely on. */
export function pageJson(input: Input, context: PageContext): string {
  const { page, contentHtml, contentText } = read(input, context);
  const answer = {
    title: page.title,
    subtitle: page.subtitle,
    authors: page.authors.map(({ name }) => ({ name })),
    published: isoOrNull(page.publishedAt),
    modified: isoOrNull(page.modifiedAt),
    language: page.language,
    direction: page.direction ?? (page.language === null ? null : directionOf(page.language)),
    section: page.section,
    tags: page.tags,
    lead: page.lead && {
      src: page.lead.src,
      alt: page.lead.alt,
      caption: page.lead.caption,
      credit: page.lead.credit,
    },
    content_html: contentHtml,
    content_text: contentText,
  };
  return `${JSON.stringify(answer)}\n`;
}

/** The page as a person reads it. */
export function pageText(input: Input, context: PageContext): string {
  const { page, contentText } = read(input, context);
  const facts: [string, string | null][] = [
    ['Title', page.title],
    ['Subtitle', page.subtitle],
    ['Authors', page.authors.map(({ name }) => name).join(', ') || null],
    ['Published', isoOrNull(page.publishedAt)],
    ['Modified', isoOrNull(page.modifiedAt)],
    ['Language', page.language],
    ['Section', page.section],
    ['Tags', page.tags.join(', ') || null],
    ['Lead', page.lead && [page.lead.src, page.lead.caption, page.lead.credit].filter(Boolean).join(' | ')],
    ['Found by', page.method],
  ];
  const head = facts.map(([name, value]) => `${`${name}:`.padEnd(11)}${printable(value ?? '-')}\n`).join('');
  const body = contentText.split('\n').map((line) => `${printable(line)}\n`);
  return `${head}\n${body.join('\n')}`;
}
