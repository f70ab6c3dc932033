import { describe, expect, it } from 'vitest';
import type { FeedEntry, ParsedFeed } from '../../src/domain/feed.js';
import { parseFeed } from '../../src/parse/parse-feed.js';
import { encodeAs } from './encode-as.js';

function read(source: string, url: string | null = 'https://news.example/feeds/all.xml'): ParsedFeed {
  const result = parseFeed(new TextEncoder().encode(source), { contentType: null, url });
  if (result.kind === 'no-feed') throw new Error(result.reason);
  return result.feed;
}

function only(source: string, url?: string | null): FeedEntry {
  const [entry, second] = read(source, url).entries;
  if (entry === undefined || second !== undefined) throw new Error('not exactly one entry');
  return entry;
}

const rss = (item: string, channel = '') =>
  `<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"
    xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:atom="http://www.w3.org/2005/Atom">
    <channel><title>News</title><link>https://news.example/</link>${channel}<item>${item}</item></channel></rss>`;

const atom = (entry: string, attributes = '') =>
  `<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" ${attributes}><title>News</title>
    <link href="https://news.example/"/><author><name>The desk</name></author><entry>${entry}</entry></feed>`;

describe('parseFeed: formats', () => {
  it('reads RSS 2.0', () => {
    const feed = read(
      rss(
        `<title>Ice on the river</title><link>/2026/ice</link><guid isPermaLink="false">ice-1</guid>
         <pubDate>Fri, 13 Nov 2026 09:30:00 +0300</pubDate><description>Skates &lt;b&gt;out&lt;/b&gt;</description>
         <content:encoded><![CDATA[<p>Whole <a href="/map">text</a></p>]]></content:encoded>
         <category>City</category><category domain="x">City</category><category>Winter</category>`,
        '<language>en_GB</language><ttl>15</ttl>',
      ),
    );
    expect(feed).toEqual({
      format: 'rss',
      title: 'News',
      link: 'https://news.example/',
      language: 'en-GB',
      ttlMs: 900_000,
      problems: [],
      entries: [
        {
          id: 'ice-1',
          title: 'Ice on the river',
          url: 'https://news.example/2026/ice',
          publishedAt: Date.UTC(2026, 10, 13, 6, 30),
          updatedAt: null,
          authors: [],
          summaryHtml: 'Skates <b>out</b>',
          contentHtml: '<p>Whole <a href="https://news.example/map">text</a></p>',
          categories: ['City', 'Winter'],
          enclosures: [],
        },
      ],
    });
  });

  it('reads RSS 1.0 and 0.9, whose items stand beside the channel', () => {
    const feed =
      read(`<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:x="http://purl.org/dc/elements/1.1/" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">
      <channel rdf:about="https://a.example/"><title>A</title><link>https://a.example/</link>
        <x:language>be</x:language><sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency></channel>
      <item rdf:about="https://a.example/1"><title>One</title><link>https://a.example/1</link>
        <x:date>2026-11-13T09:30Z</x:date><x:creator>First desk</x:creator><x:creator>Second desk</x:creator></item>
      </rdf:RDF>`);
    expect(feed).toMatchObject({ format: 'rdf', title: 'A', language: 'be', ttlMs: 1_800_000 });
    expect(feed.entries).toMatchObject([
      {
        id: 'https://a.example/1',
        publishedAt: Date.UTC(2026, 10, 13, 9, 30),
        authors: [{ name: 'First desk' }, { name: 'Second desk' }],
      },
    ]);
  });

  it('reads Atom with its base, its author for entries without one, and its three kinds of text', () => {
    const feed = read(
      atom(
        `<id>tag:news.example,2026:1</id><title type="html">Fish &amp;amp; &lt;i&gt;chips&lt;/i&gt;</title>
         <link rel="self" href="/self"/><link rel="alternate" type="application/pdf" href="a.pdf"/>
         <link href="a.html"/><link rel="enclosure" href="a.mp3" type="audio/mpeg" length="1234"/>
         <published>2026-11-13T09:30:00Z</published><updated>2026-11-14T09:30:00Z</updated>
         <summary>1 &lt; 2</summary><category term="sea" label="The sea"/>
         <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>a<br/>b &amp; c <img src="p.jpg"/></p></div></content>`,
        'xml:lang="uk" xml:base="/2026/"',
      ),
    );
    expect(feed).toMatchObject({ format: 'atom', language: 'uk' });
    expect(feed.entries).toEqual([
      {
        id: 'tag:news.example,2026:1',
        title: 'Fish & chips',
        url: 'https://news.example/2026/a.html',
        publishedAt: Date.UTC(2026, 10, 13, 9, 30),
        updatedAt: Date.UTC(2026, 10, 14, 9, 30),
        authors: [{ name: 'The desk' }],
        summaryHtml: '1 &lt; 2',
        contentHtml: '<p>a<br>b &amp; c <img src="https://news.example/2026/p.jpg"></p>',
        categories: ['The sea'],
        enclosures: [{ url: 'https://news.example/2026/a.mp3', type: 'audio/mpeg', bytes: 1234 }],
      },
    ]);
  });

  it('reads Atom 0.3 with its modes', () => {
    const entry = only(`<feed version="0.3" xmlns="http://purl.org/atom/ns#"><entry>
      <title type="text/html" mode="base64">PGI+SGk8L2I+</title><issued>2026-11-13</issued><modified>2026-11-14</modified>
      <content type="text/html" mode="escaped">&lt;p&gt;x&lt;/p&gt;</content></entry></feed>`);
    expect(entry).toMatchObject({
      title: 'Hi',
      contentHtml: '<p>x</p>',
      publishedAt: Date.UTC(2026, 10, 13),
      updatedAt: Date.UTC(2026, 10, 14),
    });
  });

  it('reads CDF', () => {
    const feed = read(
      `<CHANNEL BASE="https://c.example/"><ITEM HREF="/1" LASTMOD="2026-11-13"><TITLE>One</TITLE><ABSTRACT>Short</ABSTRACT></ITEM></CHANNEL>`,
    );
    expect(feed).toMatchObject({
      format: 'cdf',
      entries: [
        { title: 'One', url: 'https://c.example/1', updatedAt: Date.UTC(2026, 10, 13), summaryHtml: 'Short' },
      ],
    });
  });

  it('takes from JSON only text that can be stored and shown', () => {
    const items = [{ id: '1', url: 'https://j.example/1', title: 'Half \ud83d a pair\u0007 and \u{1f5de}' }];
    const feed = read(JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'J', items }));
    expect(feed.entries).toMatchObject([{ title: 'Half \ufffd a pair and \u{1f5de}' }]);
  });

  it('reads JSON Feed 1.0 and 1.1, whatever some fields hold', () => {
    const feed = read(
      JSON.stringify({
        version: 'https://jsonfeed.org/version/1.1',
        title: 'J',
        home_page_url: 'https://j.example/',
        language: 'fa',
        author: { name: 'The desk' },
        items: [
          {
            id: 7,
            url: '/a',
            title: ' Salt \n road ',
            content_html: '<a href="b">b</a>',
            summary: '1 < 2',
            date_published: '2026-11-13T09:30:00Z',
            tags: ['x', 3, 'x'],
            attachments: [{ url: '/a.mp3', mime_type: 'audio/mpeg', size_in_bytes: 5 }, { bad: true }],
          },
          { id: 'https://j.example/c', content_text: 'a & b', authors: [{ name: 'Another desk' }], title: 5 },
          'no object',
        ],
      }),
      'https://j.example/feed.json',
    );
    expect(feed).toMatchObject({
      format: 'json',
      title: 'J',
      language: 'fa',
      problems: ['1 items are no objects'],
    });
    expect(feed.entries).toMatchObject([
      {
        id: '7',
        url: 'https://j.example/a',
        title: 'Salt road',
        contentHtml: '<a href="https://j.example/b">b</a>',
        summaryHtml: '1 &lt; 2',
        authors: [{ name: 'The desk' }],
        categories: ['x'],
        enclosures: [{ url: 'https://j.example/a.mp3', type: 'audio/mpeg', bytes: 5 }],
      },
      {
        url: 'https://j.example/c',
        title: null,
        contentHtml: 'a &amp; b',
        authors: [{ name: 'Another desk' }],
      },
    ]);
  });
});

describe('parseFeed: titles', () => {
  it.each([
    ['AT&amp;T', 'AT&T'],
    ['AT&amp;amp;T', 'AT&T'],
    ['AT&T', 'AT&T'],
    ['<![CDATA[AT&amp;T]]>', 'AT&T'],
    ['&lt;b&gt;Bold&lt;/b&gt; move', 'Bold move'],
    ['<b>Bold</b> move', 'Bold move'],
    ['1 &lt; 2 and 3 &gt; 2', '1 < 2 and 3 > 2'],
    ['Review: &lt;Untitled&gt;', 'Review: <Untitled>'],
    ['caf&eacute;&nbsp;&#8217;26', 'café ’26'],
    ['\n\t\tPadded\t\n  title  ', 'Padded title'],
    ['&lt;script&gt;x()&lt;/script&gt;Safe', 'Safe'],
    ['d\u00c3\u00a9j\u00c3\u00a0 vu', 'déjà vu'],
    ['a&#x1F;b\u0002c', 'abc'],
  ])('of RSS «%s» is «%s»', (source, title) =>
    expect(only(rss(`<title>${source}</title>`)).title).toBe(title),
  );

  it.each([
    ['<title>&lt;b&gt; is a tag &amp;amp; more</title>', '<b> is a tag &amp; more'],
    ['<title type="html">&lt;b&gt;Bold&lt;/b&gt; &amp;amp; more</title>', 'Bold & more'],
    ['<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">1 &lt; <i>2</i></div></title>', '1 < 2'],
  ])('of Atom follow the type: %s', (source, title) => expect(only(atom(source)).title).toBe(title));

  it('takes the next name for it where the first is empty', () => {
    expect(only(rss('<title> </title><media:title>From media</media:title>')).title).toBe('From media');
    const grouped =
      '<media:group><media:title>T</media:title><media:description>D</media:description></media:group>';
    expect(only(rss(grouped))).toMatchObject({ title: 'T', summaryHtml: 'D' });
    expect(only(rss('<description>x</description>')).title).toBeNull();
  });
});

describe('parseFeed: links, ids and bylines', () => {
  it('takes a guid for the address unless it says that it is none', () => {
    expect(only(rss('<guid>https://news.example/g</guid>')).url).toBe('https://news.example/g');
    expect(only(rss('<guid isPermaLink="false">https://news.example/g</guid>')).url).toBeNull();
  });

  it('never gives an address that is not http', () => {
    expect(only(rss('<link>javascript:alert(1)</link><guid>urn:uuid:1</guid>'))).toMatchObject({
      url: null,
      id: 'urn:uuid:1',
    });
  });

  it('resolves against the channel’s link where the feed’s own address is unknown', () => {
    expect(
      only(rss('<link>/a</link><description>&lt;img src="i.png"&gt;</description>'), null),
    ).toMatchObject({
      url: 'https://news.example/a',
      summaryHtml: '<img src="https://news.example/i.png">',
    });
  });

  it.each([
    ['<author>desk@news.example (The desk)</author>', 'The desk'],
    ['<author>The desk &lt;desk@news.example&gt;</author>', 'The desk'],
    ['<author>The desk</author>', 'The desk'],
    ['<author>desk@news.example</author><dc:creator>The desk</dc:creator>', 'The desk'],
    ['<itunes:author>The desk</itunes:author>', 'The desk'],
    ['<author><name>The desk</name><email>desk@news.example</email></author>', 'The desk'],
  ])('finds the name in %s', (source, name) => expect(only(rss(source)).authors).toEqual([{ name }]));

  it('names nobody where there is only a mail address', () => {
    expect(only(rss('<author>office@news.example</author>')).authors).toEqual([]);
  });

  it('gathers enclosures and media, and does not believe a length of 0 or 1', () => {
    const entry = only(
      rss(`<enclosure url="https://news.example/share.png" length="1" type="image/png"/>
           <media:group><media:content url="/v.mp4" fileSize="99" type="video/mp4"/></media:group>
           <media:thumbnail url="/t.jpg"/><media:content url="https://news.example/share.png" medium="image"/>`),
    );
    expect(entry.enclosures).toEqual([
      { url: 'https://news.example/share.png', type: 'image/png', bytes: null },
      { url: 'https://news.example/t.jpg', type: 'image/*', bytes: null },
      { url: 'https://news.example/v.mp4', type: 'video/mp4', bytes: 99 },
    ]);
  });

  it('takes along what Media RSS says of a picture', () => {
    const entry = only(
      rss(`<media:content url="https://news.example/s.jpg" medium="image" width="140"/>
           <media:content url="https://news.example/l.jpg" medium="image" width="1200">
             <media:description type="html">&lt;b&gt;Ice&lt;/b&gt; on the river</media:description><media:credit>The desk</media:credit>
           </media:content>`),
    );
    expect(entry.enclosures).toEqual([
      { url: 'https://news.example/s.jpg', type: 'image/*', bytes: null, width: 140 },
      {
        url: 'https://news.example/l.jpg',
        type: 'image/*',
        bytes: null,
        width: 1200,
        caption: 'Ice on the river',
        credit: 'The desk',
      },
    ]);
  });

  it('tells a recording by its medium or its ending where no type says so, and believes no length that is none', () => {
    const entry = only(
      rss(`<itunes:duration>62:03</itunes:duration><enclosure url="https://news.example/a.mp3?x=1"/>
           <enclosure url="https://news.example/b.ogg" type="Audio/OGG" length="-5"/>
           <media:content url="https://news.example/c" medium="video" duration="75" fileSize="many"/>
           <enclosure url="javascript:alert(1)" type="audio/mpeg" length="9"/><enclosure url="https://news.example/d.pdf"/>`),
    );
    expect(entry.enclosures).toEqual([
      { url: 'https://news.example/a.mp3?x=1', type: 'audio/*', bytes: null, seconds: 3723 },
      { url: 'https://news.example/b.ogg', type: 'audio/ogg', bytes: null, seconds: 3723 },
      { url: 'https://news.example/d.pdf', type: null, bytes: null },
      { url: 'https://news.example/c', type: 'video/*', bytes: null, seconds: 75 },
    ]);
  });
});

describe('parseFeed: feeds as they come', () => {
  const moscow = (builtAt: string) =>
    rss(
      `<title>\n\t\t\tA desk and a desk: Ice on the river\t\n</title>
       <link>https://news.example/2026/11/13/ice-a90001</link><guid>https://news.example/2026/11/13/ice-a90001</guid>
       <description>\n\t<![CDATA[<p>First block.</p>]]>\n\t<![CDATA[<p>Second block.</p>]]>\n</description>
       <pubDate>Fri, 13 Nov 2026 09:30:00 +0300</pubDate><author>office@news.example</author>
       <category>Opinion</category><category>\u0420hotos</category>
       <enclosure url="https://news.example/share/a90001.jpg" length="1" type="image/jpeg"/>`,
      `<lastBuildDate>${builtAt}</lastBuildDate><ttl>600</ttl>`,
    );

  it('reads the shape of The Moscow Times: padded titles, text in several CDATA, an office address, no isPermaLink', () => {
    expect(only(moscow('Fri, 13 Nov 2026 10:00:00 +0300'))).toMatchObject({
      id: 'https://news.example/2026/11/13/ice-a90001',
      title: 'A desk and a desk: Ice on the river',
      url: 'https://news.example/2026/11/13/ice-a90001',
      authors: [],
      summaryHtml: expect.stringMatching(/<p>First block\.<\/p>\s*<p>Second block\.<\/p>/),
      categories: ['Opinion', '\u0420hotos'],
      enclosures: [{ bytes: null }],
    });
  });

  it('gives the same for the same entries though lastBuildDate always moves', () => {
    expect(read(moscow('Fri, 13 Nov 2026 10:00:00 +0300'))).toEqual(
      read(moscow('Fri, 13 Nov 2026 10:10:00 +0300')),
    );
  });

  it('reads windows-1251 without a word about it', () => {
    const bytes = encodeAs(rss('<title>Лёд на реке пошёл трещинами</title><link>/1</link>'), 'windows-1251');
    expect(parseFeed(bytes, { contentType: 'text/xml', url: null })).toMatchObject({
      kind: 'feed',
      feed: {
        problems: ['charset guessed: windows-1251'],
        entries: [{ title: 'Лёд на реке пошёл трещинами' }],
      },
    });
  });

  it('applies the publisher’s zone to dates without one', () => {
    const bytes = new TextEncoder().encode(rss('<pubDate>2026-11-13 09:30:00</pubDate>'));
    expect(parseFeed(bytes, { contentType: null, url: null, timeZone: 'Europe/Moscow' })).toMatchObject({
      feed: { entries: [{ publishedAt: Date.UTC(2026, 10, 13, 6, 30) }] },
    });
  });

  it('reads on past warnings before the feed, forgotten end tags and prefixes nobody declared', () => {
    const feed = read(`<br>Warning: <b>disk full</b> <rss version="2.0"><channel>
      <item><title>One</title><dc:creator>The desk</dc:creator><item><title>Two</title></item></channel></rss>`);
    expect(feed.entries).toMatchObject([{ title: 'One', authors: [{ name: 'The desk' }] }, { title: 'Two' }]);
  });

  it('uses the document’s own plain entities, and HTML’s without being asked', () => {
    const source = `<!-- <!DOCTYPE x> --><!DOCTYPE rss [<!ENTITY paper "The > Paper"><!ENTITY % p SYSTEM "x">]>${rss(
      '<title>&paper; &mdash; &unknown; &lt;!DOCTYPE x&gt;</title>',
    ).replace('<?xml version="1.0"?>', '')}`;
    expect(only(source).title).toBe('The > Paper — &unknown; <!DOCTYPE x>');
  });

  it('does not count entries quoted inside an entry', () => {
    expect(
      read(atom('<title>Outer</title><source><entry><title>Inner</title></entry></source>')).entries,
    ).toHaveLength(1);
  });

  it.each([
    ['', 'empty'],
    ['   \n ', 'empty'],
    ['Not found.', 'no XML element in it'],
    [
      '<!doctype html><html><body><div class="item"><item>x</item></div></body></html>',
      'an HTML page, not a feed',
    ],
    ['<catalogue><book/></catalogue>', '<catalogue> is not a feed'],
    ['{"error":"none"}', 'JSON, but not a JSON Feed'],
    ['{"items":', 'broken JSON'],
  ])('says why «%s» is no feed', (source, reason) => {
    expect(parseFeed(new TextEncoder().encode(source), { contentType: null, url: null })).toEqual({
      kind: 'no-feed',
      reason,
    });
  });

  it('reads an empty feed as a feed', () => {
    expect(read('<rss version="2.0"><channel><title>Quiet</title></channel></rss>').entries).toEqual([]);
  });
});
