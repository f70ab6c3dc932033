import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Sqlite } from '../../src/store/sqlite.js';
import { createDemoNode, type DemoNode } from '../support/demo-node.js';
import { describeWith } from '../support/tools.js';
import { jsonFeedFaults } from './json-feed-faults.js';
import { createWitness, type Witness } from './witness.js';

const run = promisify(execFile);

let node: DemoNode;
let witness: Witness;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tamizdat-feeds-'));
  node = await createDemoNode();
  witness = await createWitness(node.origin);
});

afterAll(async () => {
  await witness?.close();
  await node?.close();
  rmSync(folder, { recursive: true, force: true });
});

const paths = (name: RegExp) => node.engine.store.pages.allPaths().filter((path) => name.test(path));

/** Titles a reader must find in a publisher's feed, newest first. */
const titles = (publisherId: string) =>
  node.engine.store.lists.newest({ publisherId }, 30).map((article) => article.title);

const ids = (publisherId: string) =>
  node.engine.store.lists
    .newest({ publisherId }, 30)
    .map((article) => `tag:tamizdat.invalid,2026:${publisherId}/a${article.stableId}`);

describeWith(['xmllint'], 'xmllint', ({ xmllint }) => {
  it('finds every XML document of the tree well formed', async () => {
    const files: string[] = [];
    for (const path of paths(/\.xml$/)) {
      const file = join(folder, `${path.slice(1).replaceAll('/', '_')}`);
      writeFileSync(file, (await node.get(path)).text);
      files.push(file);
    }
    expect(files.length).toBeGreaterThan(20);
    const { status, stderr } = spawnSync(xmllint, ['--noout', '--nonet', ...files], { encoding: 'utf8' });
    expect([stderr, status]).toEqual(['', 0]);
  });
});

describeWith(['newsboat'], 'newsboat', ({ newsboat }) => {
  it.each(['rss.xml', 'atom.xml'])('reads %s, and is told when nothing changed', async (name) => {
    const home = join(folder, `newsboat-${name}`);
    mkdirSync(home);
    // Not the node's own feed beside them: newsboat keeps an id once, under the feed that brought it last.
    const feeds = ['/demo-courier/', '/demo-peyk/'].map((path) => witness.origin + path + name);
    const [urls, cache, config] = ['urls', 'cache.db', 'config'].map((file) => join(home, file)) as [
      string,
      string,
      string,
    ];
    writeFileSync(urls, `${feeds.join('\n')}\n`);
    writeFileSync(config, 'reload-threads 1\n');
    const reload = () =>
      run(newsboat, ['-q', '-u', urls, '-c', cache, '-C', config, '-x', 'reload'], {
        env: { HOME: home, LANG: 'C.UTF-8', PATH: '/usr/bin:/bin' },
        timeout: 60_000,
      });

    witness.forget();
    await reload();
    const database = new Sqlite(cache, { readonly: true });
    const stored = database.prepare('select guid, title from rss_item where feedurl = ?').all(feeds[0]) as {
      guid: string;
      title: string;
    }[];
    const persian = database.prepare('select title from rss_item where feedurl = ?').pluck().all(feeds[1]);
    database.close();
    expect(stored.map((item) => item.guid).sort()).toEqual(ids('demo-courier').sort());
    expect(stored.map((item) => item.title).sort()).toEqual(titles('demo-courier').sort());
    expect(persian.sort()).toEqual(titles('demo-peyk').sort());
    expect(witness.seen.map(({ status }) => status)).toEqual([200, 200]);

    // The first time it has no row yet to keep validators in; the second fills it.
    await reload();
    witness.forget();
    await reload();
    expect(witness.seen).toHaveLength(2);
    for (const request of witness.seen) expect(request).toMatchObject({ conditional: true, status: 304 });
  });
});

interface Parsed {
  status: number;
  version: string;
  bozo: number;
  title: string;
  etag: string;
  entries: { id: string; title: string; link: string; updated: string | null }[];
}

/** What feedparser makes of an address; a second word is the ETag it sends. */
const FEEDPARSER = `
import feedparser, json, sys
d = feedparser.parse(sys.argv[1], etag=sys.argv[2] or None)
print(json.dumps({"status": d.status, "version": d.version, "bozo": int(d.bozo), "etag": d.get("etag", ""),
  "title": d.feed.get("title", ""),
  "entries": [{"id": e.id, "title": e.title, "link": e.link, "updated": e.get("updated") or e.get("published")} for e in d.entries]}))
`;

describeWith(['python3-feedparser'], 'python3-feedparser', (found) => {
  const parse = async (path: string, etag = '') => {
    const { stdout } = await run(found['python3-feedparser'], [
      '-c',
      FEEDPARSER,
      witness.origin + path,
      etag,
    ]);
    return JSON.parse(stdout) as Parsed;
  };

  it.each([
    ['rss.xml', 'rss20'],
    ['atom.xml', 'atom10'],
    ['full/rss.xml', 'rss20'],
    ['full/atom.xml', 'atom10'],
  ])('reads %s without a complaint, then is told 304', async (name, version) => {
    for (const id of ['demo-courier', 'demo-peyk']) {
      const feed = await parse(`/${id}/${name}`);
      expect(feed).toMatchObject({ status: 200, bozo: 0, version });
      expect(feed.title).not.toBe('');
      expect(feed.entries.map((entry) => entry.title)).toEqual(titles(id));
      expect(feed.entries.map((entry) => entry.id)).toEqual(ids(id));
      for (const { link, updated } of feed.entries) {
        expect(link).toMatch(new RegExp(`^${witness.origin}/${id}/a\\d+/$`));
        expect(Date.parse(updated ?? '')).toBeLessThanOrEqual(node.clock.now());
      }
      expect(await parse(`/${id}/${name}`, feed.etag)).toMatchObject({ status: 304, entries: [] });
    }
  });
});

describe('JSON Feed', () => {
  it('is 1.1 to the letter in every scope', async () => {
    const files = paths(/feed\.json$/);
    expect(files.length).toBeGreaterThan(20);
    const faults: string[] = [];
    for (const path of files) {
      const { text } = await node.get(path);
      for (const fault of jsonFeedFaults(JSON.parse(text))) faults.push(`${path}: ${fault}`);
    }
    expect(faults).toEqual([]);
  });
});
