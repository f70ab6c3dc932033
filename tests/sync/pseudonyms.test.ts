import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { send } from '../support/hostile-server.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

const OLD = 'Zvezdana Quillfeather';

beforeEach(async () => {
  clock = createManualClock(FIRST_AT + 3 * HOUR_MS);
  site = await createStandIn([story(1), story(2)]);
});

afterEach(async () => {
  await node.close();
  await site.close();
});

/** The page of story 1 with these names under its headline. */
function signed(authors: readonly string[], paragraphs = story(1).paragraphs): void {
  const byline = authors.map((name) => `<span class="who">${name}</span>`).join(', ');
  const text = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('');
  site.server.on(
    site.pathOf(story(1)),
    send(
      `<!doctype html><html lang="en"><head><title>x</title></head><body><article><h1>${story(1).title}</h1><p class="by">${byline}</p><div class="text">${text}</div></article></body></html>`,
      { 'content-type': 'text/html' },
    ),
  );
}

const start = async () => {
  const given = site.publisher({ pages: 'always' });
  const page = { ...given.page, authors: ['.who'] };
  node = await createTestNode({ publishers: [{ ...given, page }], clock, env: site.env });
  await node.pass();
};
const later = async (ms: number) => {
  clock.advance(ms);
  return (await node.pass({ force: true })).publishers[0];
};
const article = () => {
  const found = node.engine.store.articles.find('stand-in', { stableId: '1', guid: null, url: null });
  if (found === null) throw new Error('no article');
  return found;
};
const everyDocument = async (): Promise<string> => {
  const parts: string[] = [];
  for (const path of node.engine.store.pages.allPaths()) parts.push((await node.get(path)).text);
  return parts.join('\n');
};
/** Names of the files of the state folder, the signed tree's packs unpacked, that hold `text` in any of their bytes. */
const filesWith = (text: string): string[] =>
  readdirSync(node.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).includes(text);
    });

describe('a byline that becomes a pseudonym', () => {
  it('leaves the old name in no document, no revision and no byte of the database', async () => {
    signed([OLD, 'Ann Example']);
    await start();
    signed([OLD, 'Ann Example'], [...story(1).paragraphs, 'A sentence was added later.']);
    await later(6 * HOUR_MS);
    expect(article().revision).toBe(2);
    expect(await everyDocument()).toContain(OLD);
    expect(filesWith(OLD)).not.toEqual([]);

    signed(['A reporter', 'Ann Example'], [...story(1).paragraphs, 'A sentence was added later.']);
    expect(await later(DAY_MS)).toMatchObject({ changed: 1 });
    expect(article()).toMatchObject({
      revision: 3,
      authors: [{ name: 'A reporter' }, { name: 'Ann Example' }],
    });
    expect(node.engine.store.changes.between(0, 99).at(-1)).toMatchObject({ kind: 'correct', revision: 3 });
    const changes = (await node.get('/stand-in/a1/changes/')).text;
    expect(changes).toContain('A sentence was added later.');
    expect(changes).not.toContain('Quillfeather');
    expect(await everyDocument()).not.toContain('Quillfeather');
    expect(filesWith('Quillfeather')).toEqual([]);
  });

  it('is told from an author who was only added, which is shown as a change', async () => {
    signed(['Ann Example']);
    await start();
    signed(['Ann Example', 'Bo Sample']);
    await later(6 * HOUR_MS);
    expect(article().revision).toBe(2);
    expect(node.engine.store.revisions.of(article().id).map(({ fields }) => fields)).toEqual([
      [],
      ['authors'],
    ]);
    expect((await node.get('/stand-in/a1/changes/')).text).toContain('Bo Sample');
  });
});
