import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Publisher } from '../../src/domain/publisher.js';
import { type Ended, tamizdat } from '../support/program.js';
import { QUICK_PAGES } from '../support/test-node.js';

/** The compiled program over a home that mirrors one publisher, a stand-in on loopback; it kills itself at `fault` where that is given. */
export function runAtHome(
  home: string,
  publisher: Publisher,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  fault?: string,
): Promise<Ended> {
  mkdirSync(join(home, 'publishers'), { recursive: true });
  writeFileSync(join(home, 'publishers', `${publisher.id}.yaml`), stringify(publisher));
  return tamizdat([...argv, '--home', home], {
    env: {
      TAMIZDAT_PUBLISHERS: publisher.id,
      TAMIZDAT_FETCH_POLITENESS: '0s',
      TAMIZDAT_TEST_FAULT: fault,
      ...QUICK_PAGES,
      ...env,
    },
  });
}
