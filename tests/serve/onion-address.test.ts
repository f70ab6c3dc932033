import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { rawAsk } from '../support/raw-ask.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, type StandIn, story } from '../sync/stand-in.js';

const ONION = 'k7q2zv5mxw3hjd6r4tnyb2cgs7lfu5pea6oi3kqz7xv2mwh4jr5dtyqd.onion';
const OTHER_ONION = `${'a'.repeat(55)}d.onion`;

let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

beforeAll(async () => {
  site = await createStandIn([story(1)]);
  node = await createTestNode({
    publishers: [site.publisher()],
    clock: createManualClock(FIRST_AT + DAY_MS),
    env: {
      ...site.env,
      TAMIZDAT_SITE_URLS: `https://news.example/,http://${ONION}/`,
      TAMIZDAT_HTTP_EDGE: 'proxied',
    },
  });
  await node.pass();
});
afterAll(async () => {
  await node.close();
  await site.close();
});

describe('an onion address', () => {
  it('is named by every page to those who came by the open net, within the budget of a head', async () => {
    for (const path of ['/', '/stand-in/', '/stand-in/a1/', '/ru/about/']) {
      const { headers } = await node.get(path, { host: 'news.example', 'accept-encoding': 'br' });
      expect(headers['onion-location'], path).toBe(`http://${ONION}${path}`);
    }
    const { port } = new URL(node.origin);
    const { text } = await rawAsk(
      Number(port),
      'GET /stand-in/a1/ HTTP/1.1\r\nHost: news.example\r\nAccept-Encoding: br\r\nConnection: close\r\n\r\n',
    );
    expect(text).toContain('\r\nOnion-Location: ');
    expect(text.indexOf('\r\n\r\n') + 4).toBeLessThanOrEqual(700);
  });

  it('is not named on feeds, on what is not there, nor on itself', async () => {
    const named = async (path: string, host: string) =>
      'onion-location' in (await node.get(path, { host })).headers;
    expect(await named('/rss.xml', 'news.example')).toBe(false);
    expect(await named('/nothing', 'news.example')).toBe(false);
    expect(await named('/', ONION)).toBe(false);
    expect(await named('/', OTHER_ONION)).toBe(false);
  });

  it('keeps its readers, listed in the config or not', async () => {
    for (const onion of [ONION, OTHER_ONION]) {
      const { text } = await node.get('/stand-in/rss.xml', { host: onion });
      expect(text).toContain(`http://${onion}/stand-in/a1/`);
      expect(text).not.toContain('news.example');
    }
    const clear = await node.get('/stand-in/rss.xml', { host: 'news.example' });
    expect(clear.text).toContain('https://news.example/stand-in/a1/');
    const stranger = await node.get('/stand-in/rss.xml', { host: 'evil.example' });
    expect(stranger.text).toContain('https://news.example/stand-in/a1/');
  });
});
