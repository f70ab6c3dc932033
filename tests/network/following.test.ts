import { afterEach, expect, it } from 'vitest';
import { articleOf, beliefsOf, startFollower } from '../support/attacked-follower.js';
import { addLines } from '../support/log-lines.js';
import { startMirror } from '../support/mirror-server.js';
import { deskWith, type TestDesk } from '../support/test-desk.js';
import { describeLong } from '../support/tools.js';

const START = Date.UTC(2026, 10, 1) / 1_000;
const DAY = 86_400;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function following(desk: TestDesk, env: Record<string, string> = {}) {
  const mirror = await startMirror(desk.tree);
  const follower = startFollower(desk, [mirror], { env });
  open.push(mirror, follower);
  const pass = (laterMs = 0) => follower.pass(desk.state.clock * 1_000 + laterMs);
  return { mirror, follower, pass };
}

describeLong('a node that follows', () => {
  it('catches up thirty days of news in forty requests', async () => {
    const desk = deskWith(2, START);
    const { mirror, follower, pass } = await following(desk);
    await pass();
    mirror.asked.length = 0;
    // As many lines as thirty busy days; what is texts among them stands together, so that few pages are rendered.
    for (let day = 3; day <= 30; day += 3) {
      desk.advance(3 * DAY);
      desk.add('p', desk.articleBlob(`d${day}`));
      for (let rev = 2; rev <= 9; rev += 1)
        desk.add('u', desk.articleBlob(`d${day}`, { rev, title: `Written down ${rev} times` }));
      addLines(desk, 3 * 144 - 9);
    }
    desk.publish();
    expect(await pass()).toMatchObject({ fresh: 10, changed: 80, missing: 0, reason: null });
    expect(beliefsOf(follower).replica.size).toBe(3 + 30 * 144);
    expect(articleOf(follower, 'd30')).toMatchObject({ title: 'Written down 9 times', revision: 9 });
    expect(mirror.asked.length).toBeLessThanOrEqual(40);
  });

  it('shows all it has, and since when it heard nothing, once its desk is gone for good', async () => {
    const desk = deskWith(2, START);
    const { mirror, follower, pass } = await following(desk);
    await pass();
    await mirror.close();
    open.shift();
    const front = async () => (await follower.page('/test-news/')) ?? '';
    expect(await front()).not.toContain('Last heard');
    for (const hours of [7, 80, 24 * 40]) {
      expect(await pass(hours * 3_600_000)).toMatchObject({ outcome: 'trouble' });
      expect(await front()).toMatch(/Last heard: .*2026/);
      expect(await front()).toContain('Lighthouse report a2');
      expect(await follower.page('/test-news/aa2/')).toContain('number a2 was written down');
    }
  });

  it('keeps to publishers, age, room and "no pictures" together', async () => {
    const desk = deskWith(0, START);
    desk.card('other-news', { names: { en: 'Other' } });
    const big = (id: string, more = {}) =>
      desk.add(
        'p',
        desk.articleBlob(id, { content_html: `<p>${`${id} and so on `.repeat(22_000)}</p>`, ...more }),
      );
    big('old');
    desk.advance(40 * DAY);
    for (let id = 1; id <= 6; id += 1) {
      big(`b${id}`);
      big(`x${id}`, { publisher: 'other-news' });
    }
    desk.publish();
    const { mirror, follower, pass } = await following(desk, {
      TAMIZDAT_FOLLOW_PUBLISHERS: 'test-news',
      TAMIZDAT_FOLLOW_MAX_AGE: '30d',
      TAMIZDAT_FOLLOW_MAX_BYTES: '1MB',
      TAMIZDAT_FOLLOW_PICTURES: 'false',
    });
    expect(await pass()).toMatchObject({ fresh: 3, missing: 0, pictures: 0 });
    const states = () => beliefsOf(follower).lines.map(({ state, reason }) => reason ?? state);
    const theirs = 'not-followed:other-news';
    const kept = Array(3).fill(['kept', theirs]).flat();
    const passed = [...Array(5).fill('over-bytes'), theirs];
    expect(states()).toEqual(['kept', 'not-followed', 'too-old', ...passed, ...kept]);
    expect(mirror.asked.filter((path) => path.startsWith('blob/'))).toHaveLength(13);
    desk.advance(3_600);
    big('b7');
    desk.publish();
    expect(await pass()).toMatchObject({ fresh: 1 });
    expect(states()[9]).toBe('fell-out');
    expect(articleOf(follower, 'b4')).toMatchObject({ content: '', prunedAt: expect.any(Number) });
    expect(articleOf(follower, 'b7')?.content).toContain('b7 and so on');
    expect(follower.read((store) => store.replicaEntries.keptBytes(1))).toBeLessThan(1_000_000);
  });
});
