import fc from 'fast-check';
import { type DefaultTreeAdapterMap, parseFragment, serialize } from 'parse5';
import { describe, expect, it } from 'vitest';
import { ATTRIBUTES, BLOCK_TAGS, CLASSES, INLINE_TAGS, VOID_TAGS } from '../../src/sanitize/allow-list.js';
import { safeBlocks } from '../../src/sanitize/safe-text.js';
import { sanitizeHtml } from '../../src/sanitize/sanitize-html.js';
import { corpusDir } from '../support/corpus.js';
import { describeUnless } from '../support/tools.js';
import { MORE_PAYLOADS, xssPayloads } from '../support/xss.js';

type Node = DefaultTreeAdapterMap['node'];
type Element = DefaultTreeAdapterMap['element'];

const clean = (html: string): string => sanitizeHtml(html, { baseUrl: 'https://news.example/a/b' });
const ALLOWED = new Set([...BLOCK_TAGS, ...INLINE_TAGS, ...VOID_TAGS]);
const TOP = new Set([
  'p',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'dl',
  'blockquote',
  'pre',
  'table',
  'figure',
  'aside',
  'section',
  'hr',
]);

/** Everything a browser would see in it that it must not see. */
function faults(html: string): string[] {
  const root = parseFragment(html);
  const found: string[] = [];
  for (const node of root.childNodes) if (!TOP.has(node.nodeName)) found.push(`top level: ${node.nodeName}`);
  const nodes: Node[] = [...root.childNodes];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if (node.nodeName === '#text') continue;
    const { tagName, attrs, namespaceURI, childNodes } = node as Element;
    if (!ALLOWED.has(tagName)) found.push(`element: ${node.nodeName}`);
    if (namespaceURI !== 'http://www.w3.org/1999/xhtml') found.push(`namespace: ${namespaceURI}`);
    for (const { name, value } of attrs ?? []) {
      if (name !== 'lang' && name !== 'dir' && !ATTRIBUTES[tagName]?.includes(name))
        found.push(`attribute: ${tagName} ${name}`);
      if (name === 'class' && value !== CLASSES[tagName]) found.push(`class: ${value}`);
      if ((name === 'href' || name === 'data-src') && !/^(?:https?:\/\/|mailto:)/.test(value))
        found.push(`scheme: ${value}`);
    }
    nodes.push(...(childNodes ?? []));
  }
  return found;
}

const NAMES =
  'p div span b i a img h1 h3 ul ol li table tr td th tbody caption dl dt dd blockquote pre code figure figcaption section aside iframe svg math style script noscript template br hr ruby rt bdo font form select option textarea title video x-y mtext mglyph'.split(
    ' ',
  );
const name = fc.constantFrom(...NAMES);
const attribute = fc.constantFrom(
  '',
  ' class="embed"',
  ' class="update"',
  ' href="/x?utm_a=1"',
  ' href="javascript:alert(1)"',
  ' src="a.jpg"',
  ' src=x onerror=alert(1)',
  ' dir=rtl',
  ' lang="fa"',
  ' data-src="https://p.example/i.png"',
  ' style="x"',
  ' title="<b>&quot;"',
  ' colspan=3',
);
const piece = fc.oneof(
  fc.tuple(name, attribute).map(([tag, attrs]) => `<${tag}${attrs}>`),
  name.map((tag) => `</${tag}>`),
  fc.constantFrom(
    'word',
    ' ',
    '\n',
    '&lt;script&gt;',
    '&amp;',
    'a  b',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '&nbsp;',
    '<',
    '"',
    "'",
    'שלום',
  ),
  fc.string({ maxLength: 6 }),
);
const soup = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

describe('sanitizeHtml, on any soup of tags', () => {
  it('leaves nothing that is not on the list, as a browser would parse it', () => {
    fc.assert(
      fc.property(soup, (html) => {
        expect(faults(clean(html))).toEqual([]);
      }),
      { numRuns: 600, seed: 20261123 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(soup, (html) => {
        const once = clean(html);
        expect(clean(once)).toBe(once);
      }),
      { numRuns: 600, seed: 20261124 },
    );
  });

  it('writes what a browser reads back as the same tree', () => {
    fc.assert(
      fc.property(soup, (html) => {
        const once = clean(html);
        expect(serialize(parseFragment(once)).replaceAll('&nbsp;', '\u00a0')).toBe(
          once.replaceAll(' />', '>'),
        );
      }),
      { numRuns: 400, seed: 20261126 },
    );
  });

  it('gives blocks that are each a text of their own', () => {
    fc.assert(
      fc.property(soup, (html) => {
        const whole = sanitizeHtml(html, { baseUrl: 'https://news.example/a/b' });
        const blocks = safeBlocks(whole);
        expect(blocks.join('')).toBe(whole);
        for (const block of blocks) expect(clean(block)).toBe(block);
      }),
      { numRuns: 300, seed: 20261125 },
    );
  });
});

const corpus = corpusDir();

describeUnless(corpus === null ? 'the corpus is not here' : null, 'sanitizeHtml, on known attacks', () => {
  it('leaves nothing of all 223 that could run or be requested, once and twice', () => {
    const payloads = xssPayloads(corpus ?? '');
    expect(payloads).toHaveLength(223);
    for (const payload of [...payloads, ...MORE_PAYLOADS]) {
      const once = clean(payload);
      expect({ payload, faults: faults(once) }).toEqual({ payload, faults: [] });
      expect(clean(once)).toBe(once);
    }
  });
});
