import type { Article, CaptionedPicture } from '../domain/article.js';
import { closeDirections } from '../domain/close-directions.js';
import type { GalleryPiece } from '../domain/gallery.js';
import { toHttpUrl } from '../domain/http-url.js';
import type { SafeHtml } from '../domain/safe-html.js';
import { VOID_TAGS } from './allow-list.js';
import { plainText } from './safe-text.js';

type Shown = Pick<Article, 'lead' | 'content'>;

const FIGURE_OR_TAG =
  /<figure data-src="([^"]*)"(?: data-alt="([^"]*)")?[^>]*>(.*?)<\/figure>|<(\/?)([a-z][a-z0-9]*)[^>]*>/gs;
const EMPTY_ITEM = /<(li|dd|p)\b[^>]*><\/\1>/g;
/** The extractor puts the credit last, in `small`. */
const CREDIT_LAST = /^(.*?)<small>((?:(?!<small>).)*)<\/small>\s*<\/figcaption>$/s;

/**
 * The text of a gallery cut at every figure, however deep in lists and quotes it stands: elements open there are closed and opened
 * again, as in `splitBlock`, and what is left of them without a word is dropped. Each picture comes once, the lead not at all.
 */
export function readGallery({ lead, content }: Shown): GalleryPiece[] {
  const pieces: GalleryPiece[] = [];
  const seen = new Set([lead?.src]);
  const open: { tag: string; name: string }[] = [];
  let text = '';
  let from = 0;
  const endText = (): void => {
    const closing = open.map(({ name }) => `</${name}>`).reverse();
    const html = (text + closing.join('')).replace(EMPTY_ITEM, '') as SafeHtml;
    if (plainText(html) !== '') pieces.push({ kind: 'text', html });
    text = open.map(({ tag }) => tag).join('');
  };
  for (const match of content.matchAll(FIGURE_OR_TAG)) {
    const [token, src, alt, inside, slash, name = ''] = match;
    text += content.slice(from, match.index);
    from = match.index + token.length;
    if (src === undefined) {
      text += token;
      if (slash === '/') open.pop();
      else if (!VOID_TAGS.includes(name)) open.push({ tag: token, name });
      continue;
    }
    endText();
    const picture = pictureOf(src, alt ?? '', inside ?? '');
    if (picture === null || seen.has(picture.src)) continue;
    seen.add(picture.src);
    pieces.push({ kind: 'picture', picture });
  }
  text += content.slice(from);
  endText();
  return pieces;
}

function pictureOf(src: string, alt: string, inside: string): CaptionedPicture | null {
  const url = toHttpUrl(plainText(src));
  if (url === null) return null;
  const [, caption = inside, credit = ''] = CREDIT_LAST.exec(inside) ?? [];
  const words = (html: string): string => closeDirections(plainText(html));
  return { src: url, alt: words(alt), caption: words(caption), credit: words(credit) };
}

const FIGURE_FIRST = /^<figure data-src="([^"]*)"(?: data-alt="([^"]*)")?[^>]*>(.*?)<\/figure>/s;

/** The picture that a text begins with, and the text without it; null where it begins with something else. */
export function takeFirstPicture(content: SafeHtml): { picture: CaptionedPicture; rest: SafeHtml } | null {
  const [figure, src = '', alt = '', inside = ''] = FIGURE_FIRST.exec(content) ?? [];
  const picture = figure === undefined ? null : pictureOf(src, alt, inside);
  return figure === undefined || picture === null
    ? null
    : { picture, rest: content.slice(figure.length) as SafeHtml };
}

/** Pictures of one gallery that a mirror keeps beside its lead: what `media` of a signed article has room for. */
const MOST_PICTURES = 49;

/** The pictures a mirror keeps of an article beside its lead: those of a gallery, in reading order; none of any other kind. */
export function galleryPictures(article: Shown & Pick<Article, 'kind'>): CaptionedPicture[] {
  if (article.kind !== 'gallery') return [];
  return readGallery(article)
    .flatMap((piece) => (piece.kind === 'picture' ? [piece.picture] : []))
    .slice(0, MOST_PICTURES);
}

/** Every picture an article shows: its lead, and those of a gallery. */
export const shownPictures = (article: Shown & Pick<Article, 'kind'>): CaptionedPicture[] => [
  ...(article.lead === null ? [] : [article.lead]),
  ...galleryPictures(article),
];
