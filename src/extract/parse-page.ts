import { type Document, DomHandler, isTag } from 'domhandler';
import { decodeHTML, decodeHTMLAttribute } from 'entities';
import { Parser } from 'htmlparser2';
import { stripScripts } from './strip-scripts.js';

/** News pages are 50 KB to 2 MB of HTML; what is larger is no page for a person. In UTF-16 code units. */
const MAX_PAGE_CHARS = 8_000_000;
/** Deepest nesting that is read; real pages stay under 100, with hundreds where an editor never closes a tag. */
const MAX_DEPTH = 1_500;
const MAX_ELEMENTS = 200_000;
const CHUNK_CHARS = 32_768;
/** What stands in these is not decoded. */
const RAW: ReadonlySet<string> = new Set('script style xmp iframe noembed noframes plaintext'.split(' '));

export type ParsedPage = { kind: 'document'; document: Document } | { kind: 'refused'; reason: string };

/**
 * Builds the tree and knows how deep and how large it has become. Decodes entities itself, whole texts and values at once: a
 * parser that looks for none of them skips from tag to tag.
 */
class CountingHandler extends DomHandler {
  depth = 0;
  elements = 0;
  #hasEntities = false;

  onattribute(_name: string, value: string): void {
    if (value.includes('&')) this.#hasEntities = true;
  }

  override onopentag(name: string, attributes: Record<string, string>): void {
    this.depth++;
    this.elements++;
    if (this.#hasEntities) {
      this.#hasEntities = false;
      for (const [key, value] of Object.entries(attributes)) attributes[key] = decodeHTMLAttribute(value);
    }
    super.onopentag(name, attributes);
  }

  override ontext(text: string): void {
    super.ontext(text.includes('&') && !this.#isRaw() ? decodeHTML(text) : text);
  }

  #isRaw(): boolean {
    const open = this.tagStack.at(-1);
    return open !== undefined && isTag(open) && RAW.has(open.name);
  }

  override onclosetag(): void {
    this.depth--;
    super.onclosetag();
  }

  // No node for what is no text, so that it does not cut the text round it in two.
  override oncomment(): void {}
  override oncommentend(): void {}
  override oncdatastart(): void {}
  override oncdataend(): void {}
  override onprocessinginstruction(): void {}
}

/** HTML as a tree, or why it is none. Reads in pieces and stops as soon as a bound is passed. */
export function parsePage(html: string): ParsedPage {
  if (html.length > MAX_PAGE_CHARS) return refused(`longer than ${MAX_PAGE_CHARS} characters`);
  const text = stripScripts(html);
  const tree = new CountingHandler();
  const parser = new Parser(tree, { decodeEntities: false });
  for (let at = 0, end = 0; at < text.length; at = end) {
    end = pieceEnd(text, at + CHUNK_CHARS);
    parser.write(text.slice(at, end));
    if (tree.depth > MAX_DEPTH) return refused(`nested deeper than ${MAX_DEPTH} tags`);
    if (tree.elements > MAX_ELEMENTS) return refused(`more than ${MAX_ELEMENTS} elements`);
  }
  parser.end();
  return { kind: 'document', document: tree.root };
}

/** Pieces end before a tag, so that no entity of a text is cut in two. */
function pieceEnd(text: string, least: number): number {
  const tag = text.indexOf('<', least);
  return tag === -1 ? text.length : tag;
}

const refused = (reason: string): ParsedPage => ({ kind: 'refused', reason });
