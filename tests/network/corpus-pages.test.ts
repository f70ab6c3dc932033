import { expect, it } from 'vitest';
import { corpusPages } from '../extract/corpus-pages.js';
import { cli } from '../support/cli.js';
import { corpusDir } from '../support/corpus.js';
import { createCorpusNode } from '../support/corpus-newsroom.js';
import { describeLong } from '../support/tools.js';

/** All of them are measured by `npm run bench budget`; here the heaviest and every so many of the rest. */
const HEAVIEST = 6;
const EVERY = 30;

describeLong(
  'real pages taken in as articles',
  () => {
    it('make no document over the line and no dead link, however long they are', async () => {
      const all = [...(corpusPages(['aeb', 'fundus', 'wcxb', 'synthetic-ru']) ?? [])].sort(
        (a, b) => b.body.length - a.body.length,
      );
      const pages = all.filter((_, index) => index < HEAVIEST || index % EVERY === 0);
      const node = await createCorpusNode(pages);
      try {
        expect(node.engine.store.lists.count({})).toBeGreaterThan(pages.length * 0.9);
        const { code, stdout, stderr } = await cli([
          'site',
          'check',
          '--strict',
          '--json',
          '--home',
          node.home,
        ]);
        const report = JSON.parse(stdout) as {
          ok: boolean;
          over: unknown[];
          broken: unknown[];
          pending: number;
        };
        expect({ code, stderr, ...report }).toMatchObject({
          code: 0,
          ok: true,
          over: [],
          broken: [],
          pending: 0,
        });
        const parts = node.engine.store.pages.allPaths().filter((path) => /\/a\d+\/p\d+\/$/.test(path));
        expect(parts.length).toBeGreaterThan(HEAVIEST);
      } finally {
        await node.close();
      }
    }, 400_000);
  },
  corpusDir() === null ? 'the corpus is not here' : null,
);
