import { type ChildNode, type Element, isTag, isText, type ParentNode } from 'domhandler';
import { parseDocument } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { parsePage } from '../../src/extract/parse-page.js';
import { corpusPages } from './corpus-pages.js';

/** A tree in lines: an element with its attributes, or a text, behind its depth. */
function linesOf(root: ParentNode, isLeftOut: (element: Element) => boolean = () => false): string[] {
  const lines: string[] = [];
  let text = '';
  const endText = (depth: number): void => {
    if (text !== '') lines.push(`${depth} ${JSON.stringify(text)}`);
    text = '';
  };
  const walk = (nodes: readonly ChildNode[], depth: number): void => {
    for (const node of nodes) {
      if (isText(node)) text += node.data;
      else if (isTag(node) && !isLeftOut(node)) {
        endText(depth);
        lines.push(`${depth} <${node.name}> ${JSON.stringify(Object.entries(node.attribs).sort())}`);
        walk(node.children, depth + 1);
        endText(depth + 1);
      }
    }
  };
  walk(root.children, 0);
  endText(0);
  return lines;
}

const isLeftOut = ({ name, attribs }: Element): boolean =>
  name === 'style' || name === 'svg' || (name === 'script' && !/ld\+json/i.test(attribs.type ?? ''));

const ours = (html: string): string[] => {
  const page = parsePage(html);
  if (page.kind === 'refused') throw new Error(page.reason);
  return linesOf(page.document);
};
/** What the library makes of it, without what we leave out. */
const theirs = (html: string): string[] => linesOf(parseDocument(html), isLeftOut);

describe('a page is read as htmlparser2 reads it', () => {
  it.each([
    [
      'entities with and without their semicolon',
      '<p>a &amp; b &lt;c&gt; &copy 2026 &#1046;&#x416; &nosuch; & d</p>',
    ],
    [
      'entities in values, where a parameter is none',
      '<a href="/x?a=1&amp;b=2&copy=3" title="&quot;c&quot;">d</a>',
    ],
    ['entities in one value and not in another', '<a href="/x" title="&amp;amp;">d</a><a href="&amp;">e</a>'],
    ['a title and a text area', '<title>a &amp; <b></title><textarea>&lt;p></textarea>b'],
    ['page data', '<script type="application/ld+json">{"a":"b &amp; </b>"}</script><p>&amp;</p>'],
    ['raw text', '<p>&amp;<iframe>&amp;<p></iframe>&amp;<XMP></xm></XMP >a</p>'],
    ['text that looks like a tag', 'a < b <<p>c</ d>e</>f<3 g<'],
    ['a page that ends in a tag', '<p>a<p class="b'],
    ['a page that ends in a script', '<p>a<script>b</p>'],
    ['attributes of every form', `<a b c= d e='f"' g="h'" i=j/k l = "m" N=O b="again" =p q"r / s/>t`],
    ['names in capitals', '<DIV CLASS="A">b</Div>c'],
    ['comments that end early', 'a<!-->b<!--->c<!-- d --!>e<!-- -- > f -->g<!doctype h>i<?j?>k<!l>m'],
    ['text on both sides of what is left out', 'a<script>b</script>c<!-- d -->e<style>f</style>g'],
    [
      'ends that were left out',
      '<ul><li>a<li>b</ul><p>c<p>d<div>e<table><tr><td>f<td>g<tr><th>h</table><h2>i<h3>j',
    ],
    ['ends without a beginning', 'a</b>c</p>d</br>e</div>f'],
    ['ends in the wrong order', '<b><i>a</b>b</i>c<div><span>d</div>e'],
    ['a form in a form', '<form id="a"><form id="b"><input>c</form>d</form>e'],
    ['elements that say they end and do not', '<div/>a<br/>b<p/>c'],
    ['formulas', '<math><mspace/><mi>a</mi></math>b<math/>c'],
    ['drawings', 'a<svg viewBox="0"><title>b</title><path/></svg>c'],
    ['another name for a picture', '<image src="a">b'],
  ])('%s', (_, html) => {
    expect(ours(html)).toEqual(theirs(html));
  });

  it('tags in any order', () => {
    let seed = 1;
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed % below;
    };
    const names = 'a b p div span li ul td tr table tbody h1 h2 form option select br img dd dt rt'.split(
      ' ',
    );
    const piece = (): string => {
      const name = names[random(names.length)] ?? '';
      const pieces = [
        `<${name}>`,
        `</${name}>`,
        `<${name} class="a &amp; b" id=c>`,
        'text',
        ' &lt; ',
        '<!-- d -->',
        '< ',
      ];
      return pieces[random(pieces.length)] ?? '';
    };
    for (let soup = 0; soup < 500; soup++) {
      const html = Array.from({ length: 1 + random(30) }, piece).join('');
      expect(ours(html), html).toEqual(theirs(html));
    }
  });
});

describe('a page of the press', () => {
  const pages = corpusPages(['fundus']);
  it.skipIf(pages === null)('is read as htmlparser2 reads it', () => {
    for (const { html, url } of pages ?? []) expect(ours(html).join('\n'), url).toBe(theirs(html).join('\n'));
  });
});

it('keeps what anybody names an attribute', () => {
  expect(ours('<p constructor="a" __proto__="b">c</p>')).toEqual([
    '0 <p> [["__proto__","b"],["constructor","a"]]',
    '1 "c"',
  ]);
});
