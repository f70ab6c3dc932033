import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Listening, listen } from '../../src/serve/listen.js';
import { launchChromium } from '../support/chromium.js';
import { createDemoNode, type DemoNode } from '../support/demo-node.js';
import { type FreezingLine, ownLine, rigLine } from '../support/freezing-lines.js';
import { readInNamespace } from '../support/read-in-namespace.js';
import { describeUnless, findTool } from '../support/tools.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/tls-ec/${name}`, import.meta.url));
const TLS = { cert: fixture('chain.pem'), key: fixture('server.key') };
const NAME = 'mirror-a.test';
const PAGES = ['/', '/demo-courier/a1102/', '/demo-courier/a1102/p2/', '/demo-courier/s/reading/'];

/** Null where this machine lets us build the line. */
function whyNot(line: FreezingLine | null): string | null {
  if (process.env.TAMIZDAT_TEST_STRICT !== '1') return 'builds network namespaces, scripts/test runs it';
  if (line === null) return 'neither the rig nor nft is here';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const refused = line.up();
  line.down();
  return refused === null ? null : `this machine refuses: ${refused}`;
}

let node: DemoNode;
beforeAll(async () => {
  if (lines.some(({ reason }) => reason === null)) node = await createDemoNode();
});
afterAll(() => node?.close());

const lines = [ownLine(), rigLine()].map((line) => ({ line, reason: whyNot(line) }));

for (const { line, reason } of lines)
  describeUnless(reason, `behind ${line?.title ?? 'the rig of another censor'}`, () => {
    const { readers, mirrors, up, down } = line ?? ownLine();
    const listening: Listening[] = [];

    beforeAll(async () => {
      expect(up()).toBeNull();
      const bytes = {
        fetch: ({ url }: Request) => new Response(randomBytes(Number(new URL(url).pathname.slice(1)))),
      };
      listening.push(
        await listen(node.readers.app, { host: mirrors[0], port: 443 }, TLS, node.readers.door),
        await listen(bytes, { host: mirrors[1], port: 443 }, TLS),
      );
    });
    afterAll(async () => {
      for (const server of listening) await server.close(500);
      down();
    });

    const read = (host: string, path: string, patienceS?: number) =>
      readInNamespace(readers, { name: NAME, address: `${host}:443` }, path, patienceS);

    it('an answer of 13,000 bytes freezes there, or it would show nothing', async () => {
      const answer = await read(mirrors[1], '/13000', 3);
      expect(answer.whole).toBe(false);
      expect(answer.bytes).toBeLessThan(13_000);
    });

    it('front, article, its second part, section and feed arrive whole, five in a row', async () => {
      for (const path of [...PAGES, '/demo-courier/rss.xml'])
        expect([path, await read(mirrors[0], path)]).toEqual([
          path,
          { status: 200, bytes: expect.any(Number), whole: true },
        ]);
    });

    it.skipIf(findTool('chromium') === null)(
      'a browser without scripts reads and searches there',
      async () => {
        const folder = mkdtempSync(join(tmpdir(), 'tamizdat-reader-'));
        const browser = await launchChromium(chromiumIn(readers, folder), { mirror: `${mirrors[0]}:443` });
        try {
          const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
          for (const path of [...PAGES, '/en/search/']) {
            const { text } = await node.get(path, { host: NAME, 'accept-encoding': 'br' });
            const answer = await page.goto(`https://${NAME}${path}`, { timeout: 60_000 });
            expect([path, answer?.status(), await answer?.text()]).toEqual([path, 200, text]);
          }
          await page.fill('input[name=q]', 'mirror');
          await page.click('main button');
          const found = page.locator('main article h3 a');
          await expect.poll(() => found.count()).toBeGreaterThan(0);
        } finally {
          await browser.close();
          rmSync(folder, { recursive: true, force: true });
        }
      },
    );
  });

/** A program that is Chromium standing in that namespace. */
function chromiumIn(namespace: string, folder: string): string {
  const program = join(folder, 'chromium');
  writeFileSync(program, `#!/bin/sh\nexec ip netns exec ${namespace} ${findTool('chromium')} "$@"\n`);
  chmodSync(program, 0o755);
  return program;
}
