import { type ChildNode, type Element, isTag, isText, type ParentNode } from 'domhandler';
import { Parser } from 'htmlparser2';

const VOID: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(' '),
);
const SILENT: ReadonlySet<string> = new Set(
  'head noscript script style svg template textarea title'.split(' '),
);

/** Every element below, in document order. Iterative. */
export function descendants(root: ParentNode): Element[] {
  const found: Element[] = [];
  const stack: Element[] = [];
  pushElements(root, stack);
  for (let element = stack.pop(); element !== undefined; element = stack.pop()) {
    found.push(element);
    pushElements(element, stack);
  }
  return found;
}

/** Handed to searches over all elements as it is: a callback made anew for each page is compiled anew too (see `PageStatistics`). */
export const isH1 = ({ name }: Element): boolean => name === 'h1';

function pushElements({ children }: ParentNode, stack: Element[]): void {
  for (let index = children.length - 1; index >= 0; index--) {
    const child = children[index];
    if (child !== undefined && isTag(child)) stack.push(child);
  }
}

/** Text below an element as a person would see it, white space folded; scripts, styles and the like left out. */
export function textContent(root: ChildNode | ParentNode): string {
  let text = '';
  const stack: (ChildNode | ParentNode)[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isText(node as ChildNode)) text += (node as unknown as { data: string }).data;
    else if ('children' in node) {
      if (isTag(node as ChildNode) && SILENT.has((node as Element).name)) continue;
      if (isTag(node as ChildNode) && !INLINE.has((node as Element).name)) text += ' ';
      for (let index = node.children.length - 1; index >= 0; index--) {
        const child = node.children[index];
        if (child !== undefined) stack.push(child);
      }
    }
  }
  return foldSpace(text);
}

const INLINE: ReadonlySet<string> = new Set(
  'a abbr b bdi bdo cite code del dfn em font i ins kbd mark q rp rt ruby s samp small span strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);

export const isInline = (name: string): boolean => INLINE.has(name);

const UNFOLDED = /\s\s|[^\S ]/;

export function foldSpace(text: string): string {
  return UNFOLDED.test(text) ? text.replace(/\s+/g, ' ').trim() : text.trim();
}

export function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (char) => (char === '&' ? '&amp;' : char === '<' ? '&lt;' : '&gt;'));
}

export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;');
}

/** A node and all below it as HTML. Iterative; scripts and styles are left out. */
export function serialize(root: ChildNode): string {
  let html = '';
  const steps: (ChildNode | string)[] = [root];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if (typeof step === 'string') html += step;
    else if (isText(step)) html += escapeText(step.data);
    else if (isTag(step) && !SILENT.has(step.name)) {
      html += `<${step.name}`;
      for (const [name, value] of Object.entries(step.attribs))
        if (/^[a-z][\w:.-]*$/i.test(name)) html += ` ${name}="${escapeAttribute(value)}"`;
      html += '>';
      if (VOID.has(step.name)) continue;
      steps.push(`</${step.name}>`);
      for (let index = step.children.length - 1; index >= 0; index--) {
        const child = step.children[index];
        if (child !== undefined) steps.push(child);
      }
    }
  }
  return html;
}

/** The text of a string that may be HTML or plain. */
export function plainTextOf(text: string): string {
  if (!/[<&]/.test(text)) return foldSpace(text);
  let plain = '';
  const parser = new Parser({
    onopentag: (name) => {
      if (!INLINE.has(name)) plain += ' ';
    },
    ontext: (data) => {
      plain += data;
    },
  });
  parser.end(text.slice(0, 1_000_000));
  return foldSpace(plain);
}
