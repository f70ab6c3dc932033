import { inject } from 'vitest';
import { createDemoNewsroom } from '../../src/demo/demo-newsroom.js';
import { DEMO_LANGUAGES, type DemoLanguage } from '../../src/demo/story.js';
import { createManualClock } from './manual-clock.js';
import { createPictureMemory } from './picture-memory.js';
import { createTestNode } from './test-node.js';

/** A Monday morning on which the demo newsroom opens. */
export const DEMO_OPENS_AT = Date.UTC(2026, 10, 23, 9);

export interface DemoNodeOptions {
  /** Notes published after the opening, a minute apart; enough of them bring a correction and a withdrawal. */
  steps?: number;
  /** Only these languages of the newsroom; all four where it is left out. Each costs seconds. */
  languages?: readonly DemoLanguage[];
  /** Config keys as environment variables. */
  env?: Readonly<Record<string, string>>;
}

export type DemoNode = Awaited<ReturnType<typeof createDemoNode>>;

/** A whole node that has mirrored the demo newsroom: four languages, pictures, corrections, served on loopback. */
export async function createDemoNode(options: DemoNodeOptions = {}) {
  const { steps = 0, languages = DEMO_LANGUAGES } = options;
  const clock = createManualClock(DEMO_OPENS_AT);
  const newsroom = createDemoNewsroom({ clock, everyMs: 0 });
  const { origin, port } = await newsroom.start();
  const node = await createTestNode({
    desk: true,
    publishers: newsroom.publishers.filter(({ language }) => languages.some((wanted) => wanted === language)),
    clock,
    env: { ...options.env, TAMIZDAT_FETCH_ALLOW: `127.0.0.1:${port}` },
    rhythm: { confirmRemovalMs: 0 },
    encodePicture: createPictureMemory(inject('pictureFolder')),
  });
  await node.pass();
  for (let taken = 0; taken < steps; taken += 1) {
    clock.advance(60_000);
    newsroom.step();
  }
  if (steps > 0) await node.pass({ force: true });
  return {
    ...node,
    clock,
    newsroom,
    newsroomOrigin: origin,
    close: async () => {
      await node.close();
      await newsroom.stop();
    },
  };
}
