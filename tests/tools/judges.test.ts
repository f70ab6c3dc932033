import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDemoNode, type DemoNode } from '../support/demo-node.js';
import { describeWith } from '../support/tools.js';
import { PAGE_KINDS } from './page-kinds.js';

const run = promisify(execFile);
const MEGABYTES = 1024 ** 2;

/** Lighthouse starts a browser of its own: nothing of it may call out. */
const CHROMIUM_FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-proxy-server',
  '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
].map((flag) => flag.replaceAll(' ', ''));
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const LEAST_SCORE = 0.95;
/** Another program on the same processors costs a page its speed in Lighthouse's eyes: the best of so many looks counts. */
const LOOKS = 5;

interface Complaint {
  type: string;
  message: string;
  extract?: string;
  url?: string;
}

describeWith(['vnu', 'java', 'lighthouse', 'chromium'], 'pages before their judges', (tools) => {
  let node: DemoNode;
  let folder: string;

  beforeAll(async () => {
    node = await createDemoNode();
    folder = mkdtempSync(join(tmpdir(), 'tamizdat-judges-'));
  });

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await node?.close();
  });

  /** What the Nu Html Checker calls an error, in all files at once: the Java machine costs more than the pages. */
  async function complaints(pages: Readonly<Record<string, string>>): Promise<string[]> {
    const files = Object.entries(pages).map(([name, html]) => {
      const file = join(folder, `${name.replaceAll(' ', '-')}.html`);
      writeFileSync(file, html);
      return file;
    });
    const { stdout } = await run(
      tools.java,
      ['-Xss2m', '-jar', tools.vnu, '--format', 'json', '--stdout', '--exit-zero-always', ...files],
      { maxBuffer: 64 * MEGABYTES },
    );
    const { messages } = JSON.parse(stdout) as { messages: Complaint[] };
    return messages
      .filter(({ type }) => type === 'error')
      .map(({ url = '', message, extract = '' }) => `${url.replace(/^.*\//, '')}: ${message} ${extract}`);
  }

  it('has no error of HTML on any kind of page', async () => {
    const pages: Record<string, string> = {
      'a wrong page':
        '<!doctype html><html lang="en"><title>Wrong</title><p><img src="a.png"></p></div></html>',
    };
    for (const [kind, path] of Object.entries(PAGE_KINDS)) pages[kind] = (await node.get(path)).text;
    const found = await complaints(pages);
    expect(found.filter((one) => one.startsWith('a-wrong-page')).length).toBeGreaterThan(0);
    expect(found.filter((one) => !one.startsWith('a-wrong-page'))).toEqual([]);
  });

  describe.each(['/demo-courier/', '/demo-courier/a1101/'])('Lighthouse on %s', (path) => {
    it('gives at least 95 in each category', async () => {
      const best = new Map<string, number>();
      const lost = new Set<string>();
      for (
        let look = 0;
        look < LOOKS && CATEGORIES.some((name) => (best.get(name) ?? 0) < LEAST_SCORE);
        look += 1
      ) {
        const { stdout } = await run(
          process.execPath,
          [
            tools.lighthouse,
            node.origin + path,
            '--output=json',
            '--quiet',
            '--no-enable-error-reporting',
            `--only-categories=${CATEGORIES.join(',')}`,
            `--chrome-flags=${CHROMIUM_FLAGS.join(' ')}`,
          ],
          { env: { ...process.env, CHROME_PATH: tools.chromium }, maxBuffer: 64 * MEGABYTES },
        );
        const report = JSON.parse(stdout) as {
          categories: Record<string, { score: number; auditRefs: { id: string; weight: number }[] }>;
          audits: Record<string, { score: number | null }>;
        };
        for (const name of CATEGORIES) {
          const { score = 0, auditRefs = [] } = report.categories[name] ?? {};
          best.set(name, Math.max(best.get(name) ?? 0, score));
          for (const { id, weight } of auditRefs)
            if (weight > 0 && (report.audits[id]?.score ?? 1) < 1) lost.add(id);
        }
      }
      for (const name of CATEGORIES)
        expect(best.get(name), `${name}; points were lost by ${[...lost].join(', ')}`).toBeGreaterThanOrEqual(
          LEAST_SCORE,
        );
    });
  });
});
