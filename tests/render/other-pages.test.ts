import { describe, expect, it } from 'vitest';
import { renderAbout } from '../../src/render/about-page.js';
import type { ChangesView } from '../../src/render/article-views.js';
import { renderChanges } from '../../src/render/changes-page.js';
import { renderEmptyNode } from '../../src/render/empty-node-page.js';
import { renderFeedsPage } from '../../src/render/feeds-page.js';
import { renderMessage } from '../../src/render/message-page.js';
import { renderSearch } from '../../src/render/search-page.js';
import type { FeedsPageView, SearchView } from '../../src/render/site-views.js';
import { aboutView, frame, NOW, phrase, url } from './sample-views.js';

const words = (html: string) =>
  html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ');

describe('the page of changes', () => {
  const view: ChangesView = {
    ...frame('en'),
    language: 'en',
    direction: 'ltr',
    headline: 'The Ferry',
    article: '../',
    publishedAt: NOW,
    newer: null,
    older: './p2/',
    revisions: [
      {
        at: NOW,
        note: null,
        fields: [
          {
            field: 'title',
            omitted: 3,
            lines: [
              { mark: 'removed', text: 'A <Ferry>' },
              { mark: 'added', text: 'The Ferry' },
              { mark: 'same', text: 'left' },
            ],
          },
        ],
      },
    ],
  };

  it('shows what went and what came', () => {
    const html = renderChanges(view);
    expect(html).toContain(
      '<h3>Headline</h3><p><del>A &lt;Ferry&gt;</del></p><p><ins>The Ferry</ins></p><p>left</p>',
    );
    expect(words(html)).toContain('3 more lines');
    expect(html).toContain('<a href="./p2/">Older changes</a>');
    expect(html).toContain('<a href="../">Back to the article</a>');
  });

  it('says that nothing changed', () => {
    expect(words(renderChanges({ ...view, revisions: [], older: null }))).toContain('Nothing has changed');
  });
});

describe('the about page', () => {
  const publisher = {
    name: phrase('The Demo Courier'),
    href: '../demo/',
    homepage: url('https://courier.example/'),
    basis: 'none-recorded',
    licence: null,
    publish: 'teaser',
    rightsContact: 'desk@courier.example',
    designations: [{ country: 'RU', status: 'blocked', since: '2022-03-04', source: 'a court' }],
    sources: [
      {
        name: 'https://courier.example/rss',
        state: 'blocked',
        sinceAt: NOW,
        reason: 'challenge-page',
        lastHeardAt: null,
        nextTryAt: NOW + 3_600_000,
      },
    ],
  } as const;

  it('tells who keeps the mirror and how to reach them', () => {
    const html = renderAbout(
      aboutView('en', { keeper: { name: 'A <Keeper>', contact: 'keeper@example.org' } }),
    );
    expect(html).toContain('This mirror is kept by <bdi>A &lt;Keeper&gt;</bdi>.');
    expect(html).toContain('<a href="mailto:keeper@example.org">');
  });

  it('makes no link of a contact that is not an address', () => {
    const html = renderAbout(aboutView('en', { keeper: { name: null, contact: 'javascript:alert(1)@x' } }));
    expect(html).not.toContain('href="javascript');
    expect(html).not.toContain('mailto:');
    expect(words(html)).toContain('gives no name');
  });

  it('tells how to read on a bad line and what is kept of readers', () => {
    const text = words(renderAbout(aboutView('en')));
    expect(text).toContain('Open one page at a time. If it freezes, wait two minutes');
    expect(text).toContain('Nothing. No cookie');
  });

  it('tells of each publisher the permission, the state of its sources and why', () => {
    const text = words(renderAbout(aboutView('en', { publishers: [publisher] })));
    expect(text).toContain('No permission is recorded yet. Only beginnings are shown here.');
    expect(text).toContain('To ask for permission: desk@courier.example.');
    expect(text).toContain('https://courier.example/rss: blocked · since 23 November 2026, 08:10 UTC');
    expect(text).toContain('a page meant to stop robots');
    expect(text).toContain('next try 23 November 2026, 09:10 UTC');
    expect(text).toContain(
      'Russia: access to The Demo Courier has been blocked since 4 March 2022 (source: a court).',
    );
  });
});

describe('the page of feeds', () => {
  const view: FeedsPageView = {
    ...frame('en'),
    groups: [
      {
        name: phrase('The Demo Courier'),
        feeds: [
          {
            format: 'RSS',
            text: 'summary',
            href: '../rss.xml',
            address: 'https://m.example/rss.xml',
            bytes: 6100,
          },
          {
            format: 'RSS',
            text: 'full',
            href: '../full/rss.xml',
            address: 'https://m.example/full/rss.xml',
            bytes: 52_000,
          },
        ],
      },
    ],
    opml: null,
    privateAddress: false,
  };

  it('gives addresses to copy, with their size and a warning where they are large', () => {
    const text = words(renderFeedsPage(view));
    expect(text).toContain('RSS, 6 KB: https://m.example/rss.xml');
    expect(text).toContain(
      'Whole texts (may not load on a slow line)RSS, 51 KB: https://m.example/full/rss.xml',
    );
  });

  it('warns that a reader in the cloud learns the address, more sternly of a private one', () => {
    expect(words(renderFeedsPage(view))).toContain('Prefer a reader on your own device');
    expect(words(renderFeedsPage({ ...view, privateAddress: true }))).toContain('This address is private');
  });
});

describe('search', () => {
  const view: SearchView = {
    ...frame('en'),
    action: './',
    query: '"><script>',
    publishers: [
      { id: 'demo', name: phrase('The Demo Courier'), selected: true },
      { id: 'demo-ru', name: phrase('Демо', 'ru'), selected: false },
    ],
    since: 'week',
    results: null,
    total: { count: 0, more: false },
    page: 1,
    nextPage: null,
    previousPage: null,
  };
  const results = [
    {
      language: 'en',
      direction: 'ltr',
      href: '../demo/a5/',
      title: [
        { text: 'On the ', hit: false },
        { text: 'Ferry', hit: true },
      ],
      excerpt: [{ text: '<ferries>', hit: true }],
      publisher: null,
      publishedAt: NOW,
      pageBytes: 4000,
    },
  ] as const;

  it('asks by POST and keeps what was asked', () => {
    const html = renderSearch(view);
    expect(html).toContain('<form method="post" action="./">');
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;"');
    expect(html).toContain('<option value="demo" selected="">');
    expect(html).not.toContain('method="get"');
  });

  it('marks the words that were found', () => {
    const html = renderSearch({ ...view, results, total: { count: 1, more: false } });
    expect(html).toContain('On the <mark>Ferry</mark>');
    expect(html).toContain('<mark>&lt;ferries&gt;</mark>');
    expect(words(html)).toContain('1 article found');
  });

  it('goes on by POST too', () => {
    const html = renderSearch({ ...view, results, total: { count: 100, more: true }, nextPage: 2 });
    expect(html).toContain('<input type="hidden" name="page" value="2">');
    expect(html).toContain('<input type="hidden" name="publisher" value="demo">');
    expect(words(html)).toContain('more than 100 articles found');
  });

  it('says that nothing was found', () => {
    const html = renderSearch({ ...view, results: [] });
    expect(html).toContain('<p>Nothing was found.');
    expect(html).not.toContain('<h2');
  });
});

describe('a node without articles', () => {
  it('shows what it tried, what came back, when it tries next, and the demo', () => {
    const text = words(
      renderEmptyNode({
        ...frame('en'),
        asOfAt: null,
        tried: [
          { name: 'https://a.example/rss', at: NOW, outcome: 'status-403', detail: 'seen twice' },
          { name: 'https://b.example/rss', at: null, outcome: 'not-tried', detail: null },
        ],
        nextAt: NOW + 600_000,
      }),
    );
    expect(text).toContain(
      'https://a.example/rss: the site refused access (403) · 23 November 2026, 08:10 UTC · seen twice',
    );
    expect(text).toContain('https://b.example/rss: not tried yet');
    expect(text).toContain('Next attempt: 23 November 2026, 08:20 UTC');
    expect(text).toContain('serve --demo');
  });
});

describe('a message', () => {
  it('says what happened in the language of the page, with the way home', () => {
    const html = renderMessage({
      ...frame('ru', { masthead: { name: phrase('Демо', 'ru'), home: '../' } }),
      kind: 'not-found',
    });
    expect(html).toContain('<h1>Такой страницы нет</h1>');
    expect(html).toContain('<a href="../">Главная</a>');
  });
});
