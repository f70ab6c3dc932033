import type { Element } from 'domhandler';
import { toHttpUrl } from '../domain/http-url.js';
import type { Picture } from './box.js';
import { withoutTracking } from './clean-url.js';

/** Pictures at most this wide or high are icons, spacers and counting pixels. In CSS pixels. */
const MAX_ICON_PIXELS = 40;

/** Where pages that load pictures late keep the address, best first. */
const SOURCE_ATTRIBUTES = ['data-src', 'data-original', 'data-lazy-src', 'data-lazy', 'data-url', 'src'];
const SET_ATTRIBUTES = ['data-srcset', 'data-lazy-srcset', 'srcset'];

const EMOJI =
  /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|\u200d|\ufe0f){1,12}$/u;

/** The picture an `img` stands for; the character where it only draws an emoji; null for icons and pixels. */
export function pictureOf(image: Element, baseUrl: string): Picture | string | null {
  const { attribs } = image;
  const alt = (attribs.alt ?? '').replace(/\s+/g, ' ').trim();
  if (EMOJI.test(alt)) return alt;
  const sizes = [attribs.width, attribs.height].map((value) => Number.parseInt(value ?? '', 10));
  if (sizes.some((pixels) => pixels <= MAX_ICON_PIXELS)) return null;
  const candidates = [
    ...SOURCE_ATTRIBUTES.map((name) => attribs[name]),
    ...SET_ATTRIBUTES.map((name) => largestOf(attribs[name] ?? '')),
  ];
  for (const candidate of candidates) {
    const src = candidate === undefined ? null : toHttpUrl(candidate, baseUrl);
    if (src !== null) return { src: withoutTracking(src), alt };
  }
  return null;
}

/** The URL of the widest candidate of a `srcset`. */
function largestOf(srcset: string): string | undefined {
  let best: string | undefined;
  let bestSize = -1;
  for (const [, url, size] of srcset.matchAll(/([^\s,]\S*[^\s,])(?:\s+([\d.]+)[wx])?\s*(?:,|$)/g)) {
    if (Number(size ?? 1) > bestSize) {
      best = url;
      bestSize = Number(size ?? 1);
    }
  }
  return best;
}
