import { describe, expect, it } from 'vitest';
import { renderList } from '../../src/render/list-page.js';
import { frame, item, listView, NOW, PIXEL, phrase, picture, url } from './sample-views.js';

const HOUR_MS = 3_600_000;
const today = (...items: ReturnType<typeof item>[]) => [{ at: NOW, items }];
/** The words of a page without its markup. */
const words = (html: string) =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

/** What groups of headlines are labeled with. */
const labels = (html: string) => [...html.matchAll(/<h2 class="k"><b>([^<]+)/g)].map(([, label]) => label);

describe('every page', () => {
  it('names no publisher in the title unless told', () => {
    expect(renderList(listView('en'))).toContain('<title>News</title>');
    expect(renderList(listView('en', { title: 'The Demo Courier' }))).toContain(
      '<title>The Demo Courier</title>',
    );
  });

  it('asks for nothing but itself and runs no script', () => {
    const html = renderList(listView('en', { lead: { ...item('A lead'), picture: picture() } }));
    expect(html).not.toMatch(/<script|<iframe|@import|url\(|<img[^>]+src="(?!data:)|srcset="(?!data:)/);
    expect(html).not.toMatch(/<link rel="(?!icon|canonical|alternate)/);
    expect(html).toContain('<link rel="icon" href="data:,">');
    expect(html).toContain('<meta name="referrer" content="no-referrer">');
  });

  it('has no preview tags and no style attribute', () => {
    const html = renderList(listView('en', { days: today(item('One')) }));
    expect(html).not.toMatch(/og:|twitter:|name="description"|\sstyle=/);
  });

  it('says noindex and canonical only as the view says', () => {
    const open = renderList(
      listView('en', { noindex: false, canonical: url('https://mirror.example/demo/') }),
    );
    expect(open).not.toContain('noindex');
    expect(open).toContain('<link rel="canonical" href="https://mirror.example/demo/">');
    expect(renderList(listView('en'))).toContain('<meta name="robots" content="noindex">');
  });

  it('escapes a hostile headline wherever it stands', () => {
    const hostile = '</title><script>alert(1)</script>" onmouseover="x';
    const html = renderList(
      listView('en', { title: hostile, days: today(item(hostile, { summary: hostile })) }),
    );
    expect(html).not.toContain('<script');
    expect(html).not.toContain('" onmouseover');
    expect(words(html)).toContain('&lt;/title&gt;&lt;script&gt;');
  });

  it('mirrors truly in Persian', () => {
    expect(renderList(listView('fa'))).toMatch(/^<!doctype html><html lang="fa" dir="rtl">/);
  });

  it('offers the other languages in their own words', () => {
    const html = renderList(listView('ru'));
    expect(html).toContain('<b aria-current="true" lang="ru">Русский</b>');
    expect(html).toContain('<a href="../fa/" lang="fa" hreflang="fa">فارسی</a>');
  });

  it('leaves out the links that the view has not', () => {
    const links = { all: null, feeds: null, search: null, about: null, mirrors: null, verify: null };
    expect(words(renderList(listView('en', { links })))).not.toMatch(/Search|Feeds|About|addresses|check/);
  });
});

describe('a front', () => {
  it('has the masthead as its heading and each day as a heading below it', () => {
    const html = renderList(listView('en', { days: today(item('One')) }));
    expect(html.match(/<h\d/g)).toEqual(['<h1', '<h2', '<h3']);
    expect(html).toContain('<h1>The Demo Courier</h1>');
    expect(html).toContain('<h2 class="k"><b>Monday, 23\u00a0November</b></h2>');
  });

  it('says what an article is, when it came, how long it takes and what it weighs', () => {
    const one = item('One', { section: 'News', updated: true, readingMinutes: 3, pageBytes: 4100 });
    expect(words(renderList(listView('en', { days: today(one) })))).toContain(
      'News · 08:10 · updated · 3 min · 4 KB',
    );
  });

  it('marks opinion, galleries and live texts, but never says the same word twice', () => {
    const of = (over: Parameters<typeof item>[1]) =>
      words(renderList(listView('en', { days: today(item('One', over)) })));
    expect(of({ kind: 'opinion', section: 'Opinion' })).not.toMatch(/Opinion\s+· Opinion/);
    expect(of({ kind: 'opinion', section: 'Мнения', language: 'ru' })).not.toContain('Opinion ·');
    expect(of({ kind: 'opinion', section: 'News' })).toMatch(/News\s+· Opinion/);
    expect(of({ kind: 'gallery', section: 'Life', pictures: 18 })).toMatch(
      /Life\s+· Gallery\s+· 08:10 · 18 pictures/,
    );
    expect(of({ kind: 'live' })).toContain('Live');
  });

  it('separates with no dot in Persian, where it would pass for a zero', () => {
    const text = words(renderList(listView('fa', { days: today(item('خبر', { language: 'fa' })) })));
    expect(text).toContain('۱۱:۴۰ | ۳ دقیقه | ۴ کیلوبایت');
    expect(text).not.toContain('·');
  });

  it('tells the lead at the head of its own day', () => {
    const lead = { ...item('The lead', { publishedAt: NOW }), picture: picture() };
    const html = renderList(listView('en', { lead, days: today(item('Second')) }));
    expect(html.match(/<h2 class="k"><b>Monday/g)).toHaveLength(1);
    expect(html.indexOf('The lead')).toBeLessThan(html.indexOf('Second'));
  });

  it('gives the lead a day of its own where the rest is older', () => {
    const lead = { ...item('The lead'), picture: null };
    const older = { at: NOW - 24 * HOUR_MS, items: [item('Second')] };
    const html = renderList(listView('en', { lead, days: [older] }));
    expect(labels(html)).toEqual(['Monday, 23\u00a0November', 'Sunday, 22\u00a0November']);
  });

  it('ends, and shows the way to older days', () => {
    const html = renderList(
      listView('en', { days: today(item('One')), sinceAt: NOW - 48 * HOUR_MS, older: './p12/' }),
    );
    expect(html).toContain('That is everything since Saturday. <a href="./p12/">Older days</a>');
  });

  it('keeps headlines of several languages apart, for eyes and for voices', () => {
    const html = renderList(
      listView('en', {
        days: today(
          item('Новость', { language: 'ru' }),
          item('خبر', { language: 'fa', publisher: phrase('پیک', 'fa') }),
          item('News'),
        ),
      }),
    );
    expect(html).toContain('<h3 lang="ru"><a href="./a1/">Новость</a>');
    expect(html).toContain(
      '<article dir="rtl"><p class="k"><bdi><bdi lang="fa">پیک</bdi></bdi>\u00a0· <bdi>08:10</bdi>',
    );
    expect(html).toContain('<h3><a href="./a1/">News</a>');
  });

  it('puts headlines in other languages after its own days, each with its date', () => {
    const html = renderList(
      listView('en', {
        days: today(item('One')),
        others: [item('Новость', { language: 'ru' })],
        sinceAt: NOW,
      }),
    );
    expect(labels(html)).toEqual(['Monday, 23\u00a0November', 'In other languages']);
    expect(html.indexOf('That is everything')).toBeLessThan(html.indexOf('In other languages'));
    expect(words(html)).toMatch(/23 November 2026 .*Новость/);
  });

  it('lists the publishers and months of the view', () => {
    const html = renderList(
      listView('en', {
        publishers: [{ ...phrase('Демо-курьер', 'ru'), href: './demo-ru/' }],
        months: [{ at: NOW, href: './2026-11/' }],
      }),
    );
    expect(html).toContain('<a href="./demo-ru/" lang="ru">Демо-курьер</a>');
    expect(html).toContain('<a href="./2026-11/">November 2026</a>');
  });

  it('says that nothing was ever taken instead of a date', () => {
    expect(words(renderList(listView('en', { asOfAt: null })))).toContain('A mirror · nothing here yet');
  });
});

describe('the banner of silence', () => {
  const banner = { hours: 6, lastHeardAt: NOW - 7 * HOUR_MS, reason: 'status-451', publisher: null } as const;

  it('tells how long, since when and why', () => {
    const text = words(renderList(listView('en', { banners: [banner] })));
    expect(text).toContain('more than 6 hours');
    expect(text).toContain('23 November 2026, 01:10 UTC');
    expect(text).toContain('unavailable for legal reasons');
  });

  it('names the publisher on a shared front', () => {
    const of = {
      ...banner,
      hours: 72,
      lastHeardAt: null,
      reason: null,
      publisher: phrase('Демо', 'ru'),
    } as const;
    const html = renderList(listView('en', { banners: [of] }));
    expect(html).toContain('<bdi lang="ru">Демо</bdi>');
    expect(words(html)).toContain('for more than 3 days. This mirror has never reached it.');
    expect(words(html)).not.toContain('Reason');
  });
});

describe('other lists', () => {
  const section = { kind: 'section', name: phrase('Мнение', 'ru') } as const;

  it('have their own heading, and the masthead leads home', () => {
    const html = renderList(
      listView('ru', {
        ...frame('ru', { masthead: { name: phrase('Демо', 'ru'), home: '../../' } }),
        scope: section,
      }),
    );
    expect(html).toContain('<h1>Мнение</h1>');
    expect(html).toContain('<p><b><a href="../../">Демо</a></b></p>');
    expect(html).toContain('<title>Мнение</title>');
  });

  it('are named after their month, number or topic', () => {
    const heading = (scope: Parameters<typeof listView>[1] extends infer T ? NonNullable<T> : never) =>
      /<h1>([^<]+)/.exec(renderList(listView('en', scope)))?.[1];
    expect(heading({ scope: { kind: 'month', at: NOW } })).toBe('November 2026');
    expect(heading({ scope: { kind: 'older', number: 12 } })).toBe('Page 12, counted from the oldest');
    expect(heading({ scope: { kind: 'tag', name: phrase('Ferries') } })).toBe('Topic: Ferries');
  });
});

describe('a picture', () => {
  const lead = (over: Parameters<typeof picture>[0]) =>
    renderList(listView('en', { lead: { ...item('Lead'), picture: picture(over) } }));

  it('falls back to its blur where the browser cannot draw its type', () => {
    const html = lead({ inline: { src: 'data:image/avif;base64,AAAA', type: 'image/avif' }, blur: PIXEL });
    expect(html).toContain('<source type="image/avif" srcset="data:image/avif;base64,AAAA">');
    expect(html).toContain(`<img src="${PIXEL}" width="480" height="270" alt="A ferry at dusk">`);
  });

  it('is caption, credit and link alone where nothing fits', () => {
    const html = lead({ inline: null, blur: null });
    expect(html).not.toContain('<img');
    expect(words(html)).toContain('The ferry road at dusk. Photo: Demo Courier desk');
  });

  it('warns of a file that may not come through', () => {
    expect(words(lead({}))).toContain('Larger picture, 40 KB (may not load on a slow line)');
    expect(words(lead({ file: { href: '../m/1.jpg', bytes: 8192 } }))).not.toContain('may not load');
  });
});
