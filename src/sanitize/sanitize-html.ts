import type { SafeHtml } from '../domain/safe-html.js';
import { MAX_INPUT_CHARS } from './allow-list.js';
import { passGate } from './gate.js';
import { shapeHtml } from './shape-html.js';

/**
 * The only maker of SafeHtml. Text from anywhere comes out in one shape, and a second pass changes nothing:
 * - At the top stand block elements only, loose text in `<p>`, so that a text can be split between any two.
 *   Inside `p`, headings and captions there is phrasing content only, so every parser reads the same tree.
 * - Links keep http, https and mailto, absolute against `baseUrl`, without tracking parameters, with `rel="noreferrer"`.
 * - No picture element survives, so a page makes no sub-request. A picture is
 *   `<figure data-src="ABSOLUTE URL" data-alt="…"><figcaption>…</figcaption></figure>`, always with the attributes in this
 *   order and `data-alt` or the caption left out where there is none. Nothing is loaded and nothing links to the publisher's
 *   picture host, which would see the reader: whoever holds a copy of the picture puts it at the start of the figure.
 * - An embed is a card, `<aside class="embed"><a href=… rel="noreferrer">service · title</a></aside>`.
 * - One update of a live blog is `<section class="update">`. Other classes, ids, styles and handlers are dropped.
 *
 * Input past 3,000,000 characters is cut. Depth costs neither stack nor, past 12 boxes, structure. Never throws.
 */
export function sanitizeHtml(html: string, options: { baseUrl: string }): SafeHtml {
  return passGate(shapeHtml(html.slice(0, MAX_INPUT_CHARS), options.baseUrl));
}
