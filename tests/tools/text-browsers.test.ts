import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { textOf } from '../../src/sanitize/safe-text.js';
import { createDemoNode, type DemoNode } from '../support/demo-node.js';
import { describeWith } from '../support/tools.js';

const run = promisify(execFile);

/** As a terminal shows it, with runs of white space as one blank: where lines break is the terminal's business. */
const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();

describeWith(['lynx', 'w3m'], 'pages in a text browser', ({ lynx, w3m }) => {
  let node: DemoNode;

  beforeAll(async () => {
    node = await createDemoNode();
  });

  afterAll(() => node?.close());

  const env = { HOME: '/nonexistent', LANG: 'C.UTF-8', PATH: '/usr/bin:/bin' };
  const BROWSERS = [
    ['lynx', () => [lynx, '-dump', '-width=200', '-display_charset=utf-8']],
    ['w3m', () => [w3m, '-dump', '-cols', '200', '-o', 'display_link_number=1']],
  ] as const;

  const dump = async ([program = '', ...flags]: readonly string[], path: string): Promise<string> => {
    const { stdout } = await run(program, [...flags, node.origin + path], { env, timeout: 60_000 });
    return flat(stdout);
  };

  it.each(BROWSERS)(
    'an article in %s is headline, whole text and the way to the original',
    async (_name, command) => {
      for (const [publisherId, stableId] of [
        ['demo-courier', '1104'],
        ['demo-peyk', '1301'],
      ] as const) {
        const article = node.engine.store.articles.find(publisherId, { stableId, guid: null, url: null });
        if (article === null) throw new Error(`no article ${stableId}`);
        const shown = await dump(command(), `/${publisherId}/a${stableId}/`);
        expect(shown).toContain(flat(article.title));
        expect(shown).toContain(article.url);
        const paragraphs = textOf(article.content)
          .split('\n')
          .filter((line) => line.length > 80);
        expect(paragraphs.length).toBeGreaterThan(3);
        for (const paragraph of paragraphs) expect(shown).toContain(flat(paragraph));
      }
    },
  );

  it.each(BROWSERS)('a front in %s lists every headline and names the mirror', async (_name, command) => {
    const shown = await dump(command(), '/demo-courier/');
    for (const { title } of node.engine.store.lists.newest({ publisherId: 'demo-courier' }, 30))
      expect(shown).toContain(flat(title));
    expect(shown).toContain('Demo Courier');
  });
});
