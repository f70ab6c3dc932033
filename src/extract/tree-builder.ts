import { Document, Element, Text } from 'domhandler';

const set = (names: string): ReadonlySet<string> => new Set(names.split(' '));

/** Elements without an end. */
const VOID = set(
  'area base basefont br col command embed frame hr img input isindex keygen link meta param source track wbr',
);

const FORM_CONTROLS = set('input option optgroup select button datalist textarea');
const PARAGRAPH = set('p');
const HEADINGS = set('h1 h2 h3 h4 h5 h6 p');

/** Which open elements end where one of these begins, as in a browser: tags that editors leave out. */
const ENDED_BY: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...Array.from(
    set(
      'p address article aside blockquote details div dl fieldset figcaption figure footer form header hr main nav ol pre section table ul',
    ),
    (name) => [name, PARAGRAPH] as const,
  ),
  ...Array.from(set('h1 h2 h3 h4 h5 h6'), (name) => [name, HEADINGS] as const),
  ...Array.from(
    set('select input output button datalist textarea'),
    (name) => [name, FORM_CONTROLS] as const,
  ),
  ['a', set('a')],
  ['body', set('head link script')],
  ['dd', set('dd dt')],
  ['dt', set('dd dt')],
  ['li', set('li')],
  ['optgroup', set('optgroup option')],
  ['option', set('option')],
  ['rp', set('rp rt')],
  ['rt', set('rp rt')],
  ['tbody', set('tbody thead')],
  ['td', set('td th thead')],
  ['tfoot', set('tbody thead')],
  ['th', set('th')],
  ['tr', set('td th tr')],
]);

/** What stands in these knows elements that end in their own tag. */
const FOREIGN = set('math svg');

/**
 * Puts a page's tags and texts together. Ends what an author left open, and ignores ends of what was never begun. Drawings are read,
 * since only then is it known where they end, and left out.
 */
export class TreeBuilder {
  readonly document = new Document([]);
  /** Of elements so far, those in drawings too. */
  count = 0;
  /** In document order. */
  readonly elements: Element[] = [];
  readonly #open: (Document | Element)[] = [this.document];
  #innermost: Document | Element = this.document;
  /** The text that the next one continues. */
  #text: Text | null = null;
  /** How many of the open elements are formulas or drawings, and how many drawings. */
  #foreign = 0;
  #drawings = 0;

  /** How many elements are open. */
  get depth(): number {
    return this.#open.length - 1;
  }

  addText(data: string): void {
    if (this.#drawings > 0) return;
    if (this.#text !== null) {
      this.#text.data += data;
      return;
    }
    const text = new Text(data);
    this.#append(text);
    this.#text = text;
  }

  openElement(tag: string, attribs: Record<string, string>, isSelfClosing: boolean): void {
    const name = tag === 'image' ? 'img' : tag;
    if (name === 'form' && this.#placeOf('form') !== -1) return;
    const ended = ENDED_BY.get(name);
    if (ended !== undefined) while (ended.has(nameOf(this.#innermost))) this.#closeInnermost();
    const element = new Element(name, attribs);
    this.count++;
    if (FOREIGN.has(name)) this.#foreign++;
    if (name === 'svg') this.#drawings++;
    if (this.#drawings === 0) {
      this.#append(element);
      this.elements.push(element);
    }
    this.#open.push(element);
    this.#innermost = element;
    if (VOID.has(name) || (isSelfClosing && this.#foreign > 0)) this.#closeInnermost();
  }

  closeElement(name: string): void {
    const place = this.#placeOf(name);
    if (place !== -1) while (this.#open.length > place) this.#closeInnermost();
    // Two ends that browsers show without a beginning.
    else if (name === 'br' || name === 'p') {
      this.openElement(name, {}, false);
      if (name === 'p') this.#closeInnermost();
    }
  }

  #closeInnermost(): void {
    const name = nameOf(this.#innermost);
    if (FOREIGN.has(name)) this.#foreign--;
    if (name === 'svg') this.#drawings--;
    else if (this.#drawings === 0) this.#text = null;
    this.#open.pop();
    this.#innermost = this.#open.at(-1) ?? this.document;
  }

  /** Of the innermost open element with that name, or -1. */
  #placeOf(name: string): number {
    for (let place = this.#open.length - 1; place > 0; place--)
      if (nameOf(this.#open[place] as Document | Element) === name) return place;
    return -1;
  }

  #append(node: Element | Text): void {
    const parent = this.#innermost;
    const { children } = parent;
    const before = children.at(-1);
    if (before !== undefined) {
      node.prev = before;
      before.next = node;
    }
    node.parent = parent;
    children.push(node);
    this.#text = null;
  }
}

const nameOf = (node: Document | Element): string => ('name' in node ? node.name : '');
