import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { inject, vi } from 'vitest';
import { createDemoNewsroom } from '../../src/demo/demo-newsroom.js';
import type { Publisher } from '../../src/domain/publisher.js';
import { createManualClock } from './manual-clock.js';
import { createTestNode, QUICK_FOLDER } from './test-node.js';

/** A Monday morning on which the demo newsroom opens. */
const OPENS_AT = Date.UTC(2026, 10, 23, 9);
/** Notes published after the opening, a minute apart: enough of them for a correction and a withdrawal. */
const STEPS = 8;
/** Of the four languages one of each direction: each costs seconds. */
const LANGUAGES = ['en', 'fa'];

export type DemoNode = Awaited<ReturnType<typeof createDemoNode>>;

/**
 * A whole node that has mirrored the demo newsroom, pictures, corrections and all, served on loopback; the newsroom itself is gone.
 * `env`: config keys as environment variables.
 */
export async function createDemoNode(env: Readonly<Record<string, string>> = {}) {
  const made = await demoMade();
  const home = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-demo-'));
  cpSync(join(made, 'home'), home, { recursive: true });
  const publishers: Publisher[] = JSON.parse(readFileSync(join(made, 'publishers.json'), 'utf8'));
  const clock = createManualClock(OPENS_AT + STEPS * 60_000);
  const node = await createTestNode({ desk: true, publishers, clock, env, home });
  return {
    ...node,
    clock,
    close: async () => {
      await node.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Mirrored once in a run, by whichever process comes first: it takes longer than most of what is asked of it. */
async function demoMade(): Promise<string> {
  const folder = inject('demoFolder');
  const made = join(folder, 'made');
  try {
    mkdirSync(join(folder, 'taken'));
  } catch {
    await vi.waitUntil(() => existsSync(made), { timeout: 280_000, interval: 100 });
    return made;
  }
  const making = join(folder, 'making');
  await mirrorDemo(making);
  renameSync(making, made);
  return made;
}

async function mirrorDemo(folder: string): Promise<void> {
  const clock = createManualClock(OPENS_AT);
  const newsroom = createDemoNewsroom({ clock, everyMs: 0 });
  const { port } = await newsroom.start();
  const publishers = newsroom.publishers.filter(({ language }) => LANGUAGES.includes(language));
  const node = await createTestNode({
    desk: true,
    publishers,
    clock,
    env: { TAMIZDAT_FETCH_ALLOW: `127.0.0.1:${port}` },
    rhythm: { confirmRemovalMs: 0 },
    home: join(folder, 'home'),
  });
  await node.pass();
  for (let taken = 0; taken < STEPS; taken += 1) {
    clock.advance(60_000);
    newsroom.step();
  }
  await node.pass({ force: true });
  await node.close();
  await newsroom.stop();
  writeFileSync(join(folder, 'publishers.json'), JSON.stringify(publishers));
}
