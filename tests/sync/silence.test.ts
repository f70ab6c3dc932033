import { expect, it } from 'vitest';
import { status } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, treeOf } from '../support/test-node.js';
import { createStandIn, FIRST_AT, HOUR_MS, story } from './stand-in.js';

it('lists say after 6 and after 72 hours that nothing comes, and why; between the two, and on articles, nothing changes', async () => {
  const clock = createManualClock(FIRST_AT + 3 * HOUR_MS);
  const site = await createStandIn([story(1), story(2)]);
  const node = await createTestNode({ publishers: [site.publisher()], clock, env: site.env });
  const later = async (hours: number) => {
    clock.advance(hours * HOUR_MS);
    await node.pass({ force: true });
    return (await node.get('/stand-in/')).text;
  };
  const etags = () => ['/stand-in/', '/stand-in/a1/'].map((path) => treeOf(node).get(path));
  try {
    await node.pass();
    const [calm, article] = etags();
    site.server.on('/feed.xml', status(451));
    expect(await later(5)).not.toContain('class="n"');
    expect(etags()).toEqual([calm, article]);

    expect(await later(2)).toMatch(/more than 6 hours.*unavailable for legal reasons/s);
    const [quiet] = etags();
    expect(quiet).not.toBe(calm);
    await later(10);
    expect(etags()).toEqual([quiet, article]);

    expect(await later(56)).toMatch(/more than 3 days.*unavailable for legal reasons/s);
    site.serveFeed();
    expect(await later(1)).not.toContain('Nothing has come');
    expect(etags()[1]).toBe(article);
  } finally {
    await node.close();
    await site.close();
  }
});
