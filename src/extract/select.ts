import { compile } from 'css-select';
import type { ChildNode, Document, Element, ParentNode } from 'domhandler';
import { isTag } from 'domhandler';

type Query = (element: Element) => boolean;

/** A publisher's selectors are few and used on every page. */
const compiled = new Map<string, Query | null>();

function queryOf(selector: string): Query | null {
  let query = compiled.get(selector);
  if (query === undefined) {
    try {
      query = compile<ChildNode | Document, Element>(selector);
    } catch {
      query = null;
    }
    compiled.set(selector, query);
  }
  return query;
}

/** Elements that match, in document order, none inside another. A selector that cannot be read matches nothing. */
export function selectAll(elements: Iterable<Element>, selector: string): Element[] {
  const query = queryOf(selector);
  if (query === null) return [];
  const found: Element[] = [];
  for (const element of elements) {
    if (query(element) && !found.some((outer) => contains(outer, element))) found.push(element);
  }
  return found;
}

/** What the first selector that matches anything gives. */
export function selectFirst(elements: Iterable<Element>, selectors: readonly string[]): Element[] {
  for (const selector of selectors) {
    const found = selectAll(elements, selector);
    if (found.length > 0) return found;
  }
  return [];
}

export function contains(outer: ParentNode, inner: ChildNode): boolean {
  for (let node: ParentNode | null = inner.parent; node !== null; node = isTag(node) ? node.parent : null)
    if (node === outer) return true;
  return false;
}
