import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectStatus } from '../../src/keeper/collect.js';
import { historyOf } from '../../src/keeper/history.js';
import { niceTop } from '../../src/keeper/page/chart.js';
import { keeperPage } from '../../src/keeper/page/keeper-page.js';
import { KEEPER_STYLE } from '../../src/keeper/page/style.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, FIRST_AT, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

beforeAll(async () => {
  clock = createManualClock(FIRST_AT + 30 * HOUR_MS);
  site = await createStandIn([1, 2, 3].map((id) => story(id, { title: `<b>Report</b> ${id} & more` })));
  node = await createTestNode({ publishers: [site.publisher({ pages: 'always' })], clock, env: site.env });
  await node.pass();
});

afterAll(async () => {
  await node.close();
  await site.close();
});

const store = () => node.engine.store;
const page = (): string =>
  keeperPage({
    report: collectStatus(node.config, { store: store(), now: clock.now() }),
    days: historyOf(store(), node.home, clock.now(), 30),
    csrf: 'a-token',
    onTheWay: new Set(),
    said: null,
  });
const ask = (...ids: number[]): void => {
  for (const id of ids) store().decisions.ask('stand-in', 'removal', String(id), clock.now());
};

describe('the keeper’s page', () => {
  it('says when all is well', () => {
    expect(page()).toContain('All is well');
  });

  it('has no script, loads nothing, and styles by its one sheet', () => {
    const text = page();
    expect(text).not.toMatch(/<script|<link|<img|\sstyle=|\son\w+=|src=/);
    expect(text.match(/<style>/g)).toHaveLength(1);
    // By its hash the browser takes these very bytes and no others.
    expect(text).toContain(`<style>${KEEPER_STYLE}</style>`);
  });

  it('gives every chart a name, a sentence and a table', () => {
    const text = page();
    const charts = text.match(/<figure class="chart">.*?<\/figure>/gs) ?? [];
    expect(charts).toHaveLength(4);
    for (const chart of charts) {
      const [, labels = ''] = /aria-labelledby="([^"]+)"/.exec(chart) ?? [];
      for (const id of labels.split(' ')) expect(chart).toContain(`id="${id}"`);
      expect(chart.match(/<tr>/g)).toHaveLength(31);
    }
  });

  it('shows what waits with the article’s headline, escaped, and both answers', () => {
    ask(1);
    const text = page();
    expect(text).toContain('&lt;b&gt;Report&lt;/b&gt; 1 &amp; more');
    expect(text).toContain('tamizdat decisions accept 1');
    expect(text.match(/name="csrf" value="a-token"/g)).toHaveLength(2);
    expect(text.indexOf('Needs your decision')).toBeLessThan(text.indexOf('Publishers and their sources'));
  });

  it('lets many of a kind be answered at once', () => {
    ask(2, 3, 4);
    expect(page()).toContain('name="ids" value="1,2,3,4"');
  });
});

describe('history', () => {
  it('counts articles by the day they were published, and how passes ended', async () => {
    clock.advance(HOUR_MS);
    await node.pass({ force: true });
    const days = historyOf(store(), node.home, clock.now(), 30);
    expect(days).toHaveLength(30);
    expect(days.reduce((sum, { articles }) => sum + articles, 0)).toBe(3);
    expect(days.at(-1)?.passes).toEqual({ news: 1, 'nothing-new': 1, trouble: 0 });
  });

  it('counts a publisher that is not heard as trouble', async () => {
    site.server.on('/feed.xml', (_request, response) => response.destroy());
    clock.advance(HOUR_MS);
    await node.pass({ force: true });
    expect(historyOf(store(), node.home, clock.now(), 1)[0]?.passes.trouble).toBe(1);
  });
});

it.each([
  [0, 1],
  [3, 5],
  [7, 10],
  [23, 25],
  [1_001, 2_000],
])('a scale for %s goes up to %s', (value, top) => {
  expect(niceTop(value)).toBe(top);
});
