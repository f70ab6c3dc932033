import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pointersOfHtml, targetOf } from '../../src/cli/tree-links.js';
import { openStore } from '../../src/store/store.js';
import { indexText } from '../../src/store/tokenizer.js';
import { cli } from '../support/cli.js';
import { send, startHostileServer } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, testPublisher } from '../support/test-node.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const TEXT = '<p>Salt keeps what the sea lends to the shore.</p>'.repeat(20);
const FEED = `<?xml version="1.0"?><rss version="2.0"><channel><title>Salt</title>${Array.from(
  { length: 3 },
  (_, index) =>
    `<item><title>Salt ${index}</title><link>http://127.0.0.1/salt-${index}</link><guid>salt-${index}</guid>` +
    `<pubDate>${new Date(NOW - index * 3_600_000).toUTCString()}</pubDate><category>Coast</category>` +
    `<description><![CDATA[${TEXT}]]></description></item>`,
).join('')}</channel></rss>`;

let home: string;

/** A synced node's state folder. */
async function makeHome(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-site-'));
  const upstream = await startHostileServer({
    '/rss': send(FEED, { 'content-type': 'application/rss+xml' }),
  });
  const publisher = testPublisher({
    id: 'salt-road',
    sources: [{ kind: 'feed', url: upstream.url('/rss'), text: 'full', role: 'main', section: null }],
  });
  const node = await createTestNode({
    publishers: [publisher],
    clock: createManualClock(NOW),
    env: { TAMIZDAT_FETCH_ALLOW: upstream.pair },
    home: folder,
  });
  await node.pass();
  await node.close();
  await upstream.close();
  return folder;
}

/** A copy of the folder with pages put into its tree by hand. */
function withPages(pages: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-site-'));
  cpSync(home, folder, { recursive: true });
  const store = openStore(join(folder, 'tamizdat.sqlite'), { tokenizer: { indexText } });
  for (const [path, html] of Object.entries(pages)) {
    const bytes = Buffer.from(html);
    store.pages.put({
      path,
      groupKey: 'by hand',
      status: 200,
      type: 'text/html; charset=utf-8',
      etag: 'x',
      modifiedAt: NOW,
      absolute: false,
      rawBytes: bytes.length,
      gzip: gzipSync(bytes),
      br: brotliCompressSync(bytes),
    });
  }
  store.close();
  return folder;
}

const noise = (bytes: number): string => {
  let state = 7;
  return Array.from({ length: bytes }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return String.fromCharCode(97 + (Math.floor(state / 65_536) % 26));
  }).join('');
};

const check = (folder: string, ...argv: string[]) =>
  cli(['site', 'check', ...argv], { env: { TAMIZDAT_HOME: folder } });

beforeAll(async () => {
  home = await makeHome();
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('site check', () => {
  it('finds every link of a rendered tree alive, nothing over the line, and lists the largest', async () => {
    const { code, stdout, stderr } = await check(home, '--strict');
    expect(stdout).toContain('Wrong links and requests: 0.');
    expect(stdout).toContain('Over 8,192 B: 0.');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\d+ documents, [\d,]+ B in brotli/);
    expect(stdout.split('\n').filter((line) => line.includes(' /'))).toHaveLength(20);
  });

  it('gives a script the same as JSON, the heaviest first', async () => {
    const { stdout } = await check(home, '--json');
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ ok: true, bodyBytes: 8_192, over: [], broken: [], pending: 0 });
    const weights = report.largest.map((size: { gzipBytes: number; brBytes: number }) =>
      Math.max(size.gzipBytes, size.brBytes),
    );
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
  });

  it('warns of a document over the line, and fails for it only where it is asked to be strict', async () => {
    const heavy = withPages({
      '/heavy/': `<p>${noise(20_000)}</p>`,
      '/salt-road/full/heavy/': `<p>${noise(20_000)}</p>`,
    });
    const warned = await check(heavy);
    expect(warned.code).toBe(0);
    expect(warned.stdout).toContain('Over 8,192 B: 1.');
    expect(warned.stdout).toMatch(/ over +\/heavy\/\n/);
    expect(warned.stdout).toMatch(/ free +\/salt-road\/full\/heavy\/\n/);
    expect(await check(heavy, '--strict')).toMatchObject({
      code: 1,
      stderr: '1 document is over 8,192 B\n',
    });
    rmSync(heavy, { recursive: true, force: true });
  });

  it('fails for a dead link and for a request of its own, naming the document', async () => {
    const broken = withPages({
      '/odd/':
        '<a href="../nowhere/">x</a><a href="../about/?utm=1#top">fine</a><img src="https://third.example/p.gif">',
    });
    const { code, stdout } = await check(broken);
    expect(code).toBe(1);
    expect(stdout).toContain('  /odd/: ../nowhere/ leads to nothing in the tree\n');
    expect(stdout).toContain('  /odd/: https://third.example/p.gif is a request of its own\n');
    expect(stdout).toContain('Wrong links and requests: 2.');
    rmSync(broken, { recursive: true, force: true });
  });

  it('says where there is no tree, and makes none', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'tamizdat-none-'));
    expect(await check(join(empty, 'home'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no node has run in'),
    });
    rmSync(empty, { recursive: true, force: true });
  });
});

describe('pointers of a page', () => {
  it.each([
    ['<img src="data:image/avif;base64,AA">', []],
    ['<link rel="icon" href="data:,">', []],
    ['<link rel="alternate" href="./rss.xml"><link rel="canonical" href="https://a.example/">', []],
    ['<a href="https://a.example/x.jpg">picture</a>', []],
    ['<img src="x.png" srcset="y.png 2x">', ['x.png', 'y.png 2x']],
    [
      '<link rel="stylesheet" href="s.css"><link rel="preconnect" href="//a.example">',
      ['s.css', '//a.example'],
    ],
    ['<style>p{background:url(b.png)}</style>', ['b.png']],
    ['<p style="background:url(\'c.png\')">x</p>', ['c.png']],
    ['<style>p{background:url(data:image/png;base64,AA)}</style>', []],
    ['<script>alert(1)</script>', ['an inline script']],
    ['<meta http-equiv="Refresh" content="0;url=x">', ['refresh: 0;url=x']],
    ['<p>url(text.png)</p>', []],
  ])('%s', (html, requests) => {
    expect(pointersOfHtml(html).subRequests).toEqual(requests);
  });

  it('leads below the same folder whatever the address', () => {
    expect(targetOf('../b/#c', '/a/x/')).toEqual({ kind: 'tree', path: '/a/b/' });
    expect(targetOf('/b/', '/a/')).toMatchObject({ kind: 'bad' });
    expect(targetOf('javascript:alert(1)', '/a/')).toMatchObject({ kind: 'bad' });
    expect(targetOf('https://a.example/', '/a/')).toEqual({ kind: 'outside' });
  });
});
