import type { Element } from 'domhandler';
import type { ExtractedPage } from '../domain/extracted-page.js';
import { toHttpUrl } from '../domain/http-url.js';
import type { PageView } from './page-view.js';
import { selectFirst } from './select.js';
import { isObject, metaValue } from './structured-data.js';
import { descendants, textContent } from './tree.js';

/** The lead picture with its words, by the publisher's selectors, else the page's own data. */
export function findLead(view: PageView): ExtractedPage['lead'] {
  const { elements, rules, url, data } = view;
  const box = selectFirst(elements, rules?.lead ?? [])[0];
  const image =
    box === undefined
      ? undefined
      : box.name === 'img'
        ? box
        : descendants(box).filter(({ name }) => name === 'img')[0];
  const image0 = data.articles[0]?.image;
  const stated = Array.isArray(image0) ? image0[0] : image0;
  const source =
    image?.attribs.src ??
    metaValue(data, 'og:image', 'og:image:url', 'twitter:image', 'twitter:image:src') ??
    (isObject(stated) ? stated.url : stated);
  const src = typeof source === 'string' ? toHttpUrl(source, url) : null;
  if (src === null) return null;
  const words = (selectors: readonly string[]): string => firstText(box, selectors, view);
  return {
    src,
    alt: image?.attribs.alt ?? metaValue(data, 'og:image:alt', 'twitter:image:alt') ?? '',
    caption: words(rules?.leadCaption ?? []),
    credit: words(rules?.leadCredit ?? []),
  };
}

function firstText(box: Element | undefined, selectors: readonly string[], { elements }: PageView): string {
  const found =
    selectFirst(box === undefined ? [] : descendants(box), selectors)[0] ??
    selectFirst(elements, selectors)[0];
  return found === undefined ? '' : textContent(found);
}
