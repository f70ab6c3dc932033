import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkTree } from '../../src/cli/check-tree.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, treeOf } from '../support/test-node.js';
import { createStandIn, FIRST_AT, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

const clock = createManualClock(FIRST_AT + 4 * HOUR_MS);
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

beforeEach(async () => {
  site = await createStandIn([1].map((id) => story(id, { section: 'Harbor' })));
});

afterEach(async () => {
  await node.close();
  await site.close();
});

/** As a start of the node with these publishers leaves the tree. */
async function startWith(ids: readonly string[]) {
  const publishers = ids.map((id) => site.publisher({ id }));
  node.engine.sync.prepare(publishers, 'the same templates');
  await node.pass({ force: true });
  return [...treeOf(node).keys()].filter((path) => path.startsWith('/leaving/'));
}

it('a publisher that leaves the configuration takes all its documents along, and no link leads to them', async () => {
  node = await createTestNode({ publishers: [site.publisher({ id: 'staying' })], clock, env: site.env });
  const before = await startWith(['staying', 'leaving']);
  expect(before).toEqual(expect.arrayContaining(['/leaving/', '/leaving/a1/', '/leaving/s/harbor/']));

  expect(await startWith(['staying'])).toEqual([]);
  const { broken, pending } = checkTree(node.engine.store, 8_192, () => {});
  expect({ broken, pending }).toEqual({ broken: [], pending: 0 });
  expect(await node.get('/leaving/a1/')).toMatchObject({ status: 404 });
});
