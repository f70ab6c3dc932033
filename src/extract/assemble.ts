import { type ChildNode, type Element, isTag, isText, type ParentNode, type Text } from 'domhandler';
import { isFurnitureScope, isPicture, pictureHtml, readFigure } from './figures.js';
import { escapeAttribute, escapeText, serialize } from './tree.js';

/** Attributes that say something about the text itself; the sanitizer decides on them again. */
const ATTRIBUTES: ReadonlySet<string> = new Set(
  'href dir lang datetime title colspan rowspan scope start reversed value cite src class data-src data-videoid'.split(
    ' ',
  ),
);
const EMBEDS: ReadonlySet<string> = new Set([
  'iframe',
  'video',
  'audio',
  'embed',
  'amp-youtube',
  'amp-twitter',
]);
const EMBED_QUOTE =
  /twitter-(?:tweet|video)|instagram-media|tiktok-embed|bluesky-embed|fb-(?:post|video)|telegram-post/;
const SILENT: ReadonlySet<string> = new Set(
  'head script style noscript template svg select option input textarea object canvas map title meta link button'.split(
    ' ',
  ),
);

export interface Assembly {
  /** The text nodes that belong to the article. */
  kept: ReadonlySet<Text>;
  /** Roots the article was found in; null: the smallest element that holds every kept node. */
  roots: readonly ParentNode[] | null;
  url: string;
  /** Address of the lead picture, which is shown apart. */
  leadSrc: string | null;
}

type Step = { node: ChildNode } | { close: Element };

/** The kept text in its own markup, with the pictures and embeds that stand between its parts. Iterative. */
export function assemble({ kept, roots, url, leadSrc }: Assembly): string {
  const holders = holdersOf(kept);
  const tops = roots ?? commonAncestor(kept, holders);
  let remaining = kept.size;
  let html = '';
  /** Elements entered; those from `opened` on have not been written, since nothing of theirs was kept yet. */
  const path: Element[] = [];
  let opened = 0;
  const seen = new Set<string>(leadSrc === null ? [] : [pictureName(leadSrc)]);
  const openPath = (): void => {
    for (; opened < path.length; opened++) html += openTag(path[opened] as Element);
  };
  const addPicture = (node: Element): void => {
    const figure = readFigure(node, url, kept);
    const fresh = figure.pictures.filter(({ src }) => !seen.has(pictureName(src)));
    for (const { src } of fresh) seen.add(pictureName(src));
    if (fresh.length === 0) return;
    openPath();
    html += pictureHtml({ ...figure, pictures: fresh });
  };

  const steps: Step[] = [];
  for (const top of [...tops].reverse()) {
    // A selector may name paragraphs and figures as well as the box round them.
    if (roots !== null && isTag(top)) steps.push({ node: top });
    else for (const node of [...top.children].reverse()) steps.push({ node });
  }
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    if ('close' in step) {
      path.pop();
      if (opened > path.length) {
        html += `</${step.close.name}>`;
        opened = path.length;
      }
      continue;
    }
    const { node } = step;
    if (isText(node)) {
      if (kept.has(node)) {
        openPath();
        html += escapeText(node.data);
        remaining--;
      } else if (opened === path.length && node.data.trim() === '') html += ' ';
      continue;
    }
    if (!isTag(node) || SILENT.has(node.name)) continue;
    const { name } = node;
    if (name === 'br' || name === 'wbr' || name === 'hr') {
      if (opened === path.length) html += `<${name}>`;
      continue;
    }
    const holdsText = holders.has(node);
    if (!holdsText && (isPicture(node) || EMBEDS.has(name) || isEmbedQuote(node))) {
      const frame = isPicture(node) ? node : node.parent;
      const isFurniture =
        frame !== null && isTag(frame) && !tops.includes(frame) && isFurnitureScope(frame, tops);
      if ((remaining > 0 || roots !== null) && !isFurniture) {
        if (isPicture(node)) addPicture(node);
        else {
          openPath();
          html += embedHtml(node);
        }
      }
      continue;
    }
    if (!holdsText && isFurnitureScope(node, tops)) continue;
    // A link round a picture leads to the same picture, and would take its caption in.
    if (holdsText || name !== 'a') {
      path.push(node);
      steps.push({ close: node });
    }
    for (let index = node.children.length - 1; index >= 0; index--) {
      const child = node.children[index];
      if (child !== undefined) steps.push({ node: child });
    }
  }
  return html;
}

/** Whether an element is a quotation that a script would turn into another service's post. */
export const isEmbedQuote = ({ attribs }: Element): boolean => EMBED_QUOTE.test(attribs.class ?? '');

/** Every element that has a kept node somewhere below. */
function holdersOf(kept: ReadonlySet<Text>): Set<ParentNode> {
  const holders = new Set<ParentNode>();
  for (const leaf of kept) {
    for (let node = leaf.parent; node !== null && !holders.has(node); node = isTag(node) ? node.parent : null)
      holders.add(node);
  }
  return holders;
}

/** The smallest element that holds every kept node; one higher where that is a single paragraph, to see pictures beside it. */
function commonAncestor(kept: ReadonlySet<Text>, holders: ReadonlySet<ParentNode>): ParentNode[] {
  const [first] = kept;
  let top: ParentNode | null = first?.parent ?? null;
  while (top !== null && isTag(top) && top.parent !== null) top = top.parent;
  if (top === null) return [];
  for (;;) {
    const below: ParentNode[] = top.children.filter(
      (child) => isTag(child) && holders.has(child),
    ) as Element[];
    const only = below[0];
    const hasOwn = top.children.some((child) => isText(child) && kept.has(child));
    if (below.length !== 1 || only === undefined || hasOwn) return [top];
    const isParagraph = only.children.some((child) => isText(child) && kept.has(child));
    if (isParagraph) return [top];
    top = only;
  }
}

/** The same picture in another size has the same file name. */
function pictureName(src: string): string {
  const path = src.split(/[?#]/)[0] ?? src;
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return name.length >= 8 ? name : src;
}

function openTag({ name, attribs }: Element): string {
  let html = `<${name}`;
  for (const [key, value] of Object.entries(attribs))
    if (ATTRIBUTES.has(key) && key !== 'class') html += ` ${key}="${escapeAttribute(value)}"`;
  return `${html}>`;
}

/** An embed with what the sanitizer needs to make its card. */
function embedHtml(node: Element): string {
  let html = openTag(node).slice(0, -1);
  if (EMBED_QUOTE.test(node.attribs.class ?? ''))
    html += ` class="${escapeAttribute(node.attribs.class ?? '')}"`;
  return `${html}>${node.children.map(serialize).join('')}</${node.name}>`;
}
