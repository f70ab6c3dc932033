import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { FollowSummary } from '../../src/domain/follow-summary.js';
import { writeTrustString } from '../../src/sign/trust-string.js';
import { openStore, type Store } from '../../src/store/store.js';
import { indexText } from '../../src/store/tokenizer.js';
import type { MirrorServer } from './mirror-server.js';
import { type Ended, tamizdat } from './program.js';
import type { TestDesk } from './test-desk.js';
import { createTestFollower } from './test-follower.js';
import { QUICK_FOLDER, QUICK_PAGES } from './test-node.js';
import { isStrict } from './tools.js';

/** A node with a home of its own that follows one desk, as an attack sees it: a pass now and then, and what it holds in between. */
export interface AttackedFollower {
  readonly home: string;
  /** One pass at this moment of its own clock, in milliseconds. */
  pass(atMs: number): Promise<FollowSummary>;
  /** What is in its database now. */
  read<T>(look: (store: Store) => T): T;
  /** The HTML that it would serve under this path; null where it has none. */
  page(path: string): Promise<string | null>;
  /** Closed and started again; as a process it is that after each pass. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export type Mirror = Pick<MirrorServer, 'url' | 'pair'>;

/**
 * In strict runs the compiled program, a process for each pass; in quick ones the same engine within the test. A home that is given
 * is left as it is by `close`.
 */
export const startFollower = (
  desk: TestDesk,
  mirrors: readonly Mirror[],
  { home: given, env = {} }: { home?: string; env?: Record<string, string> } = {},
): AttackedFollower => {
  const home = given ?? mkdtempSync(join(QUICK_FOLDER, 'tamizdat-attacked-'));
  const follower = (isStrict() ? inProcess : inTest)(desk, mirrors, home, env);
  return {
    ...follower,
    close: async () => {
      await follower.close();
      if (given === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
};

type Start = (
  desk: TestDesk,
  mirrors: readonly Mirror[],
  home: string,
  env: Record<string, string>,
) => AttackedFollower;

const inTest: Start = (desk, mirrors, home, env) => {
  const start = () => createTestFollower(desk, mirrors, { home, env });
  let node = start();
  return {
    home,
    pass: async (atMs) => {
      node.clock.advance(atMs - node.clock.now());
      const [summary] = await node.engine.follower.pass();
      if (summary === undefined) throw new Error('nothing is followed');
      return summary;
    },
    read: (look) => look(node.store),
    page: async (path) => {
      await node.engine.sync.render();
      return textOf(node.store, path);
    },
    restart: async () => {
      await node.close();
      node = start();
    },
    close: () => node.close(),
  };
};

const CLOCK_PRELOAD = fileURLToPath(new URL('clock-preload.mjs', import.meta.url));

const inProcess: Start = (desk, mirrors, home, env) => {
  const read = <T>(look: (store: Store) => T): T => {
    const store = openStore(join(home, 'tamizdat.sqlite'), { readOnly: true, tokenizer: { indexText } });
    try {
      return look(store);
    } finally {
      store.close();
    }
  };
  return {
    home,
    pass: async (atMs) => {
      const done = await runAt(atMs, ['sync', '--once', '--json', '--home', home], {
        ...envOf(desk, mirrors),
        ...env,
      });
      if (!done.stdout.startsWith('{')) throw new Error(`the pass ended with ${done.code}: ${done.stderr}`);
      return JSON.parse(done.stdout).followed[0];
    },
    read,
    page: async (path) => read((store) => textOf(store, path)),
    restart: async () => {},
    close: async () => {},
  };
};

/** What tells a node to follow this desk through these mirrors, and to let it reach them on loopback. */
export const envOf = (desk: TestDesk, mirrors: readonly Mirror[]): Record<string, string> => ({
  TAMIZDAT_JOIN: writeTrustString(
    desk.pin(),
    mirrors.map(({ url }) => url),
  ),
  TAMIZDAT_FETCH_ALLOW: mirrors.map(({ pair }) => pair).join(','),
  TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
  ...QUICK_PAGES,
});

/** Runs the compiled program with a clock that shows this moment when it starts. */
export const runAt = (atMs: number, argv: readonly string[], env: Record<string, string>): Promise<Ended> =>
  tamizdat(argv, {
    env: {
      ...env,
      NODE_OPTIONS: `--import ${CLOCK_PRELOAD}`,
      TAMIZDAT_TEST_CLOCK_OFF_MS: String(atMs - Date.now()),
    },
  });

function textOf(store: Store, path: string): string | null {
  const page = store.pages.get(path);
  return page === null ? null : gunzipSync(page.gzip ?? Buffer.alloc(0)).toString('utf8');
}

/** What it believes, of whom, and why: its one repository, the peers of it, and the proofs of lies that it keeps. */
export const beliefsOf = (follower: AttackedFollower) =>
  follower.read((store) => {
    const [replica] = store.replicas.all();
    if (replica === undefined) throw new Error('nothing is followed');
    return {
      replica,
      peers: store.replicaPeers.of(replica.id),
      evidence: store.replicaPeers.evidence(replica.id),
      lines: store.replicaEntries.between(replica.id, 0, 1_000),
    };
  });

export const articleOf = (follower: AttackedFollower, id: string) =>
  follower.read((store) => store.articles.find('test-news', { stableId: id, guid: null, url: null }));

/** The files of the signed trees that it hands on, unpacked where they are packed. */
export function filesOf(follower: Pick<AttackedFollower, 'home'>): Record<string, string> {
  const signed = join(follower.home, 'signed');
  if (!existsSync(signed)) return {};
  return Object.fromEntries(
    readdirSync(signed, { withFileTypes: true, recursive: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .sort()
      .map((file) => [relative(signed, file), unpacked(readFileSync(file)).toString('latin1')]),
  );
}

const unpacked = (bytes: Buffer): Buffer => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes);
