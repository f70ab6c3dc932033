import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, type StandIn, story } from '../sync/stand-in.js';

const EXTREMIST = {
  country: 'BY',
  status: 'extremist',
  since: '2021-10-28',
  source: 'mininform.example',
} as const;

let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

beforeAll(async () => {
  site = await createStandIn([story(1)]);
  node = await createTestNode({
    publishers: [
      site.publisher({ id: 'labeled', designations: [EXTREMIST] }),
      site.publisher({ id: 'blocked', designations: [{ ...EXTREMIST, status: 'blocked' }] }),
    ],
    clock: createManualClock(FIRST_AT + DAY_MS),
    env: site.env,
  });
  await node.pass();
});

afterAll(async () => {
  await node?.close();
  await site?.close();
});

const kept = async (path: string) => {
  const { status, headers } = await node.get(path);
  return [status, headers['cache-control']];
};

describe('under "extremist" in Belarus', () => {
  it.each(['/labeled/', '/labeled/a1/', '/labeled/rss.xml', '/labeled/full/atom.xml'])(
    'nothing of the publisher stays in the browser: %s',
    async (path) => {
      expect(await kept(path)).toEqual([200, 'no-store']);
    },
  );

  it.each(['/', '/en/', '/rss.xml', '/api/v1/articles/labeled/1.json'])(
    'nor what shows it beside others: %s',
    async (path) => {
      expect(await kept(path)).toEqual([200, 'no-store']);
    },
  );

  it('another publisher is kept as the config says, whatever else it is called', async () => {
    expect(await kept('/blocked/a1/')).toEqual([200, 'public, max-age=60']);
  });

  it('the article says so in the page’s language and the country’s', async () => {
    const { text } = await node.get('/labeled/a1/');
    expect(text).toContain('mininform.example');
    expect(text).toMatch(/<aside class="k n"[^>]*><p>Belarus: .*<p lang="ru">Беларусь: /s);
  });
});
