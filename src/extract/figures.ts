import { type Element, isTag, isText, type ParentNode, type Text } from 'domhandler';
import { toHttpUrl } from '../domain/http-url.js';
import { captionAfter, isImage } from './caption.js';
import { HINT_NAMES, hintsOf } from './hints.js';
import { descendants, escapeAttribute, escapeText, foldSpace, textContent } from './tree.js';

/** Pictures in one frame, with the words under them. */
export interface Figure {
  pictures: { src: string; alt: string }[];
  caption: string;
  credit: string;
}

const bit = (name: (typeof HINT_NAMES)[number]): number => 1 << HINT_NAMES.indexOf(name);
const CAPTION = bit('caption');
const FURNITURE =
  bit('related') |
  bit('social') |
  bit('appeal') |
  bit('comment') |
  bit('navigation') |
  bit('advertisement') |
  bit('overlay') |
  bit('meta');

/** A frame with more words than this is no picture with a caption. In characters. */
const MAX_FRAME_CHARS = 1_500;

const namesOf = ({ attribs }: Element): string => `${attribs.class ?? ''} ${attribs.id ?? ''}`;

/** Whether an element is a picture, or a frame round pictures and their caption. */
export function isPicture(element: Element): boolean {
  if (/^(?:figure|picture|img|amp-img)$/.test(element.name)) return true;
  if ((hintsOf(namesOf(element)) & CAPTION) === 0) return false;
  const below = descendants(element);
  if (below.some(({ name }) => name === 'p' || name === 'iframe' || name === 'video')) return false;
  return below.filter(isImage).length === 1 && textContent(element).length <= MAX_FRAME_CHARS;
}

/** Whether an element is named as a caption or a frame of pictures. */
export function isCaptionBox(element: Element): boolean {
  return element.name === 'figcaption' || (hintsOf(namesOf(element)) & CAPTION) !== 0;
}

/** Whether an element, or one round it below `tops`, is part of the page's frame: related links, sharing, a form. */
export function isFurnitureScope(element: Element, tops: readonly ParentNode[]): boolean {
  for (
    let node: ParentNode | null = element;
    node !== null && isTag(node) && !tops.includes(node);
    node = node.parent
  ) {
    if (/^(?:aside|nav|footer|form|button)$/.test(node.name)) return true;
    const hints = hintsOf(namesOf(node));
    if ((hints & FURNITURE) !== 0 && (hints & CAPTION) === 0) return true;
    if (node.name === 'a' && node !== element && !isPictureLink(node.attribs.href ?? '')) return true;
  }
  return false;
}

const isPictureLink = (href: string): boolean =>
  /\.(?:jpe?g|png|webp|gif|avif)(?:[?#]|$)/i.test(href) || href === '' || href.startsWith('#');

export function readFigure(element: Element, url: string, kept: ReadonlySet<Text>): Figure {
  const pictures: Figure['pictures'] = [];
  const images = isImage(element) ? [element] : [];
  let captionBox: Element | null = null;
  let creditBox: Element | null = null;
  for (const below of descendants(element)) {
    if (isImage(below)) images.push(below);
    else if (below.name === 'figcaption') captionBox ??= below;
    const isCredit = CREDIT.test(namesOf(below)) || (below.name === 'cite' && captionBox !== null);
    if (isCredit && textContent(below) !== '') creditBox ??= below;
  }
  for (const image of images) {
    const src = pictureSource(image, url);
    if (src !== null && !pictures.some((other) => other.src === src))
      pictures.push({ src, alt: foldSpace(image.attribs.alt ?? '') });
  }
  const words = ownText(captionBox ?? captionAfter(element) ?? element, kept);
  const credit = creditBox === null ? '' : textContent(creditBox);
  const caption = credit !== '' && words.includes(credit) ? foldSpace(words.replace(credit, ' ')) : words;
  if (credit !== '') return { pictures, caption, credit: tidyCredit(credit) };
  const [, before = '', named = ''] = CREDIT_AT_END.exec(caption) ?? [];
  return named === ''
    ? { pictures, caption, credit: '' }
    : { pictures, caption: foldSpace(before), credit: tidyCredit(named) };
}

/** What introduces a credit. */
const WORDS =
  'photographs?|photos?|images?|pictures?|fotos?|bild|credits?|quelle|crédits?|фото|фотография|світлина|источник|джерело|عکس|图片?|圖片?';
const LABEL = `(?:${WORDS})(?:\\s*(?:by|credit|von))?\\s*[:：]|©`;
const AGENCIES = 'ap|afp|reuters|getty|dpa|epa|imago|photo|тасс|афп|рейтер|рейтерс';

/** A credit that only its words tell from the caption before it. A full stop ends it, unless it follows an initial. */
const CREDIT_AT_END = new RegExp(
  `^(.*?)\\s*(?:[|–—]\\s*)?((?:(?<![\\p{L}\\p{N}])(?:${LABEL})|(?<=^|[.!?|–—]\\s{0,2})(?:photographs?|photos?|images?|pictures?) by\\s)\\s*(?:[^.:]|(?<=(?<!\\p{L})\\p{L})\\.){2,90}|\\((?:[^()]{0,60}[/,]\\s*)?(?:${AGENCIES})(?![\\p{L}\\p{N}])[^()]{0,80}\\))\\s*$`,
  'iu',
);

const CREDIT = /credit|copyright|photographer|agency|image-?source|figure-?source/i;

const INTRODUCTION = new RegExp(
  `^\\s*[([|–—-]?\\s*(?:${LABEL}|(?:photographs?|photos?|images?|pictures?) by\\s)\\s*`,
  'iu',
);

/** A credit without the word that introduces it. */
export function tidyCredit(credit: string): string {
  return foldSpace(credit.replace(INTRODUCTION, '').replace(/^[([](.*)[)\]]$/, '$1'));
}

function ownText(root: Element, kept: ReadonlySet<Text>): string {
  const leaves: string[] = [];
  const visit = (node: ParentNode): void => {
    for (const child of node.children) if (isText(child) && !kept.has(child)) leaves.push(child.data);
  };
  visit(root);
  for (const below of descendants(root))
    if (!/^(?:script|style|noscript|button|svg)$/.test(below.name)) visit(below);
  const text = foldSpace(leaves.join(' '));
  return text.length > MAX_FRAME_CHARS ? '' : text;
}

const LAZY = ['data-src', 'data-original', 'data-lazy-src', 'data-lazy', 'data-url', 'data-full-src'];

/** The picture's address: the lazy one before a placeholder, the widest candidate where there is a set. */
export function pictureSource(image: Element, url: string): string | null {
  const { attribs } = image;
  const sizes = [attribs.width, attribs.height].map((value) => Number.parseInt(value ?? '', 10));
  if (sizes.some((pixels) => pixels <= 40)) return null;
  const sets = [attribs['data-srcset'], attribs.srcset, ...sourceSets(image)].map((set) => widest(set ?? ''));
  for (const candidate of [...LAZY.map((name) => attribs[name]), attribs.src, ...sets]) {
    if (candidate === undefined || candidate === '' || candidate.startsWith('data:')) continue;
    const src = toHttpUrl(candidate, url);
    if (
      src !== null &&
      !/(?:blank|spacer|placeholder|pixel|transparent|1x1|loading)\.(?:gif|png|svg)/i.test(src)
    )
      return src;
  }
  return null;
}

function sourceSets(image: Element): (string | undefined)[] {
  const { parent } = image;
  if (parent === null || !isTag(parent) || parent.name !== 'picture') return [];
  return parent.children
    .filter((child): child is Element => isTag(child) && child.name === 'source')
    .map(({ attribs }) => attribs.srcset ?? attribs['data-srcset']);
}

function widest(set: string): string | undefined {
  let best: string | undefined;
  let bestSize = -1;
  for (const [, url, size] of set.matchAll(/([^\s,]\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)/g)) {
    if (Number(size ?? 1) > bestSize) {
      best = url;
      bestSize = Number(size ?? 1);
    }
  }
  return best;
}

/** Figures in the sanitizer's shape: one a picture, the caption with the first, the credit last in it. */
export function pictureHtml({ pictures, caption, credit }: Figure): string {
  const words = [escapeText(caption), credit === '' ? '' : `<small>${escapeText(credit)}</small>`]
    .filter((part) => part !== '')
    .join(' ');
  return pictures
    .map(
      ({ src, alt }, index) =>
        `<figure><img src="${escapeAttribute(src)}" alt="${escapeAttribute(alt)}">${
          index === 0 && words !== '' ? `<figcaption>${words}</figcaption>` : ''
        }</figure>`,
    )
    .join('');
}
