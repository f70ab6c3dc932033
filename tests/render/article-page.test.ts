import { describe, expect, it } from 'vitest';
import { renderArticle } from '../../src/render/article-page.js';
import { articleView, frame, item, NOW, phrase, picture, safe, url } from './sample-views.js';

/** The words of a page without its markup. */
const words = (html: string) =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ');

describe('an article', () => {
  it('says who wrote it, when it was published and changed, and when this copy was taken', () => {
    const html = renderArticle(
      articleView('en', {
        authors: ['One', 'Two'],
        publishedAt: NOW - 7_200_000,
        changedAt: NOW - 3_600_000,
      }),
    );
    expect(words(html)).toContain(
      'One, Two · 4 minPublished 23 November 2026, 06:10 UTCChanged 23 November 2026, 07:10 UTC',
    );
    expect(words(html)).toContain('A mirror · copied 23 November 2026, 08:10 UTC');
    expect(html).toContain('<time datetime="2026-11-23T06:10Z">');
  });

  it('may have no author, since a name can endanger its bearer', () => {
    expect(renderArticle(articleView('en'))).toMatch(/<p class="k">4\smin<br>Published /);
  });

  it('is titled by its headline alone', () => {
    const html = renderArticle(articleView('en', { headline: 'A <b>Headline</b>' }));
    expect(html).toContain('<title>A &lt;b&gt;Headline&lt;/b&gt;</title>');
    expect(html).toContain('<h1>A &lt;b&gt;Headline&lt;/b&gt;</h1>');
  });

  it('puts clean HTML in as it is', () => {
    const html = renderArticle(
      articleView('en', { blocks: [safe('<p>One &amp; <em>two</em></p>'), safe('<hr />')] }),
    );
    expect(html).toContain('<div><p>One &amp; <em>two</em></p><hr></div>');
  });

  it('says below each card, wherever it stands, that the service sees who opens it', () => {
    const card =
      '<aside class="embed"><a href="https://video.example/1" rel="noreferrer">video.example</a></aside>';
    const around = [
      '%',
      '<section class="update"><p>At noon.</p>%</section>',
      '<table><tbody><tr><td>%</td></tr></tbody></table>',
    ];
    const blocks = ['<p>No card.</p>', ...around.map((html) => html.replace('%', card))].map((html) =>
      safe(html),
    );
    const html = renderArticle(articleView('en', { blocks }));
    expect(html.match(/Outside this mirror: that service sees you\./g)).toHaveLength(3);
    expect(html).toContain('</section><p class="k" lang="en" dir="ltr">Outside');
  });

  it('links the original without saying where the reader came from, and whose text it is', () => {
    const html = renderArticle(articleView('en', { original: url('https://www.courier.example/2026/a1') }));
    expect(html).toContain('<a href="https://www.courier.example/2026/a1" rel="noreferrer">');
    expect(words(html)).toContain('The original at courier.exampleThis is a copy on a mirror.');
  });

  it('sets the attribution before or after the text, with the address as a link', () => {
    const attribution = { text: 'From {url}, with thanks.', place: 'before' } as const;
    const before = renderArticle(articleView('en', { attribution }));
    const after = renderArticle(articleView('en', { attribution: { ...attribution, place: 'after' } }));
    for (const html of [before, after]) {
      expect(html.match(/rel="noreferrer"/g)).toHaveLength(1);
      expect(words(html)).toContain('From courier.example, with thanks.');
    }
    expect(before.indexOf('with thanks')).toBeLessThan(before.indexOf('falls silent'));
    expect(after.indexOf('with thanks')).toBeGreaterThan(after.indexOf('falls silent'));
  });

  it('says so where only the feed or a beginning is at hand', () => {
    expect(words(renderArticle(articleView('en', { origin: 'feed' })))).toContain(
      'comes from the publisher’s feed',
    );
    expect(words(renderArticle(articleView('en', { origin: 'teaser' })))).toContain(
      'Only the beginning is available here',
    );
  });

  it('says that it was withdrawn, and no longer speaks of its source', () => {
    const html = renderArticle(
      articleView('en', { blocks: [], origin: 'teaser', withdrawn: { at: NOW, reason: 'an error' } }),
    );
    expect(words(html)).toContain(
      'The publisher withdrew this text on 23 November 2026, 08:10 UTC. Reason: an error',
    );
    expect(words(html)).not.toContain('beginning');
  });

  it('names in the parts of a live blog when each begins, the day only where it changes', () => {
    const newestAt = [NOW, NOW - 3_600_000, NOW - 86_400_000];
    const shown = (ui: 'en' | 'fa' | 'zh') =>
      words(
        renderArticle(articleView(ui, { part: { number: 1, hrefs: ['./', '../p2/', '../p3/'], newestAt } })),
      );
    expect(shown('en')).toContain('1 (23 November, 08:10) 2 (07:10) 3 (22 November, 08:10)');
    expect(shown('zh')).toContain('1 (11月23日 16:10) 2 (15:10) 3 (11月22日 16:10)');
    expect(shown('fa')).toContain('۱ (۲ آذر، ۱۱:۴۰) ۲ (۱۰:۴۰) ۳ (۱ آذر، ۱۱:۴۰)');
  });

  it('numbers its parts and links every one of them', () => {
    const html = renderArticle(articleView('en', { part: { number: 2, hrefs: ['../', './', '../p3/'] } }));
    expect(words(html)).toContain('Part 2 of 3');
    expect(html).toContain(
      '<a href="../" rel="prev">Previous part</a> <a href="../">1</a> <b aria-current="page">2</b>',
    );
    expect(html).toContain('<a href="../p3/" rel="next">Next part</a>');
    const last = renderArticle(articleView('en', { part: { number: 3, hrefs: ['../', '../p2/', './'] } }));
    expect(last).not.toContain('rel="next"');
  });

  it('numbers the pictures of a gallery', () => {
    const html = renderArticle(
      articleView('en', { picture: picture(), pictureNumber: { number: 3, of: 18 } }),
    );
    expect(words(html)).toContain('Picture 3 of 18 The ferry road at dusk.');
    const persian = renderArticle(
      articleView('fa', { picture: picture(), pictureNumber: { number: 3, of: 18 } }),
    );
    expect(words(persian)).toContain('عکس ۳ از ۱۸');
  });

  it('turns from picture to picture of a gallery, not from part to part', () => {
    const hrefs = ['../', './', '../p3/'] as const;
    const html = renderArticle(
      articleView('en', {
        picture: picture(),
        pictureNumber: { number: 2, of: 3 },
        part: { number: 2, hrefs },
      }),
    );
    expect(html).toContain('<a href="../" rel="prev">Previous picture</a>');
    expect(html).toContain('<a href="../p3/" rel="next">Next picture</a>');
  });

  it('speaks of a foreign picture in both languages, each marked as what it is', () => {
    const foreign = picture({ language: 'fa', direction: 'rtl', caption: 'راه بندر', credit: 'پیک' });
    const html = renderArticle(articleView('en', { picture: foreign }));
    expect(html).toContain('<span lang="fa" dir="rtl">راه بندر </span>Photo: <bdi lang="fa">پیک</bdi>');
  });

  it('does not say a caption twice to those who listen', () => {
    const alt = 'The ferry road at dusk.';
    expect(renderArticle(articleView('en', { picture: picture({ alt }) }))).toContain('height="270" alt=""');
    expect(renderArticle(articleView('en', { picture: picture() }))).toContain('alt="A ferry at dusk"');
  });

  it('lets wide tables and code scroll inside the page, within reach of the keyboard', () => {
    const html = renderArticle(
      articleView('en', {
        blocks: [safe('<table><tr><td>1</td></tr></table>'), safe('<pre>x</pre>'), safe('<p>y</p>')],
      }),
    );
    expect(html).toContain('<div class="x" role="region" aria-label="Table" tabindex="0"><table>');
    expect(html).toContain('<div class="x" role="region" aria-label="Code" tabindex="0"><pre>');
    expect(html).toContain('</div><p>y</p>');
  });

  it('marks a text in another language than the page, and only then', () => {
    const foreign = renderArticle(
      articleView('en', {
        language: 'fa',
        direction: 'rtl',
        publisher: { name: phrase('پیک', 'fa'), href: '../' },
      }),
    );
    expect(foreign).toContain('<h1 lang="fa" dir="rtl">');
    expect(foreign).toContain('<div lang="fa" dir="rtl"><p>');
    expect(foreign).toContain('<bdi lang="fa">پیک</bdi>');
    expect(renderArticle(articleView('en'))).toContain('<h1>');
  });

  it('gives five earlier headlines as the view chose them, and the way to what changed', () => {
    const earlier = [{ ...item('Before that'), pageBytes: null }];
    const html = renderArticle(articleView('en', { earlier, changes: { href: './changes/', count: 1 } }));
    expect(html).toContain(
      '<h2 class="k"><b>Earlier</b></h2><article><h3><a href="./a1/">Before that</a></h3>',
    );
    expect(html).toContain('<a href="./changes/">What changed: 1 revision</a>');
  });

  it('has one heading of the first level, and none skipped', () => {
    const html = renderArticle(articleView('en', { earlier: [item('Before that')] }));
    expect(html.match(/<h\d/g)).toEqual(['<h1', '<h2', '<h3']);
  });

  it('has no language line where there is but one language', () => {
    const html = renderArticle(articleView('en', frame('en', { languages: [] })));
    expect(html).not.toContain('hreflang');
  });
});
