import { type Element, isTag, type ParentNode } from 'domhandler';
import type { ExtractedPage } from '../domain/extracted-page.js';
import { toHttpUrl } from '../domain/http-url.js';
import { isFurnitureScope, isPicture, pictureSource, readFigure, tidyCredit } from './figures.js';
import type { PageView } from './page-view.js';
import { selectFirst } from './select.js';
import { isObject, metaValue } from './structured-data.js';
import { descendants, foldSpace, isH1, textContent } from './tree.js';

/** A paragraph so long is text, and what follows it is no lead. In characters. */
const TEXT_CHARS = 80;
/** Elements after the headline among which a lead stands. */
const NEAR_HEADLINE = 200;
/** And before it. */
const BEFORE_HEADLINE = 60;
/** A standfirst may stand above the lead. */
const STANDFIRST_PARAGRAPHS = 1;

/** Where the faces of those who wrote a text lie. */
const PORTRAIT = /[/_.-](?:authors?|autor(?:en|es)?|avatars?|profiles?)\//i;

/** The lead picture with its words: by the publisher's selectors, else the one between headline and text, else the page's data. */
export function findLead(view: PageView): ExtractedPage['lead'] {
  const { elements, rules, url } = view;
  if (rules !== null && rules.lead.length > 0) {
    const box = selectFirst(elements, rules.lead)[0];
    return box === undefined ? null : (selectedLead(box, view) ?? null);
  }
  const box = shownLead(elements, url);
  if (box === null) return statedLead(view);
  const { pictures, caption, credit } = readFigure(box, url, new Set());
  const src = toHttpUrl(pictures[0]?.src ?? '', url);
  return src === null ? statedLead(view) : { src, alt: pictures[0]?.alt ?? '', caption, credit };
}

/** By the publisher's selectors alone: an article without such a picture has no lead, whatever its data shares. */
function selectedLead(box: Element, { elements, rules, url }: PageView): ExtractedPage['lead'] {
  const image = box.name === 'img' ? box : descendants(box).find(({ name }) => name === 'img');
  const src = image === undefined ? null : toHttpUrl(pictureSource(image, url) ?? '', url);
  if (src === null) return null;
  const wordsOf = (selectors: readonly string[]): string => {
    const found = selectFirst(descendants(box), selectors)[0] ?? selectFirst(elements, selectors)[0];
    return found === undefined ? '' : textContent(found);
  };
  return {
    src,
    alt: foldSpace(image?.attribs.alt ?? ''),
    caption: wordsOf(rules?.leadCaption ?? []),
    credit: tidyCredit(wordsOf(rules?.leadCredit ?? [])),
  };
}

/** The first frame with a picture round the headline, before the text is under way. */
function shownLead(elements: readonly Element[], url: string): Element | null {
  const headline = elements.findIndex(isH1);
  if (headline === -1) return null;
  const near = elements.slice(headline, headline + NEAR_HEADLINE);
  const before = elements
    .slice(Math.max(0, headline - BEFORE_HEADLINE), headline)
    .filter(({ name }) => name === 'figure');
  let paragraphs = 0;
  for (const element of [...near, ...before]) {
    if (element.name === 'p' && textContent(element).length >= TEXT_CHARS) paragraphs++;
    if (paragraphs > STANDFIRST_PARAGRAPHS) return null;
    if (!isPicture(element)) continue;
    const images =
      element.name === 'img' ? [element] : descendants(element).filter(({ name }) => name === 'img');
    const sources = images.flatMap((image) => pictureSource(image, url) ?? []);
    const hasPicture = sources.some((source) => !PORTRAIT.test(source));
    if (hasPicture && !isFurnitureScope(element, [outerOf(element)])) return element;
  }
  return null;
}

/** The element a few levels up: what the whole page is called says nothing of a picture. */
function outerOf(element: Element): ParentNode {
  let outer: ParentNode = element;
  for (let level = 0; level < 4 && isTag(outer) && outer.parent !== null; level++) outer = outer.parent;
  return outer;
}

/** The picture a page hands to other sites. */
function statedLead({ data, url }: PageView): ExtractedPage['lead'] {
  const image = data.articles[0]?.image;
  const first: unknown = Array.isArray(image) ? image[0] : image;
  const stated =
    metaValue(data, 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src') ??
    (isObject(first) ? first.url : first);
  const src = typeof stated === 'string' ? toHttpUrl(stated, url) : null;
  const alt = metaValue(data, 'og:image:alt', 'twitter:image:alt') ?? '';
  return src === null || PORTRAIT.test(src) ? null : { src, alt, caption: '', credit: '' };
}
