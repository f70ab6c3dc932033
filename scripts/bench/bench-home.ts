import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Config } from '../../src/config/config.js';
import { loadSettings } from '../../src/config/load.js';
import { type StandIn, startStandIn } from './stand-in.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export const BENCH_PUBLISHER = 'bench-paper';

export interface BenchHome {
  folder: string;
  standIn: StandIn;
  /** The program's settings as this process reads them. */
  config: Config;
  /** Starts `node dist/main.js ...args` on this home. Standard output is piped, errors are shown. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): ChildProcess;
  remove(): Promise<void>;
}

export interface BenchHomeOptions {
  /** A folder that outlives the run: what fills it once is there the next time, behind a stand-in on the same port. */
  keptIn?: string;
  /** Settings beside those of every bench, as environment variables. */
  env?: Readonly<Record<string, string>>;
}

/** A state folder of its own, whose one publisher is a stand-in on loopback with `articles` articles. No pictures. */
export async function createBenchHome(articles: number, options: BenchHomeOptions = {}): Promise<BenchHome> {
  if (!existsSync(MAIN)) throw new Error('dist/main.js is missing. Type: npm run build');
  const { keptIn } = options;
  const folder = keptIn ?? mkdtempSync(join(tmpdir(), 'tamizdat-bench-'));
  const portFile = join(folder, 'stand-in-port');
  // The same stand-in as the last time: with other dates its articles would be news.
  const [port = 0, newestAt = Date.now() - 60_000] = existsSync(portFile)
    ? readFileSync(portFile, 'utf8').split(' ').map(Number)
    : [];
  const standIn = await startStandIn(articles, port, newestAt);
  mkdirSync(join(folder, 'publishers'), { recursive: true });
  writeFileSync(portFile, `${standIn.address.split(':')[1]} ${newestAt}`);
  writeFileSync(
    join(folder, 'publishers', `${BENCH_PUBLISHER}.yaml`),
    JSON.stringify({
      id: BENCH_PUBLISHER,
      names: { en: 'Bench Paper' },
      language: 'en',
      homepage: `http://${standIn.address}/`,
      hosts: ['127.0.0.1'],
      sources: [{ kind: 'feed', url: `http://${standIn.address}/feed`, text: 'summary' }],
      identity: { patterns: ['/n(\\d{1,9})$'] },
      page: { fetch: 'always', content: ['article'] },
    }),
  );
  const settings = {
    TAMIZDAT_HOME: folder,
    TAMIZDAT_PUBLISHERS: BENCH_PUBLISHER,
    TAMIZDAT_FETCH_ALLOW: standIn.address,
    TAMIZDAT_FETCH_POLITENESS: '0s',
    TAMIZDAT_SYNC_MAX_ARTICLES_PER_PASS: String(articles),
    TAMIZDAT_SYNC_MAX_PAGES_PER_PASS: String(articles),
    // Nothing is looked at again while we measure, and no pass starts by itself.
    TAMIZDAT_SYNC_RECHECK: '90d',
    TAMIZDAT_SYNC_CRON: '0 0 1 1 *',
    TAMIZDAT_PICTURES_MODE: 'text-only',
    TAMIZDAT_LOG_LEVEL: 'error',
    // We measure what it can do, not what its keeper lets it cost.
    TAMIZDAT_LIMITS_BYTES_PER_MONTH: '1000000GB',
    TAMIZDAT_LIMITS_REQUESTS_PER_SECOND: '1000000',
    TAMIZDAT_LIMITS_CONNECTIONS: '100000',
    ...options.env,
  };
  return {
    folder,
    standIn,
    config: loadSettings({
      argvFlags: { home: folder, config: undefined, listen: undefined },
      env: settings,
      readFile: () => '',
    }).config,
    start: (args, env = {}) =>
      spawn(process.execPath, [MAIN, ...args], {
        env: { PATH: process.env.PATH, ...settings, ...env },
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    remove: async () => {
      await standIn.stop();
      if (keptIn === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A port on loopback that nothing listens on at this moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

export function untilEnded(child: ChildProcess): Promise<void> {
  child.stdout?.resume();
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`ended with code ${code}`))));
  });
}
