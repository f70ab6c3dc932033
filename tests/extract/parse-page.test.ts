import { getElementsByTagName, textContent } from 'domutils';
import { parseDocument } from 'htmlparser2';
import { describe, expect, it } from 'vitest';
import { parsePage } from '../../src/extract/parse-page.js';

function parsed(html: string) {
  const page = parsePage(html);
  if (page.kind === 'refused') throw new Error(page.reason);
  return page.document;
}

describe('entities of a page', () => {
  it.each([
    [
      'in a text, with and without their semicolon',
      '<p>a &amp; b &lt;c&gt; &copy 2026 &#1046;&#x416; &nosuch; & d</p>',
    ],
    ['in values, where a parameter is none', '<a href="/x?a=1&amp;b=2&copy=3" title="&quot;c&quot;">d</a>'],
    [
      'of which one value has some and another none',
      '<a href="/x" title="&amp;amp;">d</a><a href="&amp;">e</a>',
    ],
    ['in a title and a text area', '<title>a &amp; <b></title><textarea>&lt;p></textarea>'],
    ['left alone in page data', '<script type="application/ld+json">{"a":"b &amp; c"}</script><p>&amp;</p>'],
    ['in an element that holds a raw one', '<p>&amp;<iframe>&amp;</iframe>&amp;</p>'],
  ])('are those of the parser that reads them itself: %s', (_, html) => {
    const whole = parseDocument(html);
    const ours = parsed(html);
    expect(textContent(ours)).toBe(textContent(whole));
    const attributes = (root: typeof whole) => getElementsByTagName('*', root).map(({ attribs }) => attribs);
    expect(attributes(ours)).toEqual(attributes(whole));
  });

  it('are whole wherever the pieces end in which a page is read', () => {
    const words = `${'x &amp; y '.repeat(4_000)}&eacute;`;
    for (const before of [0, 1, 2, 3, 4])
      expect(textContent(parsed(`<p>${'.'.repeat(before)}</p><p>${words}</p>`))).toBe(
        `${'.'.repeat(before)}${'x & y '.repeat(4_000)}é`,
      );
  });
});
