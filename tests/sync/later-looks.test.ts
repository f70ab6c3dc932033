import { expect, it } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, HOUR_MS, story } from './stand-in.js';

const MINUTE_MS = 60_000;
/** The planned ages, by the settings as they come. */
const PLANNED = [HOUR_MS, 6 * HOUR_MS, DAY_MS, 7 * DAY_MS];
const FIRST_PASS = 10 * MINUTE_MS;
/** Ages of the article at which a pass runs: at each planned age, a minute before it, and in between. */
const PASSES = [
  FIRST_PASS,
  ...PLANNED.flatMap((age) => [age - MINUTE_MS, age, 1.5 * age]),
  ...[3 * HOUR_MS, 2 * DAY_MS, 4 * DAY_MS],
].sort((left, right) => left - right);

it.each([
  ['always', [FIRST_PASS, ...PLANNED]],
  // Its feed has whole texts: the page is read to notice what becomes of them.
  ['when-summary', PLANNED],
  ['never', []],
] as const)(
  'looks at an article again 1 h, 6 h, 24 h and 7 d after it was published, and at no other time: %s',
  async (pages, expected) => {
    const one = story(1);
    const clock = createManualClock(one.publishedAt);
    const site = await createStandIn([one]);
    const node = await createTestNode({
      publishers: [site.publisher({ pages })],
      clock,
      env: site.env,
    });
    const readsOfPage = () => site.server.requests.filter(({ path }) => path === site.pathOf(one)).length;
    try {
      const looks: number[] = [];
      for (const age of PASSES) {
        clock.advance(one.publishedAt + age - clock.now());
        const before = readsOfPage();
        await node.pass();
        looks.push(...Array.from({ length: readsOfPage() - before }, () => age));
      }
      expect(looks).toEqual(expected);
    } finally {
      await node.close();
      await site.close();
    }
  },
);
