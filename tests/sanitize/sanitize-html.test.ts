import { describe, expect, it } from 'vitest';
import { safeBlocks, textOf } from '../../src/sanitize/safe-text.js';
import { sanitizeHtml } from '../../src/sanitize/sanitize-html.js';

const clean = (html: string): string => sanitizeHtml(html, { baseUrl: 'https://news.example/2026/story' });

describe('sanitizeHtml', () => {
  it('wraps loose text in paragraphs, so that a text can be split between any two blocks', () => {
    expect(clean('one <b>two</b><p>three</p>four')).toBe('<p>one <b>two</b></p><p>three</p><p>four</p>');
  });

  it('ends a paragraph at two line breaks and keeps a single one', () => {
    expect(clean('<div>a<br>b<br><br>c</div>')).toBe('<p>a<br />b</p><p>c</p>');
  });

  it('makes links absolute, drops tracking and keeps every other parameter as it was', () => {
    expect(
      clean('<a href="/x?utm_source=feed&q=%20a+b&fbclid=1#end" target="_blank" onclick="x()">l</a>'),
    ).toBe('<p><a href="https://news.example/x?q=%20a+b#end" rel="noreferrer">l</a></p>');
  });

  it('unwraps links to other schemes, to places in the page and with a password', () => {
    for (const href of [
      'javascript:alert(1)',
      'java\nscript:x',
      'data:text/html,x',
      '#note',
      'https://a:b@c.example/',
      'ftp://x.example',
    ])
      expect(clean(`<a href="${href}">word</a>`)).toBe('<p>word</p>');
  });

  it('keeps the bare address of a mailto link', () => {
    expect(clean('<a href="mailto:desk@news.example?subject=x">write</a>')).toBe(
      '<p><a href="mailto:desk@news.example" rel="noreferrer">write</a></p>',
    );
  });

  it('turns a picture into a figure that loads nothing, after the paragraph it stood in', () => {
    expect(clean('<p>before <img src="/a.jpg" alt="A &quot;view&quot;" width="600"> after</p>')).toBe(
      '<p>before after</p><figure data-src="https://news.example/a.jpg" data-alt="A &quot;view&quot;"></figure>',
    );
  });

  it('gives each picture of a gallery its own figure, the caption with the first', () => {
    expect(
      clean(
        '<figure><img src="a.jpg"><img src="b.jpg"><figcaption>Two <small>credit</small></figcaption></figure>',
      ),
    ).toBe(
      '<figure data-src="https://news.example/2026/a.jpg"><figcaption>Two <small>credit</small></figcaption></figure>' +
        '<figure data-src="https://news.example/2026/b.jpg"></figure>',
    );
  });

  it('drops counting pixels and icons, and writes an emoji as its character', () => {
    expect(
      clean('<p>x<img src="https://count.example/p.gif" width="1" height="1"><img src="e.png" alt="🔥"></p>'),
    ).toBe('<p>x🔥</p>');
  });

  it('makes an embed a card with a plain link', () => {
    expect(
      clean('<iframe src="https://www.youtube.com/embed/abcdefghijk?rel=0" title="A film"></iframe>'),
    ).toBe(
      '<aside class="embed"><a href="https://www.youtube.com/watch?v=abcdefghijk" rel="noreferrer">YouTube · A film</a></aside>',
    );
    expect(
      clean(
        '<blockquote class="twitter-tweet"><p>Words</p><a href="https://twitter.com/a/status/1?ref_src=x">d</a></blockquote>',
      ),
    ).toBe(
      '<aside class="embed"><a href="https://twitter.com/a/status/1" rel="noreferrer">X · Words d</a></aside>',
    );
  });

  it('makes no card for an embed that nobody sees', () => {
    expect(clean('<iframe src="https://count.example/" width="1" height="1"></iframe><p>x</p>')).toBe(
      '<p>x</p>',
    );
  });

  it('keeps lists, nested ones too, and lifts paragraphs out of single items', () => {
    expect(clean('<ul><li><p>a</p></li><li>b<ol start="3"><li>c</li></ol></li></ul>')).toBe(
      '<ul><li>a</li><li>b<ol start="3"><li>c</li></ol></li></ul>',
    );
  });

  it('keeps tables of data and unwraps tables that only place things', () => {
    expect(clean('<table><tr><th scope="row">a<td colspan=2>b</table>')).toBe(
      '<table><tbody><tr><th scope="row">a</th><td colspan="2">b</td></tr></tbody></table>',
    );
    expect(clean('<table><tr><td><p>a</p></td></tr><tr><td>b</td></tr></table>')).toBe('<p>a</p><p>b</p>');
  });

  it('keeps quotes, code, definitions, ruby and both directions of writing', () => {
    for (const html of [
      '<blockquote><p>q</p></blockquote>',
      '<pre><code>a\n  b</code></pre>',
      '<dl><dt>t</dt><dd>d</dd></dl>',
      '<p><ruby>漢<rp>(</rp><rt>kan</rt><rp>)</rp></ruby></p>',
      '<p dir="rtl" lang="fa">سلام <bdo dir="ltr">abc</bdo> <bdi>x</bdi></p>',
      '<section class="update"><h3><time datetime="2026-01-01T10:00Z">10:00</time></h3><p>x</p></section>',
    ])
      expect(clean(html)).toBe(html);
  });

  it('keeps the marks of Unicode that set a direction, and closes in its paragraph what one leaves open', () => {
    for (const text of [
      '\u05d0\u200f!',
      'a\u200e:',
      '\u2067\u0633\u2069 x',
      '\u2066a\u2069',
      '\u2068b\u2069',
      '\u202bc\u202c',
    ])
      expect(clean(`<p>${text}</p>`)).toBe(`<p>${text}</p>`);
    for (const [open, closed] of [
      ['\u202eabc', '\u202eabc\u202c'],
      ['\u202a\u202b<b>\u202da</b>', '\u202a\u202b<b>\u202da</b>\u202c\u202c\u202c'],
      ['\u2067a\u202eb', '\u2067a\u202eb\u202c\u2069'],
      ['\u2067a\u202eb\u2069', '\u2067a\u202eb\u2069'],
      ['\u202c\u2069a\u202e\u2069b', '\u202c\u2069a\u202e\u2069b\u202c'],
    ]) {
      const safe = clean(`<p>${open}</p><p>next</p>`);
      expect(safe).toBe(`<p>${closed}</p><p>next</p>`);
      expect(clean(safe)).toBe(safe);
    }
    expect(clean('<p>\u202e</p><p>next</p>')).toBe('<p>next</p>');
  });

  it('hands the direction of a box on to the paragraphs in it', () => {
    expect(clean('<div dir="rtl">یک<p>دو</p></div>')).toBe('<p dir="rtl">یک</p><p dir="rtl">دو</p>');
  });

  it('drops ids, classes, styles, handlers, comments and every control', () => {
    expect(
      clean('<p id="a" class="b" style="color:red" onclick="x()">t<!-- c --><button>b</button><input></p>'),
    ).toBe('<p>t</p>');
  });

  it('survives 20,000 nested tags and says what stood before them', () => {
    for (const tag of ['<div>', '<b>', '<ul><li>', '<table><tr><td>', '<blockquote>', '<a href=x>'])
      expect(clean(`<p>first</p>${tag.repeat(20_000)}deep`)).toContain('<p>first</p>');
  });
});

describe('safeBlocks', () => {
  it('cuts a text at its top level only, and loses nothing', () => {
    const html = sanitizeHtml('<p>a</p><ul><li>b<ul><li>c</ul></ul><hr><blockquote><p>d<p>e</blockquote>', {
      baseUrl: 'https://a.example',
    });
    expect(safeBlocks(html).map((block) => /^<(\w+)/.exec(block)?.[1])).toEqual([
      'p',
      'ul',
      'hr',
      'blockquote',
    ]);
    expect(safeBlocks(html).join('')).toBe(html);
  });
});

describe('textOf', () => {
  it('gives one paragraph a line, without captions and cards', () => {
    const html = sanitizeHtml(
      '<h2>H</h2><p>a<br>b</p><figure><img src=x.jpg><figcaption>cap</figcaption></figure><iframe src="https://e.example"></iframe><ul><li>c<li>d</ul><table><tr><td>1<td>2</table>',
      { baseUrl: 'https://a.example' },
    );
    expect(textOf(html)).toBe('H\na b\nc\nd\n1 2');
  });
});
