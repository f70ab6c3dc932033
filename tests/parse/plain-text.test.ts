import { describe, expect, it } from 'vitest';
import { parseFeed } from '../../src/parse/parse-feed.js';

/** The content of the only entry of a feed, as it was read. */
function contentOf(source: string): string | null {
  const result = parseFeed(new TextEncoder().encode(source), { url: null, contentType: null });
  if (result.kind === 'no-feed') throw new Error(result.reason);
  const [entry] = result.feed.entries;
  return entry?.contentHtml ?? entry?.summaryHtml ?? null;
}

const rss = (description: string) =>
  contentOf(`<rss><channel><item><description>${description}</description></item></channel></rss>`);
const atom = (content: string) =>
  contentOf(`<feed xmlns="http://www.w3.org/2005/Atom"><entry>${content}</entry></feed>`);
const json = (content_text: string) =>
  contentOf(JSON.stringify({ version: '1', items: [{ id: '1', content_text }] }));

describe('a text without markup', () => {
  it('keeps its paragraphs, in whichever dialect it comes', () => {
    expect(rss('First &amp;amp; one.\r\n\r\n Second\none.')).toBe(
      '<p>First &amp; one.</p><p>Second\none.</p>',
    );
    expect(atom('<content type="text">1 &lt; 2.\n\t\n\nSecond.</content>')).toBe(
      '<p>1 &lt; 2.</p><p>Second.</p>',
    );
    expect(json('First.\n\nSecond,\nin two lines.\n')).toBe('<p>First.</p><p>Second,<br>in two lines.</p>');
  });

  it('is HTML all the same where it begins with an element or holds an entity', () => {
    expect(atom('<content>&lt;div&gt;&lt;p&gt;One&lt;/p&gt;&lt;/div&gt;</content>')).toBe(
      '<div><p>One</p></div>',
    );
    expect(atom('<summary>&amp;ldquo;Ask&amp;rdquo; and tell</summary>')).toBe('&ldquo;Ask&rdquo; and tell');
    expect(atom('<content type="text">a &lt;b&gt; c &amp; d</content>')).toBe('a &lt;b&gt; c &amp; d');
    expect(atom('<content type="text">&lt;untitled&gt; c</content>')).toBe('&lt;untitled&gt; c');
  });

  it('stays as it is where it has one, and where it has tags', () => {
    expect(rss('One\nparagraph.')).toBe('One\nparagraph.');
    expect(rss('&lt;p&gt;One&lt;/p&gt;\n\n&lt;p&gt;Two&lt;/p&gt;')).toBe('<p>One</p>\n\n<p>Two</p>');
    expect(json('One & two')).toBe('One &amp; two');
  });
});
