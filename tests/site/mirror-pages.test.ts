import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, testPublisher } from '../support/test-node.js';

const NEW = 'https://new-leaf.example/';

describe('the addresses of a mirror', () => {
  const clock = createManualClock(Date.UTC(2026, 10, 23, 12));
  let node: Awaited<ReturnType<typeof createTestNode>>;

  beforeAll(async () => {
    node = await createTestNode({
      publishers: [
        testPublisher({
          id: 'daily-lamp',
          homepage: 'https://lamp.example/',
          hosts: ['lamp.example'],
          sources: [],
        }),
      ],
      clock,
    });
    await render();
  });

  afterAll(async () => {
    await node.close();
  });

  const render = async () => {
    await node.engine.sync.render();
    node.refresh();
  };

  it('says on every language’s page that no other public address is known, where none is', async () => {
    expect((await node.get('/mirrors/')).text).toContain('No other public address is known.');
    expect((await node.get('/ru/mirrors/')).text).toContain('Других открытых адресов нет.');
    expect((await node.get('/fa/mirrors/')).text).toContain('dir="rtl"');
  });

  it('says on /verify/ first of all whose signature it is, or that there is none', async () => {
    const main = (await node.get('/verify/')).text.split('<main>')[1];
    expect(main).toMatch(/^<h1>[^<]+<\/h1><p class="s">/);
  });

  it('lists public addresses with a code to scan, forty of them within the line', async () => {
    for (let n = 0; n < 40; n += 1)
      expect(node.engine.sync.addresses.publish(`https://leaf-${n}.example/`)).toEqual({ kind: 'listed' });
    expect(node.engine.sync.addresses.publish('https://one-more.example/')).toEqual({ kind: 'too-many' });
    await render();
    for (const coding of ['br', 'gzip']) {
      const page = await node.get('/mirrors/', { 'accept-encoding': coding });
      expect(page.wireBytes).toBeLessThanOrEqual(node.config.line.bodyBytes);
      for (let n = 0; n < 40; n += 1) expect(page.text).toContain(`href="https://leaf-${n}.example/"`);
      expect(page.text).toContain('<svg role="img"');
    }
    const sites = JSON.parse((await node.get('/sites.json', { host: 'mirror.example' })).text);
    expect(sites['https://lamp.example/']).toContain('mirror.example/daily-lamp');
    expect(sites['https://lamp.example/']).toContain('leaf-39.example/daily-lamp');
    for (let n = 0; n < 40; n += 1) node.engine.sync.addresses.unpublish(`https://leaf-${n}.example/`);
    await render();
    expect((await node.get('/mirrors/')).text).not.toContain('leaf-1.example');
  });

  it('announces a new address on every page and as one entry in every feed, before anything leads there', async () => {
    node.engine.sync.addresses.announceMove(NEW, false);
    await render();
    for (const path of ['/', '/zh/', '/daily-lamp/', '/about/', '/search/', '/verify/', '/nowhere'])
      expect((await node.get(path)).text, path).toContain('new-leaf.example');
    expect((await node.get('/daily-lamp/')).text).toContain(`href="${NEW}daily-lamp/"`);
    for (const file of [
      'rss.xml',
      'atom.xml',
      'feed.json',
      'full/rss.xml',
      'full/atom.xml',
      'full/feed.json',
    ]) {
      const feed = await node.get(`/daily-lamp/${file}`);
      expect(feed.status).toBe(200);
      expect(feed.text.match(/tag:[^<"]*:new-address/g), file).toHaveLength(1);
      expect(feed.text).toContain('This mirror’s new address');
    }
  });

  it('then sends feed readers there for good, and people still read the notice', async () => {
    node.engine.sync.addresses.announceMove(NEW, true);
    await render();
    for (const path of ['/rss.xml', '/daily-lamp/atom.xml', '/daily-lamp/full/feed.json', '/history/1.xml']) {
      const answer = await node.get(path);
      expect([answer.status, answer.headers.location], path).toEqual([301, NEW + path.slice(1)]);
    }
    expect((await node.get('/daily-lamp/')).status).toBe(200);
  });

  it('takes it back when the keeper says so', async () => {
    node.engine.sync.addresses.announceMove(null, false);
    await render();
    expect((await node.get('/rss.xml')).status).toBe(200);
    expect((await node.get('/rss.xml')).text).not.toContain('new-address');
    expect((await node.get('/')).text).not.toContain('new-leaf');
  });
});
