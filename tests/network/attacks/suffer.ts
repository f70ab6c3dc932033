import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Replies } from '../../support/attack-mirror.js';
import { articleOf, beliefsOf, filesOf, startFollower } from '../../support/attacked-follower.js';
import type { Reply } from '../../support/mirror-server.js';
import type { Tree } from '../../support/test-desk.js';
import { type Attack, EVIL, type Lie, type Trees } from './attack.js';
import { makeStart, type Plan, type Start } from './start.js';

const DAY_MS = 86_400_000;
/** What a process takes at most to come to the lie, by its own clock. */
const LATE_MS = 120_000;

/** Rows of the table, each with a follower of its own that meets one evil and one honest mirror. */
export function attacks(rows: readonly Attack[], plan: Plan): void {
  let start: Start;
  beforeAll(async () => {
    start = await makeStart(plan);
  });
  afterAll(() => start.close());
  it.each(rows.map((row) => [row.name, row] as const))('%s', (_name, row) => suffer(row, start));
}

/** One pass; then: nothing of the lie is kept, shown or handed on, its peer is blamed, and the honest one gives what it has. */
async function suffer(attack: Attack, start: Start): Promise<void> {
  const [evil, honest] = start.mirrors;
  const desk = start.desk();
  const told = tell(attack.lie(desk, start.trees), start.trees);
  await evil.show(told.tree, told.replies);
  await honest.show(start.trees.news);
  const follower = startFollower(desk, start.mirrors, { home: start.home() });
  const atMs = start.atMs + (attack.clockOffMs ?? 0);
  try {
    const summary = await follower.pass(atMs);
    const lies = (await evil.asked()).filter((path) => told.changed.includes(path));
    expect(lies, 'a row that changes no byte').not.toEqual([]);
    const { peers, evidence, replica } = beliefsOf(follower);
    const evilPeer = peers.find(({ address }) => address === evil.url);
    const honestPeer = peers.find(({ address }) => address === honest.url);
    const accused = [...new Set(evidence.map(({ address, attack: name }) => `${address} ${name}`))];
    expect(evilPeer?.reason, 'words for whoever looks').toMatch(attack.says ?? /\w+: \S+ \S+/);
    expect(evilPeer?.state).toBe(STATE_OF[attack.blame]);
    expect(accused).toEqual(attack.refusal === null ? [] : [`${evil.url} ${attack.refusal}`]);
    if (attack.blame === 'liar') {
      expect(evilPeer?.bannedUntil).toBeGreaterThanOrEqual(atMs + DAY_MS);
      expect(evilPeer?.bannedUntil).toBeLessThan(atMs + DAY_MS + LATE_MS);
    } else expect(evilPeer?.bannedUntil).toBeNull();
    expect(honestPeer?.bannedUntil).toBeNull();
    const files = filesOf(follower);
    if (attack.blame === 'desk') {
      expect(summary).toMatchObject({
        outcome: 'alarm',
        reason: expect.stringContaining(String(attack.refusal)),
      });
      expect(replica.alarm).toContain(attack.refusal);
      expect(files).toEqual(start.before);
    } else if (attack.clockOffMs !== undefined) {
      expect(summary).toMatchObject({ outcome: 'trouble', fresh: 0 });
      // By its clock some of what was replaced is old enough to go.
      expect(start.before).toMatchObject(files);
      expect(Object.keys(files).some((path) => path.endsWith('/head.json'))).toBe(true);
    } else {
      const outcome = start.fresh > 0 ? 'news' : 'nothing-new';
      expect(summary).toMatchObject({ outcome, reason: null, fresh: start.fresh, missing: 0 });
      expect(files, 'the honest one has a newer head').not.toEqual(start.before);
      expect(honestPeer?.state).toBe('current');
      expect(files).toEqual(start.after);
    }
    expect(articleOf(follower, 'a2')?.content).toContain('number a2 was written down');
    expect(Object.values(files).join('\n')).not.toContain(EVIL);
  } finally {
    await follower.close();
  }
}

const STATE_OF = { liar: 'liar', desk: 'accuser', stale: 'stale', nobody: 'silent' } as const;

interface Told {
  tree: Tree;
  replies: Replies;
  /** Where bytes are others than an honest mirror has. */
  changed: readonly string[];
}

function tell(lie: Lie, { known, news }: Trees): Told {
  if (lie instanceof Map) {
    const changed = isSame(lie, known) || isSame(lie, news) ? [] : ['head.json'];
    return { tree: lie, replies: new Map(), changed };
  }
  const bent = [...news].filter(([path]) => lie.files.test(path));
  const replies = new Map(bent.map(([path, bytes]) => [path, lie.twist(bytes, path)]));
  const changed = bent.filter(([path, bytes]) => isOther(replies.get(path) ?? {}, bytes));
  return { tree: news, replies, changed: changed.map(([path]) => path) };
}

const isOther = (reply: Reply, bytes: Buffer): boolean =>
  reply.endless === true || reply.status !== undefined || !Buffer.from(reply.body ?? '').equals(bytes);

const isSame = (a: Tree, b: Tree): boolean =>
  a.size === b.size && [...a].every(([path, bytes]) => b.get(path)?.equals(bytes) === true);
