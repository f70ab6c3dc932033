import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium, watchedPage } from '../support/chromium.js';
import { corpusDir } from '../support/corpus.js';
import { type HostileServer, send, startHostileServer } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, testPublisher } from '../support/test-node.js';
import { describeUnless, describeWith } from '../support/tools.js';
import { announcement, MORE_PAYLOADS, xssFeed, xssPayloads } from '../support/xss.js';
import { createWitness, type Witness } from './witness.js';

const corpus = corpusDir();
const TABS = 4;

describeUnless(
  corpus === null ? 'the corpus is not here' : null,
  'every attack of the corpus, and ours',
  () => {
    describeWith(['chromium'], 'as an article in a browser', ({ chromium }) => {
      const payloads = corpus === null ? [] : [...xssPayloads(corpus), ...MORE_PAYLOADS];
      let publisher: HostileServer;
      let node: Awaited<ReturnType<typeof createTestNode>>;
      let witness: Witness;
      let browser: Browser;
      let paths: string[] = [];

      beforeAll(async () => {
        publisher = await startHostileServer();
        publisher.on(
          '/rss',
          send(xssFeed(payloads, publisher.url('')), { 'content-type': 'application/rss+xml' }),
        );
        node = await createTestNode({
          publishers: [
            testPublisher({
              id: 'attacks',
              homepage: publisher.url('/'),
              sources: [
                { kind: 'feed', url: publisher.url('/rss'), text: 'full', role: 'main', section: null },
              ],
              identity: { patterns: ['/items/(\\d+)$'] },
            }),
          ],
          clock: createManualClock(Date.UTC(2026, 10, 23)),
          env: { TAMIZDAT_FETCH_ALLOW: publisher.pair },
        });
        await node.pass();
        witness = await createWitness(node.origin);
        browser = await launchChromium(chromium);
        paths = node.engine.store.pages.allPaths().filter(isHtml);
      });

      afterAll(async () => {
        await browser?.close();
        await witness?.close();
        await node?.close();
        await publisher?.close();
      });

      it('has been taken in, and its text is shown', async () => {
        expect(payloads).toHaveLength(223 + MORE_PAYLOADS.length);
        const missing: number[] = [];
        for (const number of payloads.keys()) {
          const { text } = await node.get(`/attacks/a${number}/`);
          if (!text.includes(announcement(number))) missing.push(number);
        }
        expect(missing).toEqual([]);
      });

      /** Visits every page of the tree in a few tabs; what was heard or asked for besides the document, by path. */
      async function visitAll(bypassCSP: boolean): Promise<string[]> {
        const context = await browser.newContext({ bypassCSP });
        await context.addInitScript(CRY_OUT);
        const todo = [...paths];
        const trouble: string[] = [];
        const tab = async () => {
          const { page, requests, noises, forget } = await watchedPage(context);
          for (let path = todo.shift(); path !== undefined; path = todo.shift()) {
            forget();
            await page.goto(witness.origin + path, { waitUntil: 'load' });
            for (const element of await page.evaluate<string[]>(ARMED)) trouble.push(`${path} ${element}`);
            for (const noise of noises) trouble.push(`${path} ${noise}`);
            for (const url of requests)
              if (url !== witness.origin + path) trouble.push(`${path} asked for ${url}`);
          }
        };
        await Promise.all(Array.from({ length: TABS }, tab));
        await context.close();
        return trouble;
      }

      describe.each([
        ['under the policy of the page', false],
        ['with that policy switched off, so that the sanitizer stands alone', true],
      ])('%s', (_title, bypassCSP) => {
        it('runs nothing, asks for nothing and arms nothing', async () => {
          witness.forget();
          expect(paths.length).toBeGreaterThan(payloads.length);
          expect(await visitAll(bypassCSP)).toEqual([]);
          expect(witness.seen.map((request) => request.path).sort()).toEqual([...paths].sort());
        });
      });

      it('is heard where it is not sanitized, so that the silence above says something', async () => {
        const context = await browser.newContext();
        await context.addInitScript(CRY_OUT);
        const { page, noises } = await watchedPage(context);
        publisher.on('/raw', send('<body><a href="javascript:1">x</a><img src=x onerror=alert(1)>'));
        await page.goto(publisher.url('/raw'), { waitUntil: 'load' });
        await expect.poll(() => noises.join()).toContain('alert ran');
        expect(await page.evaluate<string[]>(ARMED)).toEqual(['href=javascript:1', 'onerror=alert(1)']);
        await context.close();
      });
    });
  },
);

const isHtml = (path: string): boolean => path.endsWith('/');

/** Whatever a payload calls to show that it ran says so on the console. */
const CRY_OUT = `for (const name of ['alert', 'confirm', 'prompt', 'print', 'open', 'fetch', 'postMessage'])
  window[name] = () => console.error(name + ' ran');
document.write = () => console.error('document.write ran');
setTimeout = (run) => console.error('setTimeout ran: ' + run);`;

/** Elements that load or run by themselves, and attributes that would once a reader clicks, moves or types. */
const ARMED = `[
  ...[...document.querySelectorAll('script,iframe,frame,object,embed,base,svg,math,article form,audio,video,[http-equiv]')]
    .map((element) => element.outerHTML),
  ...[...document.querySelectorAll('*')].flatMap((element) => [...element.attributes]
    .filter(({ name, value }) => /^on|^(style|srcdoc|formaction|ping)$/i.test(name)
      || /^[\\s\\0-\\x20]*(javascript|vbscript|data:text)\\s*:?/i.test(value))
    .map(({ name, value }) => name + '=' + value)),
]`;
