/** What may stand in a mirrored text: the whole allow-list, as data. Anything not named here is unwrapped or dropped. */

/** Boxes and paragraphs of the result. `h1` is the page's own and becomes `h2`. */
export const BLOCK_TAGS: readonly string[] = [
  'p',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'li',
  'dl',
  'dt',
  'dd',
  'blockquote',
  'pre',
  'table',
  'caption',
  'thead',
  'tbody',
  'tfoot',
  'tr',
  'th',
  'td',
  'figure',
  'figcaption',
  'aside',
  'section',
  'hr',
];

/** Inline elements that carry meaning. `span` survives only where it carries `lang` or `dir`. */
export const INLINE_TAGS: readonly string[] = [
  'a',
  'abbr',
  'b',
  'bdi',
  'bdo',
  'cite',
  'code',
  'del',
  'dfn',
  'em',
  'i',
  'ins',
  'kbd',
  'mark',
  'q',
  'rp',
  'rt',
  'ruby',
  's',
  'samp',
  'small',
  'span',
  'strong',
  'sub',
  'sup',
  'time',
  'u',
  'var',
];

export const VOID_TAGS: readonly string[] = ['br', 'hr', 'wbr'];

/** Beside `lang` and `dir`, which every element may carry. */
export const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  a: ['href', 'rel'],
  abbr: ['title'],
  time: ['datetime'],
  ol: ['start', 'reversed'],
  li: ['value'],
  td: ['colspan', 'rowspan'],
  th: ['colspan', 'rowspan', 'scope'],
  figure: ['data-src', 'data-alt'],
  aside: ['class'],
  section: ['class'],
};

/** The only classes that survive: our own card for an embed, and one update of a live blog. */
export const CLASSES: Readonly<Record<string, string>> = { aside: 'embed', section: 'update' };

export const SCHEMES: readonly string[] = ['http', 'https', 'mailto'];

/** Dropped with everything inside. */
export const DROPPED_TAGS: ReadonlySet<string> = new Set([
  'applet',
  'base',
  'button',
  'canvas',
  'dialog',
  'frame',
  'frameset',
  'head',
  'input',
  'link',
  'map',
  'meta',
  'noembed',
  'noframes',
  'noscript',
  'object',
  'optgroup',
  'option',
  'param',
  'script',
  'select',
  'style',
  'svg',
  'template',
  'textarea',
  'title',
]);

/** Elements whose edge ends a paragraph, though they themselves leave no trace. */
export const BOUNDARY_TAGS: ReadonlySet<string> = new Set([
  'address',
  'article',
  'body',
  'center',
  'details',
  'dir',
  'div',
  'fieldset',
  'footer',
  'form',
  'header',
  'hgroup',
  'html',
  'legend',
  'listing',
  'main',
  'menu',
  'nav',
  'option',
  'picture',
  'search',
  'summary',
  'xmp',
]);

/** Older names of the same thing. */
export const RENAMED_TAGS: Readonly<Record<string, string>> = {
  h1: 'h2',
  strike: 's',
  acronym: 'abbr',
  tt: 'code',
  menu: 'ul',
  dir: 'ul',
  listing: 'pre',
  xmp: 'pre',
};

/** Deeper boxes are unwrapped: an article nests lists and quotes two or three deep. */
export const MAX_BOX_DEPTH = 12;

/** Deeper inline elements are unwrapped. */
export const MAX_INLINE_DEPTH = 12;

/** Longer input is cut: a whole text of 3 MB is no article. In UTF-16 code units. */
export const MAX_INPUT_CHARS = 3_000_000;
