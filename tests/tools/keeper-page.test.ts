import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HistoryDay } from '../../src/keeper/history.js';
import { keeperPage } from '../../src/keeper/page/keeper-page.js';
import { KEEPER_STYLE_SOURCE } from '../../src/keeper/page/style.js';
import type { StatusReport } from '../../src/keeper/status.js';
import { createAdminApp, type KeeperWord } from '../../src/serve/admin-app.js';
import { type Listening, listen } from '../../src/serve/listen.js';
import { launchChromium } from '../support/chromium.js';
import { describeWith } from '../support/tools.js';

const AT = Date.UTC(2026, 10, 26, 12);
const HOUR_MS = 3_600_000;
const LONG = `https://news.example/${'a-very-long-path-without-a-break'.repeat(6)}`;

const waiting = (id: number, kind: 'removal' | 'moved') => ({
  id,
  publisherId: 'the-quay',
  kind,
  askedAt: AT - HOUR_MS,
  what: kind === 'moved' ? `${LONG} moved to ${LONG}` : `remove article ${id}, “The ferry”`,
  url: LONG,
  accept: `tamizdat decisions accept ${id}`,
  refuse: `tamizdat decisions refuse ${id}`,
});

const report: StatusReport = {
  at: AT,
  version: '0.1.0',
  name: 'The Mirror of the Quay',
  home: '/srv/mirror',
  urls: ['https://mirror.example/'],
  firstStartAt: AT - 900 * HOUR_MS,
  waiting: [1, 2, 3, 4, 5].map((id) => waiting(id, 'removal')).concat(waiting(6, 'moved')),
  troubles: [
    { kind: 'disk-low', key: 'disk-low', level: 'warn', what: 'The disk runs low.', todo: 'Free some.' },
    { kind: 'unverified', key: 'unverified', level: 'fail', what: `Not verified: ${LONG}`, todo: 'Look.' },
  ],
  publishers: ['fresh', 'quiet', 'suspect', 'blocked', 'broken', 'untried'].map((state, index) => ({
    id: `publisher-${index}`,
    name: index === 0 ? 'پیک آزمایشی' : `Publisher ${index}`,
    articles: 1_200,
    removed: 3,
    heardAt: AT - HOUR_MS,
    newsAt: null,
    silence: 'none' as const,
    lastPass: null,
    sources: [
      {
        url: LONG,
        role: 'main' as const,
        state,
        sinceAt: AT,
        reason: 'dns: none',
        triedAt: AT,
        nextTryAt: null,
      },
    ],
  })),
  articles: { live: 7_200, removed: 18 },
  dirtyGroups: 4,
  lastPassAt: AT - HOUR_MS,
  disk: {
    databaseBytes: 4e8,
    pictures: 90,
    picturesBytes: 3.9e9,
    picturesMaxBytes: 4e9,
    freeBytes: 2e8,
    room: 'low',
  },
  traffic: { todayBytes: 1e9, todayAllowance: 1.1e9, monthBytes: 2e10, monthCap: 5e10, todayAnswers: 9_000 },
  certificate: {
    file: 'chain.pem',
    expiresAt: AT + 90 * HOUR_MS,
    near: true,
    chainBytes: 1_560,
    certificates: 2,
    key: 'EC P-256',
  },
  backup: { at: null, trouble: 'the disk is low', daily: true },
  syncPaused: null,
  rebuilt: null,
  mirrors: [{ url: LONG, verdict: 'lies', reason: 'bad signature', at: AT, failures: 2 }],
  keys: [{ role: 'timestamp', expiresAt: AT + 300 * HOUR_MS, near: false, where: 'online' }],
  peers: [{ url: LONG, state: 'liar', heardAt: AT, reason: 'bad signature' }],
  verified: { ok: true, reason: null, at: AT },
};

const days: HistoryDay[] = Array.from({ length: 30 }, (_, index) => ({
  day: new Date(AT - (29 - index) * 24 * HOUR_MS).toISOString().slice(0, 10),
  articles: index,
  passes: { news: index, 'nothing-new': 100, trouble: index % 3 },
  answers: { '2xx': 900, '3xx': 90, '4xx': 9, '5xx': index % 2 },
  bytes: index * 1e6,
}));

describeWith(['chromium'], 'the keeper’s page in a browser', ({ chromium }) => {
  let browser: Browser;
  let server: Listening;
  const words: KeeperWord[] = [];

  beforeAll(async () => {
    const app = createAdminApp(
      { hosts: [], token: null },
      {
        healthy: () => true,
        metrics: () => '',
        page: (csrf) => keeperPage({ report, days, csrf, onTheWay: new Set(), said: 'Done: 1 accepted.' }),
        styleSource: KEEPER_STYLE_SOURCE,
        decide: async (given) => {
          words.push(...given);
        },
      },
    );
    server = await listen(app, { host: '127.0.0.1', port: 0 });
    browser = await launchChromium(chromium);
  });

  afterAll(async () => {
    await browser?.close();
    await server?.close(0);
  });

  async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width, height: 800 },
      colorScheme,
      bypassCSP: false,
    });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${server.port}/`);
    return page;
  }

  it.each([
    [360, 'light'],
    [360, 'dark'],
    [1_280, 'light'],
    [1_280, 'dark'],
  ] as const)('is styled, fits and has no axe violation at %d px, %s', async (width, scheme) => {
    const page = await open(width, scheme);
    // Its own colors: the policy took the style by its hash.
    const paper = scheme === 'light' ? 'rgb(255, 253, 248)' : 'rgb(22, 20, 16)';
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe(paper);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    const client = await page.context().newCDPSession(page);
    const { result } = await client.send('Runtime.evaluate', {
      expression: `${axe.source}; axe.run(document, { preload: false, resultTypes: ['violations'] }).then(({ violations }) =>
        violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary)))`,
      awaitPromise: true,
      returnByValue: true,
    });
    expect(result.value).toEqual([]);
    await page.context().close();
  });

  it('decides by its buttons, one or all of a kind, without script', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${server.port}/`);
    for (const name of ['Keep all our copies', 'Follow it there']) {
      const shownAgain = page.waitForEvent('load');
      await page.getByRole('button', { name }).click();
      await shownAgain;
    }
    expect(words).toEqual([
      ...[1, 2, 3, 4, 5].map((id) => ({ id, verdict: 'refuse' })),
      { id: 6, verdict: 'accept' },
    ]);
    expect(page.url()).toBe(`http://127.0.0.1:${server.port}/`);
    await context.close();
  });
});
