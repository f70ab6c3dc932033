import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Publisher } from '../../src/domain/publisher.js';
import { QUICK_PAGES } from '../support/test-node.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** The compiled program over a home that mirrors one publisher, a stand-in on loopback; it kills itself at `fault` where that is given. */
export function runAtHome(
  home: string,
  publisher: Publisher,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  fault?: string,
): Promise<{ code: number | null; signal: string | null; stdout: string; stderr: string }> {
  mkdirSync(join(home, 'publishers'), { recursive: true });
  writeFileSync(join(home, 'publishers', `${publisher.id}.yaml`), stringify(publisher));
  const child = spawn(process.execPath, [MAIN, ...argv, '--home', home], {
    env: {
      PATH: process.env.PATH,
      TAMIZDAT_PUBLISHERS: publisher.id,
      TAMIZDAT_FETCH_POLITENESS: '0s',
      ...QUICK_PAGES,
      ...env,
      ...(fault === undefined ? {} : { TAMIZDAT_TEST_FAULT: fault }),
    },
  });
  const told = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text) => {
      told[stream] += text;
    });
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, ...told })));
}
