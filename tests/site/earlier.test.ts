import { expect, it } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, treeOf } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, story } from '../sync/stand-in.js';

it('an article names five earlier ones, chosen once: whatever comes later, its page stays as it is', async () => {
  const site = await createStandIn();
  const clock = createManualClock(FIRST_AT + DAY_MS);
  const node = await createTestNode({ publishers: [site.publisher()], clock, env: site.env });
  const publish = async (from: number, to: number) => {
    for (let id = from; id <= to; id += 1) site.publish(story(id));
    clock.advance(HOUR_MS);
    await node.pass();
  };
  try {
    await publish(1, 8);
    const { text } = await node.get('/stand-in/a8/');
    const named = [...text.matchAll(/<h3><a href="\.\.\/a(\d+)\/">/g)].map(([, id]) => Number(id));
    expect(named).toHaveLength(5);
    for (const id of named) expect(id).toBeLessThan(8);
    const etag = treeOf(node).get('/stand-in/a8/');
    await publish(9, 12);
    expect(treeOf(node).get('/stand-in/a8/')).toBe(etag);
  } finally {
    await node.close();
    await site.close();
  }
});
