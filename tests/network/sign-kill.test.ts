import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { parseCheckpoint } from '../../src/sign/checkpoint.js';
import { appendLeaf, EMPTY_FRONTIER, type Frontier, leafHash, rootOf } from '../../src/sign/merkle.js';
import { parseNote } from '../../src/sign/note.js';
import { treeFolderOf } from '../publish/signed-tree.js';
import { createTestDesk, PUBLISHER } from '../publish/test-desk.js';
import { tamizdat } from '../support/program.js';
import { QUICK_FOLDER } from '../support/test-node.js';
import { describeLong } from '../support/tools.js';

/** Every step of a first publish, and of one that corrects, expunges and takes a name back. */
const FIRST = ['sign:key-made', 'sign:key-made:5'];
const STEPS = [
  'tree:file-half-written',
  'tree:file-half-written:3',
  'sign:blobs-written',
  'sign:entries-appended',
  'sign:tiles-written',
  'sign:packs-written',
  'sign:targets-written',
  'sign:metadata-written',
  'sign:checkpoint-written',
  'sign:timestamp-written',
  'sign:head-written',
  'sign:written-noted',
  'sign:blobs-removed',
  'sign:packs-rewritten',
  'sign:swept',
];

let folder: string;

/** One publish of the compiled program over this home, killed at `fault`. */
const publish = (home: string, fault: string, argv = ['keys', 'renew']) =>
  tamizdat([...argv, '--home', home], {
    env: {
      TAMIZDAT_PUBLISHERS: PUBLISHER.id,
      TAMIZDAT_FETCH_ALLOW: '127.0.0.1:80',
      TAMIZDAT_TEST_FAULT: fault,
    },
  });

/** The state folder of a desk with two articles, closed again; `published` once, with changes that wait, where asked for. */
async function prepare(name: string, published: boolean): Promise<string> {
  const home = join(folder, name);
  mkdirSync(join(home, 'publishers'), { recursive: true });
  writeFileSync(join(home, 'publishers', 'lighthouse.yaml'), stringify(PUBLISHER));
  const desk = createTestDesk({ home });
  for (const id of [1, 2, 3]) desk.save(id);
  if (published) {
    await desk.publish();
    desk.save(1, { title: 'Corrected' });
    desk.setState(2, 'tombstone');
    desk.save(3, { authors: [{ name: 'A Pseudonym' }] });
    desk.save(4);
  }
  desk.store.checkpoint();
  desk.store.close();
  return home;
}

beforeAll(async () => {
  folder = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-sign-kill-'));
  await prepare('new', false);
  await prepare('published', true);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Kills a publish of a copy of that home, then starts it again: the tree must be whole, and go on from what was ever out. */
async function killed(from: string, fault: string, argv?: string[]) {
  const home = join(folder, fault.replaceAll(':', '-') + (argv?.[1] ?? ''));
  cpSync(join(folder, from), home, { recursive: true });
  expect(await publish(home, fault, argv)).toMatchObject({ signal: 'SIGKILL' });
  const checkpoint = existsSync(join(home, 'signed')) ? join(treeFolderOf(home), 'log/checkpoint') : '';
  const note = existsSync(checkpoint) ? readFileSync(checkpoint, 'utf8') : null;
  const desk = createTestDesk({ home });
  desk.clock.advance(Date.now() - desk.clock.now());
  await desk.publish();
  const tree = desk.tree();
  if (note !== null) {
    const said = parseCheckpoint(parseNote(note)?.text ?? '');
    const begun = tree.raw
      .slice(0, said?.size)
      .reduce<Frontier>((grown, entry) => appendLeaf(grown, leafHash(entry)), EMPTY_FRONTIER);
    expect(said?.root.equals(rootOf(begun))).toBe(true);
  }
  return { desk, tree, kinds: tree.entries.map(({ o }) => o).join('') };
}

describeLong('a publish that is killed', () => {
  it.each(FIRST)('while the keys are made, at %s, makes the rest of them', async (fault) => {
    const { desk, kinds } = await killed('new', fault);
    expect(kinds).toBe('dppp');
    desk.close();
  });

  it.each(STEPS)('at %s ends in a whole tree with every entry once', async (fault) => {
    const { desk, kinds } = await killed('published', fault);
    expect(kinds).toBe('dpppuxxup');
    desk.close();
  });
});

describeLong('a change of keys that is killed', () => {
  it.each(['sign:new-key-made', 'sign:key-changed'])('at %s leaves a desk that signs', async (fault) => {
    const { desk } = await killed('published', fault, ['keys', 'rotate', 'edition']);
    expect(desk.desk.expiries().find(({ role }) => role === 'edition')?.where).toBe('online');
    desk.close();
  });

  it('while keys are moved away loses none of them', async () => {
    const away = join(folder, 'stick');
    const { desk } = await killed('published', 'sign:keys-copied', ['keys', 'offline', away]);
    expect(existsSync(join(away, 'root.pem')) && existsSync(join(away, 'targets.pem'))).toBe(true);
    desk.close();
  });
});
