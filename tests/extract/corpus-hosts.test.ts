import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { corpusDir } from '../support/corpus.js';
import { registrableDomain } from './folds.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const corpus = corpusDir();

/**
 * Publishers that this project mirrors and the corpus happens to have a page of, each named in its own file only: BBC Russian and
 * DW are on the list of publishers we ship. What a file there holds are addresses and rights, nothing that the extractor decides by.
 */
const CONFIGURED = ['data/publishers/bbc-russian.yaml', 'data/publishers/dw-ru.yaml'];

it.skipIf(corpus === null)(
  'no host name of the corpus stands in src or data (skipped where the corpus is absent)',
  () => {
    const pages = JSON.parse(readFileSync(join(corpus ?? '', 'pages/manifest.json'), 'utf8')) as {
      url: string;
    }[];
    const names = [...new Set(pages.flatMap(({ url }) => [new URL(url).hostname, registrableDomain(url)]))];
    const files = ['src', 'data']
      .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)));
    expect(names.length).toBeGreaterThan(500);
    expect(files.length).toBeGreaterThan(500);
    const found = files
      .filter((file) => !CONFIGURED.includes(file))
      .flatMap((file) => {
        const text = readFileSync(join(root, file), 'utf8').toLowerCase();
        return names.filter((name) => text.includes(name)).map((name) => `${file}: ${name}`);
      });
    expect(found).toEqual([]);
  },
);
