import { type ChildNode, type Element, isTag, isText, type ParentNode, type Text } from 'domhandler';
import { isCaption } from './caption.js';
import { HINT_NAMES, hintsOf } from './hints.js';
import { foldSpace, isInline } from './tree.js';

/** One paragraph, heading, list item, cell or loose run of text between two block edges of a page. */
export interface Block {
  text: string;
  /** The text nodes it is made of. */
  leaves: Text[];
  /** The block-level element it stands in directly. */
  scope: Scope;
  linkChars: number;
  boldChars: number;
}

/** A block-level element and the blocks below it: `[first, end)`. */
export interface Scope {
  element: Element | null;
  tag: string;
  parent: Scope | null;
  depth: number;
  hints: number;
  flags: number;
  first: number;
  end: number;
  /** How its blocks look, once asked for: see `styleOf`. */
  style: string | null;
}

export const FLAG = {
  article: 1,
  main: 2,
  aside: 4,
  nav: 8,
  footer: 16,
  header: 32,
  form: 64,
  figure: 128,
  table: 256,
  list: 512,
  quote: 1024,
  button: 2048,
  hidden: 4096,
  details: 8192,
  articleBody: 16_384,
  caption: 32_768,
} as const;

const FLAG_OF_TAG: Readonly<Record<string, number>> = {
  article: FLAG.article,
  main: FLAG.main,
  aside: FLAG.aside,
  nav: FLAG.nav,
  footer: FLAG.footer,
  header: FLAG.header,
  form: FLAG.form,
  fieldset: FLAG.form,
  label: FLAG.form,
  figure: FLAG.figure,
  table: FLAG.table,
  ul: FLAG.list,
  ol: FLAG.list,
  dl: FLAG.list,
  blockquote: FLAG.quote,
  button: FLAG.button,
  details: FLAG.details,
};

const FLAG_OF_ROLE: Readonly<Record<string, number>> = {
  navigation: FLAG.nav,
  complementary: FLAG.aside,
  main: FLAG.main,
};

/** Read for nothing: no text, or text that belongs to a control. */
const SKIPPED: ReadonlySet<string> = new Set(
  'head script style noscript template svg math select option input textarea iframe object video audio canvas map title meta link img picture source'.split(
    ' ',
  ),
);

export interface Segments {
  blocks: Block[];
  scopes: Scope[];
}

/** Blocks past this are not read: live pages with comments stay under a tenth of it. */
const MAX_BLOCKS = 20_000;

type Step = ChildNode | 'leave-scope' | 'leave-link' | 'leave-bold';

/** A page as its blocks of text, in document order. Iterative. */
export function segment(root: ParentNode): Segments {
  const outermost: Scope = {
    element: null,
    tag: 'body',
    parent: null,
    depth: 0,
    hints: 0,
    flags: 0,
    first: 0,
    end: 0,
    style: null,
  };
  const blocks: Block[] = [];
  const scopes: Scope[] = [outermost];
  let scope = outermost;
  let leaves: Text[] = [];
  let pieces = '';
  let linkChars = 0;
  let boldChars = 0;
  let links = 0;
  let bolds = 0;
  let breaks = 0;

  const flush = (): void => {
    const text = leaves.length === 0 ? '' : foldSpace(pieces);
    if (text !== '') blocks.push({ text, leaves, scope, linkChars, boldChars });
    leaves = [];
    pieces = '';
    linkChars = 0;
    boldChars = 0;
    breaks = 0;
  };

  const steps: Step[] = [];
  const descend = (node: ParentNode): void => {
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child !== undefined) steps.push(child);
    }
  };
  descend(root);
  for (let step = steps.pop(); step !== undefined && blocks.length < MAX_BLOCKS; step = steps.pop()) {
    if (step === 'leave-scope') {
      flush();
      scope.end = blocks.length;
      scope = scope.parent ?? outermost;
    } else if (step === 'leave-link') links--;
    else if (step === 'leave-bold') bolds--;
    else if (isText(step)) {
      const chars = step.data.trim().length;
      pieces += chars === 0 ? ' ' : step.data;
      if (chars === 0) continue;
      leaves.push(step);
      breaks = 0;
      if (links > 0) linkChars += chars;
      if (bolds > 0) boldChars += chars;
    } else if (isTag(step)) {
      const { name } = step;
      if (SKIPPED.has(name) || (step.attribs.class !== undefined && isForScreenReaders(step.attribs.class)))
        continue;
      if (name === 'br') {
        breaks++;
        pieces += ' ';
        if (breaks >= 2) flush();
      } else if (name === 'hr') flush();
      else if (isInline(name)) {
        if (name === 'a') {
          links++;
          steps.push('leave-link');
        } else if (BOLD.has(name)) {
          bolds++;
          steps.push('leave-bold');
        }
        descend(step);
      } else {
        flush();
        scope = openScope(step, scope, blocks.length);
        scopes.push(scope);
        steps.push('leave-scope');
        descend(step);
      }
    }
  }
  flush();
  for (const open of scopes) if (open.end === 0 || open.end < open.first) open.end = blocks.length;
  outermost.end = blocks.length;
  return { blocks, scopes };
}

const SCREEN_READERS = /(?:^|\s)(?:sr-only|visually-?hidden|screen-reader-text|screenreader-text)(?:\s|$)/i;

/** Words for those who hear a page, which repeat what others see. */
function isForScreenReaders(names: string): boolean {
  return /reader|hidden|sr-only/i.test(names) && SCREEN_READERS.test(names);
}

const BOLD: ReadonlySet<string> = new Set(['b', 'strong', 'em', 'i']);

/** Both, with a space between; what is not there leaves none. */
function join(left: string | undefined, right: string | undefined): string | undefined {
  if (right === undefined) return left;
  return left === undefined ? right : `${left} ${right}`;
}

const CAPTION = 1 << HINT_NAMES.indexOf('caption');

/** Tells most elements at once: `isCaption` looks at what stands round one. */
const mayBeCaption = ({ name, attribs }: Element, hints: number): boolean =>
  (hints & CAPTION) !== 0 || name === 'figure' || name === 'figcaption' || attribs.itemprop === 'caption';

function openScope(element: Element, parent: Scope, first: number): Scope {
  const { name, attribs } = element;
  const { id, role } = attribs;
  const joined = join(
    join(join(join(attribs.class, id), attribs['data-testid']), attribs['data-component']),
    role,
  );
  const hints = joined === undefined || joined === '' ? 0 : hintsOf(joined);
  const isHidden =
    attribs.hidden !== undefined ||
    attribs['aria-hidden'] === 'true' ||
    (attribs.style !== undefined && /display:\s*none/i.test(attribs.style));
  return {
    element,
    tag: name,
    parent,
    depth: parent.depth + 1,
    hints,
    flags:
      parent.flags |
      (FLAG_OF_TAG[name] ?? 0) |
      (role === undefined ? 0 : (FLAG_OF_ROLE[role] ?? 0)) |
      (attribs.itemprop !== undefined && /articlebody/i.test(attribs.itemprop) ? FLAG.articleBody : 0) |
      (isHidden ? FLAG.hidden : 0) |
      (mayBeCaption(element, hints) && isCaption(element) ? FLAG.caption : 0),
    first,
    end: 0,
    style: null,
  };
}
