import { Hono } from 'hono';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listen } from '../../src/serve/listen.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { ask, createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

const start = async (given: Parameters<StandIn['publisher']>[0] = {}) => {
  node = await createTestNode({ publishers: [site.publisher(given)], clock, env: site.env });
  await node.pass();
};

beforeEach(async () => {
  clock = createManualClock(FIRST_AT + DAY_MS);
  site = await createStandIn([story(1)]);
});

afterEach(async () => {
  await node.close();
  await site.close();
});

describe('what is served', () => {
  it('follows every pass, also where a page was made only because somebody asked', async () => {
    await start({ language: 'be', names: { be: 'Маяк' } });
    for (const path of ['/be/', '/be/rss.xml', '/stand-in/', '/stand-in/rss.xml'])
      expect((await node.get(path)).text, path).toContain('Lighthouse report 1');
    site.publish(story(2));
    clock.advance(HOUR_MS);
    await node.pass();
    for (const path of ['/be/', '/be/rss.xml', '/stand-in/', '/stand-in/rss.xml'])
      expect((await node.get(path)).text, path).toContain('Lighthouse report 2');
  });

  it('is right for more Hosts than are remembered', async () => {
    await start();
    for (let round = 0; round < 2; round += 1)
      for (let number = 0; number < 12; number += 1) {
        const host = `mirror-${number}.example`;
        const { text } = await node.get('/stand-in/rss.xml', { host });
        expect(text).toContain(`http://${host}/stand-in/a1/`);
        expect(text.match(/mirror-\d+\.example/g)?.every((found) => found === host)).toBe(true);
      }
  });
});

describe('a node without articles', () => {
  it('shows what it tried, what came back and when it tries next, anew after each try', async () => {
    site.server.on('/feed.xml', (_request, response) => response.writeHead(503).end());
    await start();
    const first = await node.get('/');
    expect(first.status).toBe(200);
    expect(first.text).toContain(site.server.url('/feed.xml'));
    expect(first.text).toContain('503');
    // The reason's own word is for programs; people read it in their language.
    expect(first.text).not.toContain('rate-limited');
    expect(first.text).toContain('serve --demo');
    clock.advance(HOUR_MS);
    await node.pass();
    expect((await node.get('/')).text).not.toBe(first.text);
  });

  it('has feeds that are valid and empty', async () => {
    site.server.on('/feed.xml', (_request, response) => response.writeHead(503).end());
    await start();
    for (const folder of ['/', '/en/', '/stand-in/', '/full/', '/stand-in/full/']) {
      const rss = await node.get(`${folder}rss.xml`);
      expect([rss.status, rss.text.includes('<item>')], folder).toEqual([200, false]);
      expect(rss.text).toContain('</channel>');
      const atom = (await node.get(`${folder}atom.xml`)).text;
      expect(atom).toMatch(/<updated>\d{4}-/);
      expect(atom).not.toContain('<entry>');
      expect(JSON.parse((await node.get(`${folder}feed.json`)).text)).toMatchObject({ items: [] });
    }
  });
});

describe('the listener', () => {
  it('lets an answer under way finish when it is stopped, and takes no new one', async () => {
    await start();
    let finish = () => {};
    const asked = new Promise<void>((begun) => {
      finish = begun;
    });
    let answer = () => {};
    const slow = new Hono().get('/', async (c) => {
      finish();
      await new Promise<void>((go) => {
        answer = go;
      });
      return c.text('whole');
    });
    const listening = await listen(slow, { host: '127.0.0.1', port: 0 });
    const pending = ask(listening.port, '/', {});
    await asked;
    const closed = listening.close(60_000);
    await expect(ask(listening.port, '/', {})).rejects.toThrow('ECONNREFUSED');
    answer();
    expect((await pending).text).toBe('whole');
    await closed;
  });

  it('names a port that is taken, and another one', async () => {
    await start();
    const port = Number(new URL(node.origin).port);
    await expect(listen(new Hono(), { host: '127.0.0.1', port })).rejects.toMatchObject({
      code: 'port-taken',
      hint: expect.stringContaining(`127.0.0.1:${port + 10}`),
    });
  });
});
