import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { problemsOfDatabase } from '../../src/store/database-file.js';
import { Sqlite } from '../../src/store/sqlite.js';
import { mountSmallDisk } from '../../tests/support/tmpfs.js';
import { createSoakedNode, type Sample, SOAKED, type SoakedNode } from './soaked-node.js';
import { type Health, startUpstream } from './upstream.js';

export interface SoakOptions {
  seconds: number;
  /** How often the one node is killed. */
  killEveryMs: number;
  /** How often a new article is published. */
  publishEveryMs: number;
  /** How often the publisher dies and the disk fills; each lasts a third of it. */
  faultEveryMs: number;
  /** Requests a second to each node. */
  requestsPerSecond: number;
  /** Where a slow machine has not come to enough in that time, it goes on for as long again, at most {@link MOST_ROUNDS} times in all. */
  isEnough?: (soFar: Progress) => boolean;
  say: (line: string) => void;
}

export interface Progress {
  kills: number;
  faults: { upstream: number; disk: number | null };
  answers: { ok: number; unanswered: number };
}

export interface SoakFigures extends Progress {
  published: number;
  /** Of the node that lives through it all: the median of its first and of its last third. */
  memoryMB: [number, number];
  openFiles: [number, number];
  /** What is wrong. Empty: nothing. */
  wrong: string[];
}

const DEATHS: readonly Health[] = ['error', 'reset', 'silent', 'empty'];
const DISK_MB = 192;
const MOST_ROUNDS = 5;

/**
 * Two nodes under load while their publisher dies now and then and their disk fills up: one is killed with all its processes again and
 * again, the other lives through it. At the end both must hold everything that was published, whole.
 */
export async function runSoak(options: SoakOptions): Promise<SoakFigures> {
  const { say } = options;
  const upstream = await startUpstream(options.publishEveryMs);
  const disk = mountSmallDisk(DISK_MB);
  const folder = disk?.path ?? mkdtempSync(join(tmpdir(), 'tamizdat-soak-'));
  if (disk === null) say('No right to mount a tmpfs: the disk does not fill up in this run.');
  const victim = createSoakedNode(join(folder, 'victim'), upstream.address);
  const steady = createSoakedNode(join(folder, 'steady'), upstream.address);
  const nodes = [victim, steady];
  const wrong: string[] = [];
  const faults = { upstream: 0, disk: disk === null ? null : 0 };
  let kills = 0;
  let endsAt = 0;
  const goesOn = (): boolean => Date.now() < endsAt;
  const pause = (ms: number): Promise<void> => wait(Math.max(0, Math.min(ms, endsAt - Date.now())));

  const progress = (): Progress => ({
    kills,
    faults,
    answers: {
      ok: victim.answers.ok + steady.answers.ok,
      unanswered: victim.answers.unanswered + steady.answers.unanswered,
    },
  });

  const killing = async (): Promise<void> => {
    while (goesOn()) {
      await pause(options.killEveryMs);
      if (!goesOn()) return;
      await victim.end('SIGKILL');
      kills += 1;
      victim.start();
    }
  };
  const breaking = async (): Promise<void> => {
    for (let turn = 0; goesOn(); turn += 1) {
      await pause((options.faultEveryMs * 2) / 3);
      if (!goesOn()) return;
      if (turn % 2 === 0 || disk === null) {
        upstream.become(DEATHS[faults.upstream % DEATHS.length] ?? 'error');
        faults.upstream += 1;
        await pause(options.faultEveryMs / 3);
        upstream.become('well');
      } else {
        const filler = fillUp(folder);
        faults.disk = (faults.disk ?? 0) + 1;
        await pause(options.faultEveryMs / 3);
        rmSync(filler, { force: true });
      }
    }
  };
  const loading = async (node: SoakedNode): Promise<void> => {
    for (let turn = 0; goesOn(); turn += 1) {
      await node.ask(pathFor(turn, upstream.published()));
      await pause(1_000 / options.requestsPerSecond);
    }
  };
  const watching = async (): Promise<void> => {
    while (goesOn()) {
      for (const node of nodes) node.sample();
      await pause(1_000);
      if (!steady.isRunning()) {
        wrong.push('the node that nobody killed ended by itself');
        return;
      }
    }
  };

  try {
    for (const node of nodes) node.start();
    for (let round = 1; round <= MOST_ROUNDS; round += 1) {
      endsAt = Date.now() + options.seconds * 1_000;
      await Promise.all([killing(), breaking(), watching(), ...nodes.map(loading)]);
      if (wrong.length > 0 || (options.isEnough?.(progress()) ?? true)) break;
    }
    upstream.pause();
    upstream.become('well');
    rmSync(join(folder, FILLER), { force: true });
    for (const [name, node] of [
      ['killed', victim],
      ['steady', steady],
    ] as const)
      wrong.push(...(await lastLook(node, upstream.published())).map((what) => `${name}: ${what}`));
    const [memoryMB, openFiles] = thirds(steady.samples);
    return {
      ...progress(),
      published: upstream.published(),
      memoryMB,
      openFiles,
      wrong,
    };
  } finally {
    for (const node of nodes) await node.end('SIGKILL');
    await upstream.stop();
    if (disk === null) rmSync(folder, { recursive: true, force: true });
    else disk.unmount();
  }
}

const FILLER = 'filler';

/** Takes all the room there is. */
function fillUp(folder: string): string {
  const path = join(folder, FILLER);
  const handle = openSync(path, 'a');
  try {
    for (let left = freeBytes(folder); left > 0; left -= 2 ** 20)
      writeSync(handle, Buffer.alloc(Math.min(left, 2 ** 20)));
  } catch {
    // Somebody else took the last of it.
  } finally {
    closeSync(handle);
  }
  return path;
}

const freeBytes = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
};

const pathFor = (turn: number, published: number): string =>
  [
    '/',
    `/${SOAKED}/`,
    `/${SOAKED}/rss.xml`,
    '/api/v1/changes.json',
    ...Array.from({ length: 6 }, (_, index) => `/${SOAKED}/a${1 + ((turn * 7 + index * 13) % published)}/`),
  ][turn % 10] ?? '/';

/** Lets a node finish what is left, stops it, and says what is wrong with what it holds. */
async function lastLook(node: SoakedNode, published: number): Promise<string[]> {
  const wrong: string[] = [];
  const file = join(node.home, 'tamizdat.sqlite');
  if (node.isRunning()) {
    // The last kill may lie a moment back.
    await node.untilUp();
    const code = await node.end('SIGTERM');
    if (code !== 0) wrong.push(`it ended with ${code} when it was told to stop`);
  }
  const trouble = await node.syncOnce();
  if (trouble !== null) wrong.push(trouble);
  wrong.push(...problemsOfDatabase(file, 'full'));
  const db = new Sqlite(file, { readonly: true });
  const one = (sql: string): number => Number(db.prepare(sql).pluck().get());
  const articles = one("SELECT count(*) FROM article WHERE state = 'live'");
  if (articles < published) wrong.push(`${published - articles} of ${published} articles are not there`);
  for (const [name, sql] of [
    ['articles twice', 'SELECT count(*) - count(DISTINCT url) FROM article'],
    [
      'articles without a page',
      "SELECT count(*) FROM article WHERE NOT EXISTS (SELECT 1 FROM page WHERE group_key = 'article:' || article.id)",
    ],
    [
      'articles that no search finds',
      'SELECT (SELECT count(*) FROM article) - (SELECT count(*) FROM search_place)',
    ],
    [
      'publications told twice',
      "SELECT count(*) - count(DISTINCT article_id) FROM change WHERE kind = 'publish'",
    ],
    ['documents left to render', 'SELECT count(*) FROM dirty'],
    ['broken references', 'SELECT count(*) FROM pragma_foreign_key_check'],
  ] as const) {
    const count = one(sql);
    if (count !== 0) wrong.push(`${count} ${name}`);
  }
  db.close();
  for (const word of ['unhandled-rejection', 'crashed', 'database-damaged'])
    if (node.output().includes(word)) wrong.push(`its log says ${word}: ${lineWith(node.output(), word)}`);
  wrong.push(...node.answers.wrong.slice(0, 5));
  return wrong;
}

const lineWith = (text: string, word: string): string =>
  (text.split('\n').find((line) => line.includes(word)) ?? '').slice(0, 200);

/** Medians of the first and the last third, the first half minute left out: caches fill and code is compiled then. */
function thirds(samples: readonly Sample[]): [[number, number], [number, number]] {
  const warm = samples.filter(({ ageMs }) => ageMs > 30_000);
  const used = warm.length >= 6 ? warm : samples;
  const size = Math.ceil(used.length / 3);
  const ends = [used.slice(0, size), used.slice(-size)];
  const of = (pick: (sample: Sample) => number): [number, number] => {
    const [first = 0, last = 0] = ends.map((third) => median(third.map(pick)));
    return [first, last];
  };
  return [of(({ residentBytes }) => Math.round(residentBytes / 1e6)), of(({ openFiles }) => openFiles)];
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
