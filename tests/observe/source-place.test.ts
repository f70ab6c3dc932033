import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, expect, it } from 'vitest';
import { guardOutput } from '../../src/observe/crash.js';
import { sourcePlace } from '../../src/observe/source-place.js';

const root = mkdtempSync(join(tmpdir(), 'tamizdat-place-'));
const bundle = join(root, 'dist', 'parts', 'main.js');
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('tells a crash of the bundle by its place in the sources', async () => {
  mkdirSync(join(root, 'src', 'serve'), { recursive: true });
  writeFileSync(join(root, 'src', 'main.ts'), "export { fall } from './serve/fall.js';\n");
  writeFileSync(
    join(root, 'src', 'serve', 'fall.ts'),
    "interface Nothing {}\n\nexport function fall(): Nothing {\n  throw new Error('a path');\n}\n",
  );
  await build({
    entryPoints: [join(root, 'src', 'main.ts')],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    sourcemap: true,
    sourcesContent: false,
  });
  const { fall } = (await import(pathToFileURL(bundle).href)) as { fall: () => void };
  let thrown: unknown;
  try {
    fall();
  } catch (error) {
    thrown = error;
  }
  const said: unknown[] = [];
  const listeners = new Map<string, (reason: unknown) => void>();
  const listen = (event: string, heard: (reason: unknown) => void) => listeners.set(event, heard);
  const { log, info, warn, error, debug, trace } = console;
  guardOutput(
    { on: listen, removeAllListeners: () => {} } as unknown as NodeJS.Process,
    { debug() {}, info() {}, warn() {}, error: (_event, fields) => said.push(fields) },
    { serving: true },
  );
  Object.assign(console, { log, info, warn, error, debug, trace });
  listeners.get('unhandledRejection')?.(thrown);
  expect(said).toEqual([
    expect.objectContaining({ class: 'Error', at: expect.stringMatching(/^src\/serve\/fall\.ts:4:\d+/) }),
  ]);
});

it('knows no place where there is no map', () => {
  expect(sourcePlace(join(root, 'none.js'), 1, 1)).toBeNull();
});
