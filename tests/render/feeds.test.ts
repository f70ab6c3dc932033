import { parseFeed } from '@rowanmanning/feed-parser';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderAtom } from '../../src/render/atom.js';
import type { FeedEntryView } from '../../src/render/feed-view.js';
import { renderJsonFeed } from '../../src/render/json-feed.js';
import { renderRss } from '../../src/render/rss.js';
import { xmlText } from '../../src/render/xml-text.js';
import { feedEntry, feedView, NOW, safe, url } from './sample-views.js';

const HOSTILE = 'A\u0000\u0008 ]]> ]]> <b>bold</b> &amp; "q" \ud800 \u{1f600} <script>';

const rendered = (entry: Partial<FeedEntryView>, over: Parameters<typeof feedView>[0] = {}) => {
  const view = feedView({ entries: [feedEntry(entry)], ...over });
  return { rss: renderRss(view), atom: renderAtom(view), json: JSON.parse(renderJsonFeed(view)) };
};

/** Turns what a reader takes for HTML back into plain text. */
const unescaped = (html: string) =>
  html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** The decoded text of the first `name` element after the first item or entry begins. */
function elementText(xml: string, name: string): string {
  const item = xml.slice(xml.search(/<(?:item|entry)\b/));
  const raw = new RegExp(`<${name}[^>]*>([\\s\\S]*?)</${name}>`).exec(item)?.[1] ?? '';
  return unescaped(raw.replaceAll('&#13;', '\r'));
}

/** Any UTF-16 there is, halves of surrogate pairs and control characters included. */
const text = fc.oneof(
  fc.string({
    unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    maxLength: 40,
  }),
  fc.string({
    unit: fc.constantFrom('<', '>', '&', ']', '"', 'amp;', '\ue000', '0', '\ue001', '\r', 'a'),
    maxLength: 40,
  }),
);

describe('feeds', () => {
  it('survive any title, summary, author and category', () => {
    fc.assert(
      fc.property(text, text, text, text, (title, summary, author, category) => {
        const { rss, atom, json } = rendered({ title, summary, authors: [author], categories: [category] });
        expect(unescaped(elementText(rss, 'title'))).toBe(xmlText(title));
        expect(unescaped(elementText(atom, 'title'))).toBe(xmlText(title));
        expect(elementText(rss, 'dc:creator')).toBe(xmlText(author));
        expect(elementText(atom, 'name')).toBe(xmlText(author));
        expect(elementText(rss, 'category')).toBe(xmlText(category));
        expect(json.items[0].title.isWellFormed()).toBe(true);
        expect(parseFeed(rss).items).toHaveLength(1);
        expect(parseFeed(atom).items).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  });

  it('show a hostile headline as the text it is', () => {
    const { rss, atom, json } = rendered({ title: HOSTILE });
    for (const xml of [rss, atom]) {
      expect(unescaped(elementText(xml, 'title'))).toBe(xmlText(HOSTILE));
      expect(xml).not.toContain('<b>');
      expect(xml).not.toContain('<script>');
    }
    expect(json.items[0].title).toBe(HOSTILE.replace('\ud800', ''));
  });

  it('keep whole texts apart from the markup round them, however they end', () => {
    const html = '<p>one ]]> two ]]> three</p><pre>x < y</pre>';
    const { rss, atom, json } = rendered({ contentHtml: safe(html) });
    expect(rss).toContain('<![CDATA[<p>one ]]&gt; two ]]&gt; three</p>');
    expect(parseFeed(atom).items[0]?.content).toContain('three');
    expect(json.items[0].content_html).toBe(html);
  });

  it('read back with the ids, links, dates and authors that went in', () => {
    const entry = {
      id: 'tag:tamizdat.invalid,2026:demo/a7',
      url: url('https://mirror.example/demo/a7/?a=1&b=2'),
      authors: ['One & Two', 'Three'],
      categories: ['News', 'Life'],
      publishedAt: NOW - 7_200_000,
      updatedAt: NOW - 3_600_000,
    };
    const { rss, atom, json } = rendered(entry);
    for (const parsed of [parseFeed(rss), parseFeed(atom)]) {
      const [item] = parsed.items;
      expect(parsed.title).toBe('The Demo Courier');
      expect(item?.id).toBe(entry.id);
      expect(item?.url).toBe(entry.url);
      expect(item?.published?.getTime()).toBe(entry.publishedAt);
      expect(item?.authors.map((author) => author.name)).toEqual(entry.authors);
      expect(item?.categories.map((category) => category.term)).toEqual(entry.categories);
    }
    expect(parseFeed(atom).items[0]?.updated?.getTime()).toBe(entry.updatedAt);
    expect(json.items[0]).toMatchObject({
      id: entry.id,
      url: entry.url,
      authors: [{ name: 'One & Two' }, { name: 'Three' }],
      tags: entry.categories,
      date_published: '2026-11-23T06:10:00.000Z',
      date_modified: '2026-11-23T07:10:00.000Z',
    });
  });

  it('never carry an enclosure or an image: a picture is a link that says its size', () => {
    const picture = { url: url('https://mirror.example/media/1.jpg'), bytes: 41_000, label: 'The <ferry>' };
    for (const contentHtml of [null, safe('<p>Text.</p>')]) {
      const { rss, atom, json } = rendered({ picture, contentHtml });
      for (const feed of [rss, atom, JSON.stringify(json)]) {
        expect(feed).not.toMatch(/enclosure|<img|&lt;img|"image"|attachments|<logo|<icon/);
      }
      expect(rss + atom).toContain('40 KB');
      expect(rss).not.toContain('<ferry>');
    }
  });

  it('say whose text it is inside the whole text', () => {
    const { rss, atom, json } = rendered({
      contentHtml: safe('<p>Text.</p>'),
      rights: { text: 'By <The Courier>', place: 'after' },
    });
    expect(rss).toContain('<p>By &lt;The Courier&gt;</p>');
    expect(rss).toContain('<dc:rights>By &lt;The Courier&gt;</dc:rights>');
    expect(atom).toContain('<rights>By &lt;The Courier&gt;</rights>');
    expect(json.items[0].content_html).toContain('By &lt;The Courier&gt;');
  });

  it('lead from the whole text to the original, in the text’s own language', () => {
    const whole = {
      contentHtml: safe('<p>Text.</p>'),
      original: url('https://www.courier.example/a?b=$&c=1'),
    };
    const link = (words: string) => `<a href="https://www.courier.example/a?b=$&amp;c=1">${words}</a>`;
    const { rss, atom, json } = rendered({ ...whole, language: 'ru' });
    expect(json.items[0].content_html).toBe(`<p>Text.</p><p>${link('Оригинал на courier.example')}</p>`);
    expect(rss).toContain(link('Оригинал на courier.example'));
    // No program takes it for the entry's own address, which is the mirror's.
    expect(atom.match(/<link [^>]*courier\.example[^>]*>/g)).toBeNull();
    expect(json.items[0].external_url).toBeUndefined();

    const first = rendered({ ...whole, rights: { text: 'Also at {url}.', place: 'before' } });
    expect(first.json.items[0].content_html).toBe(`<p>Also at ${link('courier.example')}.</p><p>Text.</p>`);
    expect(first.rss).toContain('<dc:rights>Also at https://www.courier.example/a?b=$&amp;c=1.</dc:rights>');
  });

  it('say of each entry in another language which it is, and which way it runs', () => {
    const entry = { language: 'fa', contentHtml: safe('<p>متن</p>') };
    const { rss, atom, json } = rendered(entry);
    expect(atom).toContain('<entry xml:lang="fa">');
    expect(rss).toContain('<dc:language>fa</dc:language>');
    expect(json.items[0].language).toBe('fa');
    for (const feed of [rss, atom, json.items[0].content_html])
      expect(feed).toContain('<div lang="fa" dir="rtl"><p>متن</p>');
    expect(rendered({ language: 'en' }).atom).toContain('<entry>');
  });

  it('have nothing of the present moment in their bytes', () => {
    const empty = feedView({ entries: [] });
    expect(renderRss(empty)).toContain('<lastBuildDate>Mon, 23 Nov 2026 08:10:00 GMT</lastBuildDate>');
    expect(renderAtom(empty)).toContain('<updated>2026-11-23T08:10:00.000Z</updated>');
    const years = `${renderRss(empty)}${renderAtom(empty)}`.match(
      /20\d\d-\d\d-\d\d|\d\d [A-Z][a-z]{2} 20\d\d/g,
    );
    expect(new Set(years)).toEqual(new Set(['23 Nov 2026', '2026-11-23']));
  });

  it('are valid while they are empty', () => {
    const empty = feedView({ entries: [] });
    expect(parseFeed(renderRss(empty)).items).toEqual([]);
    expect(parseFeed(renderAtom(empty)).items).toEqual([]);
    expect(JSON.parse(renderJsonFeed(empty)).items).toEqual([]);
  });

  it('claim no time of change before anything was published; Atom, which must name one, says since when it is known', () => {
    const empty = feedView({ entries: [], updatedAt: null, knownAt: Date.UTC(2026, 10, 1) });
    expect(renderRss(empty)).not.toContain('lastBuildDate');
    expect(renderRss({ ...empty, updatedAt: NOW })).toContain('<lastBuildDate>');
    expect(renderAtom(empty)).toContain('<updated>2026-11-01T00:00:00.000Z</updated>');
  });
});

describe('RSS', () => {
  it('links to itself, names its language and has ids that are no addresses', () => {
    const { rss } = rendered({});
    expect(rss).toContain(
      '<atom:link href="https://mirror.example/demo/rss.xml" rel="self" type="application/rss+xml"/>',
    );
    expect(rss).toContain('<language>en</language>');
    expect(rss).toContain('<guid isPermaLink="false">tag:tamizdat.invalid,2026:demo/a1</guid>');
    expect(rss).toContain('<pubDate>Mon, 23 Nov 2026 07:10:00 GMT</pubDate>');
    expect(rss).not.toContain('<author>');
  });

  it('names the language of an entry only where it differs', () => {
    expect(rendered({ language: 'en' }).rss).not.toContain('<dc:language>');
    expect(rendered({ language: 'ru' }).rss).toContain('<dc:language>ru</dc:language>');
  });
});

describe('Atom', () => {
  it('has a self link, an author, a language and terms', () => {
    const { atom } = rendered({ categories: ['R&D <new>'] });
    expect(atom).toContain('xml:lang="en"');
    expect(atom).toContain('<link rel="self" href="https://mirror.example/demo/rss.xml"/>');
    expect(atom).toContain('<author>\n<name>The Demo Courier</name>');
    expect(atom).toContain('<category term="R&amp;D &lt;new&gt;"/>');
  });
});

describe('JSON Feed', () => {
  it('is version 1.1 and gives every item a content', () => {
    const { json } = rendered({ summary: 'Short.' });
    expect(json.version).toBe('https://jsonfeed.org/version/1.1');
    expect(json).toMatchObject({ language: 'en', feed_url: 'https://mirror.example/demo/rss.xml' });
    expect(json.items[0].content_text).toBe('Short.');
    expect(json.items[0]).not.toHaveProperty('date_modified');
  });
});

describe('history (RFC 5005)', () => {
  const paging = {
    current: url('https://mirror.example/demo/rss.xml'),
    previousArchive: url('https://mirror.example/demo/history/3.xml?a&b'),
    nextArchive: null,
    archive: true,
  };

  it('marks an archive document and links the one before it', () => {
    const { rss, atom } = rendered({}, { paging });
    expect(rss).toContain('<fh:archive/>');
    expect(rss).toContain(
      '<atom:link rel="prev-archive" href="https://mirror.example/demo/history/3.xml?a&amp;b"/>',
    );
    expect(atom).toContain('<fh:archive xmlns:fh="http://purl.org/syndication/history/1.0"/>');
    expect(atom).toContain('<link rel="current" href="https://mirror.example/demo/rss.xml"/>');
    expect(rss + atom).not.toContain('next-archive');
  });

  it('does not mark the current feed as an archive', () => {
    const { rss, atom } = rendered({});
    expect(rss + atom).not.toContain('archive/>');
  });
});
