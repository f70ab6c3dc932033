import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseFeed as parseWithAnother } from '@rowanmanning/feed-parser';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { corpusDir } from '../support/corpus.js';
import { type HostileServer, startHostileServer } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, testPublisher, treeOf } from '../support/test-node.js';
import { describeLong, describeUnless } from '../support/tools.js';

const corpus = corpusDir();
const folder = corpus === null ? null : join(corpus, 'feeds', 'real');

interface Expected {
  path: string;
  headers: Record<string, string>;
  oracle: { entries: readonly { id: string | null; link: string | null; title: string | null }[] };
}

function expectations(): Map<string, Expected> {
  if (corpus === null) return new Map();
  const lines = readFileSync(join(corpus, 'feeds', 'index.jsonl'), 'utf8')
    .trim()
    .split('\n');
  return new Map(
    lines.map((line) => JSON.parse(line) as Expected).map((one) => [one.path.split('/').at(-1) ?? '', one]),
  );
}

const idOf = (file: string) =>
  file.includes('Rss20MoscowTimes') ? 'moscow-times' : `feed-${file.slice(0, 4)}`;

const files = folder === null || !existsSync(folder) ? [] : readdirSync(folder).sort();
const first = files.filter((file) => idOf(file) === 'moscow-times');

const reason = files.length === 0 ? 'the corpus is not here' : null;

describeUnless(reason, 'the real feed of The Moscow Times, from a local server', () => isMirrored(first));
describeLong('the 51 real feeds of the corpus, from a local server', () => isMirrored(files), reason);

function isMirrored(files: readonly string[]): void {
  const expected = expectations();
  const clock = createManualClock(Date.UTC(2026, 10, 23, 12));
  let server: HostileServer;
  let node: Awaited<ReturnType<typeof createTestNode>>;

  beforeAll(async () => {
    server = await startHostileServer();
    for (const file of files) {
      const body = readFileSync(join(folder ?? '', file));
      const type = expected.get(file)?.headers['content-type'] ?? 'application/xml';
      server.on(`/${file}`, (_request, response) =>
        response.writeHead(200, { 'Content-Type': type }).end(body),
      );
    }
    const publishers = files.map((file) =>
      testPublisher({
        id: idOf(file),
        homepage: server.url('/'),
        sources: [
          { kind: 'feed', url: server.url(`/${file}`), text: 'summary', role: 'main', section: null },
        ],
        identity: { patterns: idOf(file) === 'moscow-times' ? ['-(\\d{1,9})(?:\\.html)?$'] : [] },
      }),
    );
    // Time enough on a machine that does other work: what a slow answer costs is tested elsewhere.
    const env = { TAMIZDAT_FETCH_ALLOW: server.pair, TAMIZDAT_FETCH_TIMEOUT: '2m' };
    node = await createTestNode({ desk: true, publishers, clock, env });
    await node.pass();
  }, 600_000);

  afterAll(async () => {
    await node.close();
    await server.close();
  });

  it('takes in every entry that has an address', () => {
    const wrong = files.flatMap((file) => {
      const due = new Set(
        expected
          .get(file)
          ?.oracle.entries.map((entry) => entry.id ?? entry.link)
          // One entry has an empty link and no guid: it has no address, and nothing to tell it by.
          .filter((name) => name !== null && name !== ''),
      );
      const stored = node.engine.store.lists.count({ publisherId: idOf(file) });
      return stored < due.size ? [`${file}: ${stored} of ${due.size}`] : [];
    });
    expect(wrong).toEqual([]);
  });

  it('mirrors the fifty teasers of The Moscow Times without reading a page', async () => {
    expect(node.engine.store.lists.count({ publisherId: 'moscow-times' })).toBe(50);
    expect(server.requests.filter((request) => !files.includes(request.path.slice(1)))).toEqual([]);
    const front = await node.get('/moscow-times/');
    const [newest] = node.engine.store.lists.newest({ publisherId: 'moscow-times' }, 1);
    expect(front.status).toBe(200);
    expect(front.text).toContain(`a${newest?.stableId}/`);
    const article = await node.get(`/moscow-times/a${newest?.stableId}/`);
    expect(article.text).toContain('<h1');
    expect(article.text).toContain(newest?.url.replace(/&/g, '&amp;'));
  });

  it('gives each back as RSS, Atom and JSON Feed that another parser reads', async () => {
    const wrong: string[] = [];
    for (const file of files) {
      const id = idOf(file);
      const titles = node.engine.store.lists.newest({ publisherId: id }, 30).map((article) => article.title);
      for (const name of ['rss.xml', 'atom.xml']) {
        const feed = parseWithAnother((await node.get(`/${id}/${name}`)).text);
        if (feed.items.length < titles.length)
          wrong.push(`${id}/${name}: ${feed.items.length} of ${titles.length}`);
      }
      const json = JSON.parse((await node.get(`/${id}/feed.json`)).text) as {
        version: string;
        items: { title: string }[];
      };
      expect(json.version).toBe('https://jsonfeed.org/version/1.1');
      expect(json.items.slice(0, titles.length).map((item) => item.title)).toEqual(titles);
    }
    expect(wrong).toEqual([]);
  });

  it('keeps every document of the line within 8,192 bytes', () => {
    const free = /\/full\//;
    const heavy = node.engine.store.pages
      .sizes()
      .filter((size) => !free.test(size.path) && Math.max(size.gzipBytes, size.brBytes) > 8_192);
    expect(heavy).toEqual([]);
  });

  it('changes not a byte in a second pass that brings nothing', async () => {
    const before = treeOf(node);
    clock.advance(600_000);
    const summary = await node.pass({ force: true });
    expect(summary.publishers.filter((publisher) => publisher.fresh + publisher.changed > 0)).toEqual([]);
    expect(summary.rendered).toBe(0);
    expect(treeOf(node)).toEqual(before);
  });
}
