import { type Document, DomHandler } from 'domhandler';
import { Parser } from 'htmlparser2';
import { stripScripts } from './strip-scripts.js';

/** News pages are 50 KB to 2 MB of HTML; what is larger is no page for a person. In UTF-16 code units. */
const MAX_PAGE_CHARS = 8_000_000;
/** Deepest nesting that is read; real pages stay under 100, with hundreds where an editor never closes a tag. */
const MAX_DEPTH = 1_500;
const MAX_ELEMENTS = 200_000;
const CHUNK_CHARS = 32_768;

export type ParsedPage = { kind: 'document'; document: Document } | { kind: 'refused'; reason: string };

/** Builds the tree and knows how deep and how large it has become. */
class CountingHandler extends DomHandler {
  depth = 0;
  elements = 0;

  override onopentag(name: string, attributes: Record<string, string>): void {
    this.depth++;
    this.elements++;
    super.onopentag(name, attributes);
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
  const parser = new Parser(tree);
  for (let at = 0; at < text.length; at += CHUNK_CHARS) {
    parser.write(text.slice(at, at + CHUNK_CHARS));
    if (tree.depth > MAX_DEPTH) return refused(`nested deeper than ${MAX_DEPTH} tags`);
    if (tree.elements > MAX_ELEMENTS) return refused(`more than ${MAX_ELEMENTS} elements`);
  }
  parser.end();
  return { kind: 'document', document: tree.root };
}

const refused = (reason: string): ParsedPage => ({ kind: 'refused', reason });
