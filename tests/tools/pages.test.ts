import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChromium, watchedPage } from '../support/chromium.js';
import { createDemoNode, type DemoNode } from '../support/demo-node.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, testPublisher } from '../support/test-node.js';
import { describeWith } from '../support/tools.js';
import { PAGE_KINDS } from './page-kinds.js';
import { createWitness, type Witness } from './witness.js';

interface Subject {
  kind: string;
  url: string;
}

const overflow = (page: Page): Promise<string[]> =>
  page.evaluate(
    `document.documentElement.scrollWidth > innerWidth ? [document.documentElement.scrollWidth + ' px wide'] : []`,
  );

describeWith(['chromium'], 'pages in a browser', ({ chromium }) => {
  let node: DemoNode;
  let empty: Awaited<ReturnType<typeof createTestNode>>;
  let witness: Witness;
  let browser: Browser;
  let subjects: Subject[];

  beforeAll(async () => {
    node = await createDemoNode();
    empty = await createTestNode({
      publishers: [testPublisher({ id: 'unheard', sources: [UNREACHABLE] })],
      clock: createManualClock(),
      env: { TAMIZDAT_FETCH_ALLOW: '127.0.0.1:9' },
    });
    await empty.pass();
    witness = await createWitness(node.origin);
    browser = await launchChromium(chromium);
    subjects = [
      ...Object.entries(PAGE_KINDS).map(([kind, path]) => ({ kind, url: witness.origin + path })),
      { kind: 'node without articles', url: `${empty.origin}/` },
    ];
  });

  afterAll(async () => {
    await browser?.close();
    await witness?.close();
    await empty?.close();
    await node?.close();
  });

  /** Opens every subject in one tab of that width and hands each to `see`, which finds it loaded. */
  async function look(
    { width, colorScheme = 'light' }: { width: number; colorScheme?: 'light' | 'dark' },
    see: (page: Page, subject: Subject) => Promise<unknown>,
  ): Promise<void> {
    const context = await browser.newContext({ viewport: { width, height: 740 }, colorScheme });
    const page = await context.newPage();
    for (const subject of subjects) {
      await page.goto(subject.url, { waitUntil: 'load' });
      await see(page, subject);
    }
    await context.close();
  }

  const violations = async (page: Page): Promise<string[]> => {
    await page.evaluate(axe.source);
    return page.evaluate(`axe.run(document, { preload: false, resultTypes: ['violations'], selectors: false }).then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary)))`);
  };

  it('are there to be looked at', async () => {
    const statuses = await Promise.all(
      Object.entries(PAGE_KINDS).map(async ([kind, path]) => [kind, (await node.get(path)).status]),
    );
    expect(statuses).toEqual(Object.keys(PAGE_KINDS).map((kind) => [kind, kind === 'not found' ? 404 : 200]));
  });

  it('would be told by axe what is wrong', async () => {
    const page = await browser.newPage();
    await page.setContent('<p style="color:#bbb;background:#fff">pale</p><img src="data:,">');
    const found = (await violations(page)).join('\n');
    for (const rule of ['color-contrast', 'image-alt', 'html-has-lang']) expect(found).toContain(rule);
    await page.close();
  });

  it.each([
    ['light', 360],
    ['light', 1_280],
    ['dark', 360],
  ] as const)(
    'has no axe violation by %s at %d px, and never scrolls sideways',
    async (colorScheme, width) => {
      const found: string[] = [];
      await look({ width, colorScheme }, async (page, { kind }) => {
        for (const violation of await violations(page)) found.push(`${kind}: ${violation}`);
        found.push(...(await overflow(page)).map((wide) => `${kind}: ${wide}`));
      });
      expect(found).toEqual([]);
    },
  );

  it.each([
    ['found', 'page', 'mark', 'dark'],
    ['found nothing', 'zzzyzzx', 'form + p', 'light'],
  ] as const)('has no axe violation where a search %s', async (_, words, shows, colorScheme) => {
    const page = await browser.newPage({ viewport: { width: 360, height: 740 }, colorScheme });
    await page.goto(`${witness.origin}/en/search/`);
    await page.fill('#q', words);
    await page.click('button');
    await page.waitForSelector(shows);
    expect([...(await violations(page)), ...(await overflow(page))]).toEqual([]);
    await page.close();
  });

  it('says its language and direction, mirrors right-to-left ones, and never scrolls sideways at 320 px', async () => {
    const tongues: Record<string, string> = {};
    const wide: string[] = [];
    await look({ width: 320 }, async (page, { kind }) => {
      tongues[kind] =
        await page.evaluate<string>(`[document.documentElement.lang, getComputedStyle(document.body).direction,
        ...[...document.querySelectorAll('main h1')].map((h1) => getComputedStyle(h1).direction)].join(' ')`);
      wide.push(...(await overflow(page)).map((found) => `${kind}: ${found}`));
    });
    expect(tongues.front).toMatch(/^en ltr/);
    expect(tongues['front in Persian']).toMatch(/^fa rtl/);
    expect(tongues['article in Persian']).toMatch(/^fa rtl rtl$/);
    expect(tongues.article).toMatch(/^en ltr ltr$/);
    expect(wide).toEqual([]);
  });

  it('shows a phone without AVIF the blur, caption and link, never a broken picture', async () => {
    const page = await browser.newPage();
    const devtools = await page.context().newCDPSession(page);
    const drawn = async (): Promise<{ type: string; whole: boolean; caption: string; file: boolean }> => {
      await page.goto(witness.origin + PAGE_KINDS.article, { waitUntil: 'load' });
      return page.evaluate(`(async () => {
        const image = document.querySelector('figure img');
        await image.decode();
        const caption = image.closest('figure').querySelector('figcaption');
        return { type: image.currentSrc.slice(5, image.currentSrc.indexOf(';')), whole: image.naturalWidth > 0,
          caption: caption.textContent, file: caption.querySelector('a') !== null };
      })()`);
    };
    const first = await drawn();
    expect(first).toMatchObject({ type: 'image/avif', whole: true, file: true });
    await devtools.send('Emulation.setDisabledImageTypes', { imageTypes: ['avif'] });
    const without = await drawn();
    expect(without).toEqual({ ...first, type: expect.not.stringContaining('avif') });
    await page.close();
  });

  it('is one request, and says nothing on the console', async () => {
    const { page, requests, noises, forget } = await watchedPage(await browser.newContext());
    const asked = subjects.filter((subject) => subject.url.startsWith(witness.origin));
    for (const [index, { kind, url }] of asked.entries()) {
      forget();
      witness.forget();
      // What one page asks for late is seen while the next one loads; for the last of them all falls quiet.
      await page.goto(url, { waitUntil: index + 1 < asked.length ? 'load' : 'networkidle' });
      expect([kind, ...requests]).toEqual([kind, url]);
      expect(witness.seen.map((request) => request.path)).toEqual([new URL(url).pathname]);
      // Chromium itself remarks on every answer of 404.
      expect([kind, ...noises.filter((noise) => !noise.includes('404'))]).toEqual([kind]);
    }
    await page.context().close();
  });
});

const UNREACHABLE = {
  kind: 'feed',
  url: 'http://127.0.0.1:9/rss',
  text: 'full',
  role: 'main',
  section: null,
} as const;
