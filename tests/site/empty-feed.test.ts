import { expect, it } from 'vitest';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, FIRST_AT } from '../sync/stand-in.js';

it('names no time before a publisher has published: an Atom feed says when its card was last looked at', async () => {
  const site = await createStandIn();
  const node = await createTestNode({
    publishers: [{ ...site.publisher(), verifiedAt: '2026-11-01' }],
    clock: createManualClock(FIRST_AT),
    env: site.env,
  });
  try {
    await node.pass();
    const text = async (path: string) => (await node.get(path)).text;
    for (const folder of ['/', '/stand-in/']) {
      expect(await text(`${folder}rss.xml`)).not.toContain('lastBuildDate');
      expect(await text(`${folder}atom.xml`)).toContain('<updated>2026-11-01T00:00:00.000Z</updated>');
    }
    expect(await text('/opml.xml')).not.toContain('1970');
  } finally {
    await node.close();
    await site.close();
  }
});
