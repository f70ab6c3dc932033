import { describe, expect, it } from 'vitest';
import { noPageRules } from '../../src/domain/publisher.js';
import { extractPage } from '../../src/extract/extract-page.js';
import { sanitizeHtml } from '../../src/sanitize/sanitize-html.js';

const url = 'https://news.example/2026/05/04/story';
let written = 0;
/** So many paragraphs, no two of them alike: a page's repeated paragraphs count once. */
const prose = (count: number): string =>
  Array.from({ length: count }, () => {
    written++;
    return `<p>Paragraph ${written} says at some length, and with commas, what was seen at the lock gate number ${written}.</p>`;
  }).join('');

describe('extractPage', () => {
  it.each([
    ['nothing at all', ''],
    ['20,000 nested tags', '<div>'.repeat(20_000)],
    ['20,000 nested tags with text', `${'<b><i>'.repeat(10_000)}text`],
    ['50 MB of text', 'word '.repeat(10_000_000)],
    ['a million elements', '<p>x</p>'.repeat(1_000_000)],
    ['an unclosed script', '<p>a</p><script>'.repeat(5_000)],
  ])('answers for %s that there is no article', (_, html) => {
    expect(extractPage(html, { url })).toMatchObject({ kind: 'no-article', reason: expect.any(String) });
  });

  it('keeps lists in lists, tables with joined cells, quotes, code with its tabs, ruby and directions that stand in the text', () => {
    const parts = [
      '<ul><li>one gate of oak<ul><li>its lower half is newer<ol start="3"><li>and its third plank newest</li></ol></li></ul></li><li>one gate of iron</li></ul>',
      '<blockquote><p>It opens when it is asked, and never sooner than that.</p></blockquote>',
      '<table><thead><tr><th rowspan="2" scope="col">Gate</th><th colspan="2">Years</th></tr><tr><th>From</th><th>To</th></tr></thead><tbody><tr><td rowspan="2">Upper</td><td>1911</td><td>1920</td></tr><tr><td>1921</td><td>1930</td></tr></tbody></table>',
      '<pre><code>open() {\n\tgate.lift();\n\t\twait  2;\n}</code></pre>',
      '<ruby>東<rp>(</rp><rt>とう</rt><rp>)</rp>京<rt>きょう</rt></ruby>, the gate of <bdi>אברהם</bdi> and <bdo dir="rtl">abc</bdo>, says the keeper.',
      '<p dir="rtl" lang="he">שלום לכולם, זה טקסט ארוך מספיק כדי להיות פסקה, אומר השומר של השער.</p>',
      '<dl><dt>Lock</dt><dd>A place between two gates where boats are lifted or lowered.</dd></dl>',
      '<figure data-src="https://news.example/gate.jpg"><figcaption>A gate, seen from the path</figcaption></figure>',
    ];
    const sent = parts
      .map((part) => part.replace(/^<ruby>/, '<p>The word for it is <ruby>'))
      .map((part) => part.replace(/^<figure[^>]*>/, '<figure><img src="/gate.jpg" width="600">'));
    const html = `<article><h1>Locks</h1>${sent.map((part) => prose(2) + part).join('')}${prose(2)}</article>`;
    const result = extractPage(html, { url });
    const safe = sanitizeHtml(result.kind === 'page' ? result.page.contentHtml : '', { baseUrl: url });
    for (const part of parts) expect(safe).toContain(part);
  });

  it.each([
    ['The gate. Photo: Bo Sample', 'The gate.', 'Bo Sample'],
    ['Ворота шлюза. Фото: А. Пример / Бюро', 'Ворота шлюза.', 'А. Пример / Бюро'],
    ['Фото: Бо Образец', '', 'Бо Образец'],
    ['Ворота (Бо Образец/ТАСС)', 'Ворота', 'Бо Образец/ТАСС'],
    ['The gate (Bo Sample/Reuters)', 'The gate', 'Bo Sample/Reuters'],
    ['The gate. Photograph by Bo Sample', 'The gate.', 'Bo Sample'],
    ['دروازه. عکس: نمونه', 'دروازه.', 'نمونه'],
    ['闸门。图片：样本社', '闸门。', '样本社'],
    ['© Bo Sample', '', 'Bo Sample'],
    ['The gate <cite>Bo Sample</cite>', 'The gate', 'Bo Sample'],
    ['She took a photo by the river', 'She took a photo by the river', ''],
    ['Bo Sample at the gate (left)', 'Bo Sample at the gate (left)', ''],
  ])('tells the credit from the caption: %s', (words, caption, credit) => {
    const html = `<article><h1>Locks</h1>${prose(3)}<figure><img src="/p/gate.jpg"><figcaption>${words}</figcaption></figure>${prose(2)}</article>`;
    const inside = [caption, credit === '' ? '' : `<small>${credit}</small>`]
      .filter((part) => part !== '')
      .join(' ');
    const result = extractPage(html, { url });
    expect(result.kind === 'page' ? result.page.contentHtml : '').toContain(
      `<figcaption>${inside}</figcaption>`,
    );
  });

  it('keeps a picture in the text with its caption and credit apart, and leaves a related link’s picture out', () => {
    const html = `<article><h1>Locks</h1>${prose(3)}<figure><img data-src="/p/gate.jpg" src="data:image/gif;base64,AA" alt="Gate"><figcaption>The gate <span class="photo-credit">Desk of Pictures</span></figcaption></figure>${prose(2)}<div class="related"><a href="/other"><img src="/p/other.jpg" width="300"></a></div>${prose(2)}</article>`;
    const result = extractPage(html, { url });
    const safe = sanitizeHtml(result.kind === 'page' ? result.page.contentHtml : '', { baseUrl: url });
    expect(safe).toContain(
      '<figure data-src="https://news.example/p/gate.jpg" data-alt="Gate"><figcaption>The gate <small>Desk of Pictures</small></figcaption></figure>',
    );
    expect(safe).not.toContain('other.jpg');
  });

  it('takes the text that a page states for programs where a script is to draw it', () => {
    const sentence = 'The upper gate of the old canal was lifted at noon, and the keeper stood beside it.';
    const body = Array.from({ length: 5 }, (_, index) => `${index + 1}. ${sentence} 1 < 2`).join('\n\n');
    const data = JSON.stringify({ '@type': 'NewsArticle', headline: 'Locks', articleBody: body });
    const html = `<script type="application/ld+json">${data}</script><h1>Locks</h1><div id="root"></div>`;
    const result = extractPage(html, { url });
    expect(result.kind === 'page' ? result.page.contentHtml : '').toContain(
      `<p>1. ${sentence} 1 &lt; 2</p><p>2.`,
    );
  });

  it('takes no face of an author for the lead', () => {
    const page = (stated: string) =>
      `<meta property="og:image" content="${stated}"><article><h1>Locks</h1><p class="meta"><img src="/img/authors/sample-2x.png" alt="Bo Sample"></p>${prose(6)}</article>`;
    const leadOf = (stated: string) => {
      const result = extractPage(page(stated), { url });
      return result.kind === 'page' ? (result.page.lead?.src ?? null) : undefined;
    };
    expect(leadOf('https://news.example/p/gate.jpg')).toBe('https://news.example/p/gate.jpg');
    expect(leadOf('https://news.example/img/authors/sample.png')).toBe(null);
  });

  it.each([
    ['its first paragraph', (line: string) => `<div class="body"><p class="standfirst">${line}</p>`, false],
    ['a heading in it', (line: string) => `<div class="body"><h2 class="subhead">${line}</h2>`, false],
    ['nothing of it', (line: string) => `<p class="standfirst">${line}</p><div class="body">`, true],
  ])('shows a standfirst once, where the text has %s', (_, body, isApart) => {
    const line = 'Two gates of the old canal are to be opened again this spring, says their keeper.';
    const rules = { ...noPageRules('always'), content: ['.body > *'] };
    const result = extractPage(`<article><h1>Locks</h1>${body(line)}${prose(6)}</div></article>`, {
      url,
      rules,
    });
    const { subtitle, contentHtml } =
      result.kind === 'page' ? result.page : { subtitle: '', contentHtml: '' };
    expect([subtitle, contentHtml.includes(line)]).toEqual(isApart ? [line, false] : [null, true]);
  });

  it('calls an article of pictures with little text a gallery', () => {
    const pictures = Array.from(
      { length: 8 },
      (_, index) =>
        `<figure><img src="/p/${index}-of-the-gates.jpg"><figcaption>Gate ${index}</figcaption></figure>`,
    );
    const result = extractPage(
      `<article><h1>Eight gates</h1>${prose(3)}${pictures.join('')}${prose(1)}</article>`,
      { url },
    );
    expect(result).toMatchObject({ kind: 'page', page: { kind: 'gallery' } });
  });

  it('never brings back an author whom the publisher’s own byline no longer shows', () => {
    const html = `<script type="application/ld+json">{"@type":"NewsArticle","headline":"Locks","author":{"@type":"Person","name":"Desk of Locks"}}</script><article><h1>Locks</h1><div class="byline"></div>${prose(6)}</article>`;
    const empty = {
      fetch: 'always',
      title: [],
      subtitle: [],
      content: [],
      lead: [],
      leadCaption: [],
      leadCredit: [],
      tags: [],
      section: [],
      keep: [],
      drop: [],
      boilerplate: [],
    } as const;
    const names = (authors: readonly string[]) => {
      const result = extractPage(html, { url, rules: { ...empty, authors } });
      return result.kind === 'page' ? result.page.authors.map(({ name }) => name) : null;
    };
    expect(names([])).toEqual(['Desk of Locks']);
    expect(names(['.byline .name'])).toEqual([]);
  });

  it('ignores a selector that cannot be read', () => {
    const rules = {
      fetch: 'always',
      title: ['h1['],
      subtitle: [],
      authors: [],
      content: [':::'],
      lead: [],
      leadCaption: [],
      leadCredit: [],
      tags: [],
      section: [],
      keep: [],
      drop: ['('],
      boilerplate: [],
    } as const;
    expect(extractPage(`<article><h1>Locks</h1>${prose(6)}</article>`, { url, rules }).kind).toBe('page');
  });

  it('reads a date without an offset in the publisher’s zone', () => {
    const html = `<meta property="article:published_time" content="2026-05-04T12:00:00"><article><h1>Locks</h1>${prose(6)}</article>`;
    const at = (timeZone: string) => {
      const result = extractPage(html, { url, timeZone });
      return result.kind === 'page' ? result.page.publishedAt : null;
    };
    expect(at('Europe/Moscow')).toBe(Date.parse('2026-05-04T12:00:00+03:00'));
    expect(at('UTC')).toBe(Date.parse('2026-05-04T12:00:00Z'));
  });
});
