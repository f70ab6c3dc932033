import { describe, expect, it } from 'vitest';
import { absoluteLinks } from '../../src/parse/absolute-links.js';

describe('absoluteLinks', () => {
  const base = 'https://news.example/2026/a.html';

  it.each([
    ['<a href="b.html">b</a>', '<a href="https://news.example/2026/b.html">b</a>'],
    ["<IMG alt=x SRC='/i.png'>", "<IMG alt=x SRC='https://news.example/i.png'>"],
    ['<img src=i.png width=1>', '<img src=https://news.example/2026/i.png width=1>'],
    ['<a href="?a=1&amp;b=2">', '<a href="https://news.example/2026/a.html?a=1&amp;b=2">'],
    [
      '<img srcset="s.png 1x, //cdn.example/l.png 2x">',
      '<img srcset="https://news.example/2026/s.png 1x, https://cdn.example/l.png 2x">',
    ],
    [
      '<video poster="p.jpg"><source src="v.mp4"></video>',
      '<video poster="https://news.example/2026/p.jpg"><source src="https://news.example/2026/v.mp4"></video>',
    ],
  ])('resolves %s', (html, expected) => expect(absoluteLinks(html, base)).toBe(expected));

  it.each([
    '<a href="#note">1</a>',
    '<a href="https://other.example/x?a=1&b">kept as written</a>',
    '<a href="mailto:desk@news.example">',
    '<a href="http://[bad">',
    '<p title="b.html">a href="c.html"</p>',
    '<!-- <a href="b.html"> -->',
    '<a href=',
  ])('leaves %s as it is', (html) => expect(absoluteLinks(html, base)).toBe(html));

  it('changes nothing where no base is known', () => {
    expect(absoluteLinks('<a href="b.html">', null)).toBe('<a href="b.html">');
  });
});
