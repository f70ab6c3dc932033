import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Config } from '../../src/config/config.js';
import { loadSettings } from '../../src/config/load.js';
import type { Clock } from '../../src/domain/clock.js';
import type { Log } from '../../src/domain/log.js';
import type { Publisher } from '../../src/domain/publisher.js';
import { createEngine, type NodeOverrides } from '../../src/node/engine.js';
import { createReaderSide, type Rhythm } from '../../src/node.js';
import { listen } from '../../src/serve/listen.js';
import type { PassOptions } from '../../src/sync/sync.js';
import { searchHere } from './search-here.js';

/** In memory where the system has such a folder: a node syncs many small files to the disk, and a test waits for each. */
export const QUICK_FOLDER = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A test waits for every page that is compressed: a tenth of the time, for a tenth more bytes. */
export const QUICK_PAGES = { TAMIZDAT_SITE_BROTLI_QUALITY: '5' } as const;

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };

export interface Answer {
  status: number;
  headers: Record<string, string>;
  /** Decompressed. */
  text: string;
  /** Bytes of the body on the wire. */
  wireBytes: number;
}

export interface TestNodeOptions {
  publishers: readonly Publisher[];
  clock: Clock;
  /** Config keys as environment variables, such as `TAMIZDAT_FETCH_ALLOW`. */
  env?: Readonly<Record<string, string>>;
  rhythm?: Partial<Rhythm>;
  encodePicture?: NodeOverrides['encodePicture'];
  /** Signs what it publishes, which takes a sixth of a pass; left out, it does not. */
  desk?: boolean;
  /** A folder to go on with; a new one that `close` removes where it is left out. */
  home?: string;
}

export function testConfig(home: string, env: Readonly<Record<string, string>> = {}): Config {
  return loadSettings({
    argvFlags: { home, config: undefined, listen: undefined },
    // A test asks faster than readers do.
    env: { TAMIZDAT_LIMITS_REQUESTS_PER_SECOND: '1000000', ...env },
    readFile: () => '',
  }).config;
}

/** A whole node in this process, with its real parts and a clock of the test's: passes on demand, and a server on loopback. */
export async function createTestNode(options: TestNodeOptions) {
  const home = options.home ?? mkdtempSync(join(QUICK_FOLDER, 'tamizdat-test-'));
  const config = testConfig(home, {
    ...QUICK_PAGES,
    TAMIZDAT_DESK_ENABLED: String(options.desk ?? false),
    ...options.env,
  });
  const rhythm: Rhythm = {
    cron: '*/10 * * * *',
    jitterMs: 0,
    recheckMs: config.sync.recheckMs,
    confirmRemovalMs: 24 * 3_600_000,
    politenessMs: 0,
    ...options.rhythm,
  };
  const engine = createEngine(config, options.publishers, silentLog, {
    clock: options.clock,
    rhythm,
    ...(options.encodePicture === undefined ? {} : { encodePicture: options.encodePicture }),
  });
  engine.prepare();
  const readers = createReaderSide(config, options.clock, () => {}, { searcherOf: searchHere });
  const server = await listen(readers.app, { host: '127.0.0.1', port: 0 }, null, readers.door);

  return {
    home,
    config,
    engine,
    readers,
    origin: `http://127.0.0.1:${server.port}`,
    /** What the serving process does when something was written. */
    refresh: () => readers.pages.refresh(),
    pass: async (pass: PassOptions = {}) => {
      const summary = await engine.sync.pass(pass);
      readers.pages.refresh();
      return summary;
    },
    get: (path: string, headers: Record<string, string> = {}, method = 'GET') =>
      ask(server.port, path, headers, method),
    close: async () => {
      await server.close(1_000);
      await readers.close();
      await engine.close();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

/** One request on a connection of its own, as a reader on the freezing line makes it. */
export function ask(
  port: number,
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const body = Buffer.concat(parts);
        const coding = response.headers['content-encoding'];
        const plain =
          body.length === 0
            ? body
            : coding === 'br'
              ? brotliDecompressSync(body)
              : coding === 'gzip'
                ? gunzipSync(body)
                : body;
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          ),
          text: plain.toString('utf8'),
          wireBytes: body.length,
        });
      });
    });
    sent.on('error', reject);
    sent.end();
  });
}

/** Every document of the tree with its validator: equal before and after a pass that brought nothing. */
export const treeOf = (node: Awaited<ReturnType<typeof createTestNode>>): Map<string, string> =>
  new Map(
    node.engine.store.pages.allPaths().map((path) => [path, node.engine.store.pages.head(path)?.etag ?? '']),
  );

/** A publisher with what a test leaves out filled in. */
export function testPublisher(given: Partial<Publisher> & Pick<Publisher, 'id' | 'sources'>): Publisher {
  return {
    names: { en: given.id },
    language: 'en',
    homepage: 'http://127.0.0.1/',
    hosts: ['127.0.0.1'],
    timeZone: 'UTC',
    identity: { patterns: [] },
    page: {
      fetch: 'never',
      title: [],
      subtitle: [],
      authors: [],
      content: [],
      lead: [],
      leadCaption: [],
      leadCredit: [],
      tags: [],
      section: [],
      keep: [],
      drop: [],
      boilerplate: [],
    },
    rights: {
      basis: 'none-recorded',
      licence: null,
      scope: 'full',
      images: 'own',
      attribution: 'Text: the publisher. {url}',
      attributionPlace: 'after',
      evidence: [],
      checkedAt: null,
      contact: null,
    },
    designations: [],
    publish: 'full',
    removal: 'withdraw',
    verifiedAt: null,
    ...given,
  };
}
