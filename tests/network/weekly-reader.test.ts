import { parseFeed } from '@rowanmanning/feed-parser';
import { expect, it } from 'vitest';
import { createDemoNewsroom } from '../../src/demo/demo-newsroom.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { describeLong } from '../support/tools.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** The newsroom's calm pace, the one it keeps for as long as it runs. */
const NOTE_EVERY_MS = 10 * MINUTE_MS;

describeLong('the newsroom through a week', () => {
  it('a reader that asks for the plain feed every twelve hours misses nothing of a week of the newsroom', async () => {
    const clock = createManualClock();
    const newsroom = createDemoNewsroom({ clock, everyMs: 0 });
    const { origin } = await newsroom.start();
    // One language is enough to poll, and its pages add nothing to a feed of headlines.
    const publishers = newsroom.publishers
      .filter(({ language }) => language === 'en')
      .map((publisher) => ({ ...publisher, page: { ...publisher.page, fetch: 'never' as const } }));
    const node = await createTestNode({
      desk: true,
      publishers,
      clock,
      env: { TAMIZDAT_FETCH_ALLOW: new URL(origin).host, TAMIZDAT_PICTURES_MODE: 'text-only' },
    });
    const id = publishers[0]?.id ?? '';
    const seen = new Set<string>();
    try {
      for (let hour = 0; hour <= 7 * 24; hour += 6) {
        await node.pass();
        if (hour % 12 === 0) {
          const { items } = parseFeed((await node.get(`/${id}/rss.xml`)).text);
          for (const item of items) seen.add(item.id ?? '');
        }
        for (let note = 0; note < (6 * HOUR_MS) / NOTE_EVERY_MS; note += 1) {
          clock.advance(NOTE_EVERY_MS);
          newsroom.step();
        }
      }
      const { store } = node.engine;
      const stored = store.lists.newest({}, 10_000);
      const missed = stored.filter(
        (article) => ![...seen].some((tag) => tag.endsWith(`${id}/a${article.stableId}`)),
      );
      expect(stored.length).toBeGreaterThan(200);
      expect(missed.map(({ title }) => title)).toEqual([]);
    } finally {
      await node.close();
      await newsroom.stop();
    }
  }, 400_000);
});
