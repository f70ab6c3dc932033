import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import type { PageRules, Publisher } from '../../src/domain/publisher.js';
import { cli } from '../support/cli.js';
import { type HostileServer, send, startHostileServer, status } from '../support/hostile-server.js';
import { testPublisher } from '../support/test-node.js';

const SENTENCE =
  'The ferry keeps its hours, whatever the weather says of them, and nobody on the quay is surprised. ';
const PARAGRAPHS = Array.from(
  { length: 8 },
  (_, index) => `<p>Paragraph ${index}. ${SENTENCE.repeat(2)}</p>`,
).join('');
const XML = { 'content-type': 'application/rss+xml; charset=utf-8' };
const HTML = { 'content-type': 'text/html; charset=utf-8' };

let server: HostileServer;
let home: string;

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'tamizdat-check-'));
  mkdirSync(join(home, 'publishers'));
  server = await startHostileServer();
  server.on('/news/ferry-a12', send(page(), HTML));
});

afterEach(async () => {
  await server.close();
  rmSync(home, { recursive: true, force: true });
});

function page(parts: { text?: string; credit?: string; picture?: string } = {}): string {
  const { text = PARAGRAPHS, credit = 'The Quay', picture = server.url('/ferry.jpg') } = parts;
  return `<!doctype html><html lang="en"><head><title>The ferry</title>
    <meta property="article:published_time" content="2026-11-20T08:00:00Z"></head><body><article>
    <h1 class="head">The ferry keeps its hours</h1><p class="by">The harbour desk</p>
    <figure class="lead"><img src="${picture}" alt="A ferry"><figcaption class="credit">${credit}</figcaption></figure>
    <div class="text">${text}</div></article></body></html>`;
}

interface Entry {
  path: string;
  guid?: string;
  html?: string;
  date?: Date | null;
}

function feed(...entries: Entry[]): string {
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>The Quay</title>${entries
    .map(({ path, guid = path, html = PARAGRAPHS, date = new Date() }) => {
      const dated = date === null ? '' : `<pubDate>${date.toUTCString()}</pubDate>`;
      return `<item><title>The ferry</title><link>${server.url(path)}</link><guid isPermaLink="false">${guid}</guid>${dated}<description><![CDATA[${html}]]></description></item>`;
    })
    .join('')}</channel></rss>`;
}

const RULES: Partial<PageRules> = {
  fetch: 'always',
  title: ['h1.head'],
  authors: ['.by'],
  content: ['.text'],
  lead: ['figure.lead'],
  leadCredit: ['.credit'],
};

function describePublisher(change: Partial<Publisher> = {}, rules: Partial<PageRules> = {}): void {
  const base = testPublisher({
    id: 'the-quay',
    identity: { patterns: ['-a(\\d{1,9})(?:[/?#]|$)'] },
    sources: [{ kind: 'feed', url: server.url('/rss'), text: 'full', role: 'main', section: null }],
    ...change,
  });
  const file = { ...base, page: { ...base.page, ...RULES, ...rules } };
  writeFileSync(join(home, 'publishers', 'the-quay.yaml'), stringify(file));
}

const run = (...argv: string[]) =>
  cli(argv, {
    env: {
      TAMIZDAT_HOME: home,
      TAMIZDAT_FETCH_ALLOW: server.pair,
      TAMIZDAT_FETCH_POLITENESS: '0s',
      TAMIZDAT_PUBLISHERS: 'the-quay',
    },
  });
const check = (...argv: string[]) => run('publishers', 'check', ...argv);

interface Report {
  ok: boolean;
  sources: {
    format: string | null;
    entries: number;
    medianWords: number;
    newest: string;
    here: Record<'state' | 'since' | 'reason' | 'nextTry', string> | null;
  }[];
  article: Record<string, unknown> & { words: number };
  wrong: { text: string }[];
  notes: { text: string }[];
}

async function report(): Promise<Report & { code: number | null }> {
  const { code, stdout } = await check('the-quay', '--json');
  return { ...(JSON.parse(stdout) as Report[])[0], code } as Report & { code: number | null };
}

describe('publishers check', () => {
  it('says how a source was doing when the node here last tried it, since when, why, and when it is tried next', async () => {
    describePublisher();
    server.on('/rss', send('<html><body>Please wait</body></html>', HTML));
    await run('sync', '--once');
    server.on('/rss', send(feed({ path: '/news/ferry-a12' }), XML));
    expect((await check()).stdout).toMatch(
      /this node: blocked since \d{4}-\d\d-\d\d \d\d:\d\dZ \(html-instead: .*\), next try: in \d+ min\n/,
    );
    const { sources } = await report();
    expect(sources[0]?.here).toMatchObject({
      state: 'blocked',
      reason: expect.stringMatching(/^html-instead/),
    });
    const { since, nextTry } = sources[0]?.here ?? { since: '', nextTry: '' };
    expect(Date.parse(nextTry)).toBeGreaterThan(Date.parse(since));
  });

  it('says what came of each source and shows one article, and keeps nothing', async () => {
    describePublisher();
    server.on('/rss', send(feed({ path: '/news/ferry-a12' }), XML));
    const { code, stdout } = await check();
    expect(code).toBe(0);
    expect(stdout).toContain('main: rss, 1 entries of');
    expect(stdout).toContain('newest within the hour');
    expect(stdout).toMatch(/Title: +The ferry keeps its hours\n/);
    expect(stdout).toMatch(/Authors: +The harbour desk\n/);
    expect(stdout).toMatch(/Id: +12\n/);
    expect(stdout).toMatch(/Published: +2026-11-20T08:00:00.000Z\n/);
    expect(stdout).toContain('| Paragraph 0. The ferry keeps its hours');
    expect(stdout).toContain('Nothing looks wrong.');
    expect(readdirSync(home)).toEqual(['publishers']);
    expect(server.requests.filter(({ path }) => path === '/rss')).toHaveLength(1);
  });

  it('gives a script the same as JSON', async () => {
    describePublisher();
    server.on('/rss', send(feed({ path: '/news/ferry-a12' }), XML));
    expect(await report()).toMatchObject({
      code: 0,
      ok: true,
      sources: [{ format: 'rss', entries: 1, role: 'main' }],
      article: {
        stableId: '12',
        authors: ['The harbour desk'],
        published: '2026-11-20T08:00:00.000Z',
        foundBy: 'selectors',
        lead: { credit: 'The Quay', shown: true },
      },
      wrong: [],
    });
  });

  it('ends with 1 and the reason where a source is blocked or is no feed', async () => {
    describePublisher();
    server.on('/rss', status(451));
    const blocked = await report();
    expect(blocked.code).toBe(1);
    expect(blocked.wrong.map(({ text }) => text)).toEqual([expect.stringMatching(/^blocked, status-451: /)]);
    server.on('/rss', send(page(), HTML));
    expect((await report()).wrong[0]?.text).toMatch(/html-instead|challenge-page|no-feed/);
  });

  it('says which entries no pattern matches, and which share an id', async () => {
    describePublisher();
    server.on(
      '/rss',
      send(feed({ path: '/news/one-a12' }, { path: '/news/two-a12' }, { path: '/news/three' }), XML),
    );
    server.on('/news/one-a12', send(page(), HTML));
    const { wrong } = await report();
    expect(wrong.map(({ text }) => text)).toEqual([
      `the id 12 is that of both ${server.url('/news/one-a12')} and ${server.url('/news/two-a12')}`,
      `1 of 3 entries match no pattern of identity.patterns, such as ${server.url('/news/three')}`,
    ]);
  });

  it('says that a feed of whole texts is one of teasers, or old, or without dates', async () => {
    describePublisher({}, { fetch: 'never' });
    const old = new Date(Date.now() - 40 * 86_400_000);
    server.on('/rss', send(feed({ path: '/news/ferry-a12', html: '<p>Two lines.</p>', date: old }), XML));
    expect((await report()).wrong.map(({ text }) => text)).toEqual([
      expect.stringContaining('declared as text: full, but half of its entries hold 2 words or fewer'),
      'its newest entry is 40 days old',
    ]);
    server.on('/rss', send(feed({ path: '/news/ferry-a12', date: null }), XML));
    expect((await report()).wrong.map(({ text }) => text)).toEqual(['no entry has a date that can be read']);
  });

  it('says that a page yields less than the feed, and which selectors match nothing', async () => {
    describePublisher({}, { content: ['.body'], subtitle: ['h2.sub'], drop: ['.donate'] });
    server.on('/rss', send(feed({ path: '/news/ferry-a12', html: PARAGRAPHS.repeat(4) }), XML));
    const { wrong, notes } = await report();
    expect(wrong.map(({ text }) => text)).toEqual([
      'page.content: .body matches nothing on its page',
      expect.stringMatching(/^its page yields 2\d % of the text the feed gave/),
    ]);
    expect(notes.map(({ text }) => text)).toEqual([
      'page.subtitle: h2.sub matches nothing on its page',
      'page.drop: .donate matches nothing on its page',
    ]);
  });

  it('says of a picture that it is denied, or at a host that is not listed', async () => {
    describePublisher();
    server.on('/rss', send(feed({ path: '/news/ferry-a12' }), XML));
    server.on('/news/ferry-a12', send(page({ credit: 'AFP' }), HTML));
    const denied = await report();
    expect(denied.code).toBe(0);
    expect(denied.notes.map(({ text }) => text)).toEqual(['its picture is left out: it is credited to AFP']);
    expect(denied.article).toMatchObject({ lead: { shown: false } });
    server.on('/news/ferry-a12', send(page({ picture: 'https://pictures.example/1.jpg' }), HTML));
    expect((await report()).wrong.map(({ text }) => text)).toEqual([
      'its picture is at pictures.example, which hosts does not list',
    ]);
  });

  it('shows the feed’s article where its page does not come', async () => {
    describePublisher();
    const picture = server.url('/ferry.jpg');
    server.on(
      '/rss',
      send(feed({ path: '/news/ferry-a13', html: `<img src="${picture}">${PARAGRAPHS}` }), XML),
    );
    const { wrong, article } = await report();
    expect(wrong.map(({ text }) => text)).toEqual(['its page: gone: status 404']);
    expect(article).toMatchObject({
      foundBy: 'feed',
      title: 'The ferry',
      lead: { src: picture, shown: true },
    });
    expect(article.words).toBeGreaterThan(100);
  });

  it('obeys nothing that a publisher sends to a terminal', async () => {
    describePublisher();
    server.on('/rss', send(feed({ path: '/news/ferry-a12' }), XML));
    server.on(
      '/news/ferry-a12',
      send(page({ text: `${PARAGRAPHS}<p>\u001b[2J gone</p>`, credit: '\u001b[31m' }), HTML),
    );
    expect((await check()).stdout).not.toContain('\u001b');
  });

  it('ends with 2 for a publisher nobody knows', async () => {
    describePublisher();
    expect(await check('the-quai')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean the-quay?'),
    });
  });
});
