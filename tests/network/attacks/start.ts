import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type AttackMirror, mirrorHere } from '../../support/attack-mirror.js';
import { filesOf } from '../../support/attacked-follower.js';
import { addLines } from '../../support/log-lines.js';
import { mirrorInProcess } from '../../support/mirror-in-process.js';
import { deskWith, type TestDesk, type Tree } from '../../support/test-desk.js';
import { createTestFollower } from '../../support/test-follower.js';
import { QUICK_FOLDER } from '../../support/test-node.js';
import { isStrict } from '../../support/tools.js';
import type { Trees } from './attack.js';

const START = Date.UTC(2026, 10, 1) / 1_000;

/** What all rows of a table have in common: what was before, and what the honest mirror has in store. */
export interface Plan {
  articles: number;
  /** What else is in the log from the first. */
  more?: (desk: TestDesk) => void;
  /** What the desk published while the follower already followed, and was taken; null for a follower that comes for the first time. */
  known: ((desk: TestDesk) => void) | null;
  /** Articles and lines that come after that, in one publish; where there are none, the desk signs the same once more. */
  fresh: number;
  freshLines?: number;
}

export interface Start {
  trees: Trees;
  /** In strict runs each is a process of its own, as the follower is. */
  mirrors: readonly [evil: AttackMirror, honest: AttackMirror];
  fresh: number;
  atMs: number;
  desk(): TestDesk;
  /** A home of a row's own, in the state before. */
  home(): string;
  /** Signed files before, and after a pass in which both mirrors were honest. */
  before: Record<string, string>;
  after: Record<string, string>;
  close(): Promise<void>;
}

/** Publishes, follows, and publishes again, so that a row can begin where it likes. */
export async function makeStart(plan: Plan): Promise<Start> {
  const { articles, known, fresh } = plan;
  const folder = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-attacks-'));
  const desk = deskWith(articles, START);
  if (plan.more !== undefined) {
    plan.more(desk);
    desk.publish();
  }
  const startMirror = isStrict() ? mirrorInProcess : mirrorHere;
  const mirrors = await Promise.all([startMirror(), startMirror()]);
  const serve = (tree: Tree) => Promise.all(mirrors.map((mirror) => mirror.show(tree)));
  const first = join(folder, 'first');
  const older = desk.snapshot();
  if (known !== null) {
    await serve(older);
    await passOf(desk, mirrors, first);
    desk.advance(3_600);
    known(desk);
    desk.publish();
    await serve(desk.snapshot());
    await passOf(desk, mirrors, first);
  }
  const trees: Trees = {
    older,
    known: known === null ? new Map() : desk.snapshot(),
    news: newsOf(desk, plan),
  };
  let homes = 0;
  const home = (): string => {
    homes += 1;
    const own = join(folder, String(homes));
    if (known !== null) cpSync(first, own, { recursive: true });
    return own;
  };
  const untouched = home();
  await serve(trees.news);
  await passOf(desk, mirrors, untouched);
  return {
    trees,
    mirrors,
    fresh: known === null ? articles : fresh,
    atMs: (desk.state.clock + 1_200) * 1_000,
    desk: desk.copy,
    home,
    before: filesOf({ home: first }),
    after: filesOf({ home: untouched }),
    close: async () => {
      for (const mirror of mirrors) await mirror.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function passOf(desk: TestDesk, mirrors: readonly AttackMirror[], home: string): Promise<void> {
  const follower = createTestFollower(desk, mirrors, { home });
  const { reason, missing } = await follower.pass();
  // So that no row has to render what all of them have in common.
  await follower.engine.sync.render();
  await follower.close();
  if (reason !== null || missing > 0)
    throw new Error(`the start of a row fails: ${reason ?? 'texts are missing'}`);
}

/** By a copy of the desk, so that a row may go another way. */
function newsOf(from: TestDesk, { fresh, freshLines = 0 }: Plan): Tree {
  const desk = from.copy();
  desk.advance(600);
  for (let one = 1; one <= fresh; one += 1) desk.add('p', desk.articleBlob(`n${one}`));
  addLines(desk, freshLines);
  if (fresh > 0 || freshLines > 0) desk.publish();
  else desk.heartbeat();
  return desk.snapshot();
}
