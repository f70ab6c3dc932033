import { escapeUTF8 } from 'entities';
import { absoluteAttribute, absoluteLinks } from './absolute-links.js';
import { foldSpace, htmlToLine, inParagraphs, textToHtml } from './plain-text.js';
import { isElement, textOf, type XmlElement, type XmlNode } from './xml-tree.js';

/** What the characters inside an element are. `markup`: elements of the feed's own XML. */
type Kind = 'plain' | 'html' | 'markup' | 'binary';

const VOID = new Set([
  'area',
  'br',
  'col',
  'embed',
  'hr',
  'img',
  'input',
  'link',
  'meta',
  'source',
  'track',
  'wbr',
]);

/**
 * Atom says what its text is (RFC 4287 section 3.1; Atom 0.3 by MIME type and `mode`); RSS never does, and in practice
 * it is HTML, escaped or not.
 */
function kindOf(element: XmlElement): Kind {
  const type = (element.attributes.type ?? '').toLowerCase().split(';')[0]?.trim() ?? '';
  const mode = (element.attributes.mode ?? '').toLowerCase();
  const isText = !type.includes('/') || /^text\/|xml$/.test(type);
  if (mode === 'base64' || !isText) return 'binary';
  if (element.children.some(isElement)) return 'markup';
  if (type === '') return element.isAtom && mode !== 'escaped' ? 'plain' : 'html';
  // XHTML without a single element is HTML that somebody escaped twice or wrapped in CDATA.
  if (/html(?:\+xml)?$/.test(type)) return 'html';
  return mode === 'escaped' && type !== 'text/plain' ? 'html' : 'plain';
}

/** HTML of a text construct, links absolute where `xml:base` or the fallback gives a base; null where it is empty or no text. */
export function htmlOf(element: XmlElement, fallbackBase: string | null): string | null {
  const kind = kindOf(element);
  const base = element.base ?? fallbackBase;
  if (kind === 'markup') return emptyToNull(innerHtml(element, fallbackBase));
  if (kind === 'html') return emptyToNull(htmlFrom(textOf(element), base));
  if (kind === 'plain') return emptyToNull(htmlFromPlain(textOf(element), base));
  const decoded = fromBase64(element);
  return decoded === null ? null : emptyToNull(absoluteLinks(decoded, base));
}

const htmlFrom = (html: string, base: string | null): string =>
  html.includes('<') ? absoluteLinks(html, base) : inParagraphs(html);

/** What an editor typed begins with no element and holds no entity: HTML that calls itself text, or was escaped once too often. */
function htmlFromPlain(text: string, base: string | null): string {
  const first = /^\s*<([a-z][a-z0-9]*)[\s>]/i.exec(text)?.[1];
  const isHtml = (first !== undefined && text.includes(`</${first}>`)) || ENTITY.test(text);
  return isHtml ? htmlFrom(text, base) : textToHtml(text);
}

const ENTITY = /&(?:[a-z]{2,8}\d?|#\d{2,6}|#x[\da-f]{2,6});/i;

/** One line of plain text of a text construct; null where it is empty. */
export function lineOf(element: XmlElement): string | null {
  const kind = kindOf(element);
  if (kind === 'plain') return emptyToNull(foldSpace(textOf(element)));
  if (kind === 'html') return emptyToNull(htmlToLine(textOf(element)));
  if (kind === 'markup') return emptyToNull(htmlToLine(innerHtml(element, null)));
  return emptyToNull(htmlToLine(fromBase64(element) ?? ''));
}

/** Base64 of text (Atom 0.3 titles and contents were sent so); null for pictures, archives and the like. */
function fromBase64(element: XmlElement): string | null {
  const type = element.attributes.type ?? 'text/html';
  if (!/^(?:text\/|application\/(?:.*\+)?xml)/i.test(type)) return null;
  const text = Buffer.from(textOf(element), 'base64').toString('utf8');
  return /^text\/plain/i.test(type) ? textToHtml(text) : text;
}

/** Of one text's markup, its links made absolute included: as much as an uninterrupted text may have. */
const MAX_HTML_CHARS = 600_000;

/** The element's content as HTML. Atom's wrapping `div` is not part of the content (RFC 4287 section 3.1.1.3). */
function innerHtml(element: XmlElement, fallbackBase: string | null): string {
  const significant = element.children.filter((node) => isElement(node) || node.text.trim() !== '');
  const [only] = significant;
  const isWrapped = element.isAtom && significant.length === 1 && only !== undefined && isElement(only);
  const content = isWrapped && localName(only) === 'div' ? only : element;
  return htmlOfAll(content.children, fallbackBase);
}

function htmlOfAll(nodes: readonly XmlNode[], fallbackBase: string | null): string {
  let html = '';
  for (const node of nodes) {
    if (html.length > MAX_HTML_CHARS) break;
    html += outerHtml(node, fallbackBase);
  }
  return html;
}

function outerHtml(node: XmlNode, fallbackBase: string | null): string {
  // CDATA between elements is somebody's escaped HTML; text beside them was decoded once and is encoded again.
  if (!isElement(node)) return node.cdata ? node.text : escapeUTF8(node.text);
  const name = localName(node);
  const inner = () => htmlOfAll(node.children, fallbackBase);
  if (!/^[a-z][a-z0-9]*$/.test(name)) return inner();
  // Each by its own base: `xml:base` may stand on any element.
  const base = node.base ?? fallbackBase;
  const attributes = Object.entries(node.attributes)
    .filter(([attribute]) => /^[a-z][a-z0-9-]*$/.test(attribute) && attribute !== 'xmlns')
    .map(([attribute, value]) => ` ${attribute}="${escapeUTF8(absoluteAttribute(attribute, value, base))}"`);
  const tag = `<${name}${attributes.join('')}>`;
  return VOID.has(name) ? tag : `${tag}${inner()}</${name}>`;
}

function localName(element: XmlElement): string {
  return element.name.slice(element.name.indexOf(':') + 1);
}

function emptyToNull(text: string): string | null {
  return text.trim() === '' ? null : text;
}
