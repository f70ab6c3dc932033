import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blobPath } from '../../src/sign/repository.js';
import { writeTrustString } from '../../src/sign/trust-string.js';
import { type MirrorServer, startMirror } from '../support/mirror-server.js';
import { tamizdat } from '../support/program.js';
import { deskWith, type TestDesk } from '../support/test-desk.js';
import { createTestFollower, type TestFollower } from '../support/test-follower.js';
import { QUICK_FOLDER, QUICK_PAGES } from '../support/test-node.js';
import { describeLong } from '../support/tools.js';

const FAULTS = [
  'pull:head-verified',
  'pull:half-committed',
  'pull:committed',
  'pull:blob-written:3',
  'pull:entry-taken:4',
  'pull:picture-stored',
  'pull:tiles-written',
  'pull:packs-written',
  'pull:tree-half-written:3',
  'pull:tree-written',
];

let folder: string;
let desk: TestDesk;
let mirror: MirrorServer;
let whole: ReturnType<typeof contentsOf>;

/** One pass of the compiled program, killed at `fault`. */
const syncAndDie = (name: string, fault: string) =>
  tamizdat(['sync', '--once', '--home', join(folder, name)], {
    env: {
      TAMIZDAT_JOIN: writeTrustString(desk.pin(), [mirror.url]),
      TAMIZDAT_FETCH_ALLOW: mirror.pair,
      TAMIZDAT_TEST_FAULT: fault,
      ...QUICK_PAGES,
    },
  });

const filesOf = (root: string): string[] =>
  readdirSync(root, { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .map((one) => relative(root, join(one.parentPath, one.name)))
    .sort();

/** What a follower holds, in its database and in files, but for the times at which it came to it. */
function contentsOf(follower: TestFollower) {
  const { store } = follower;
  const { id, repository, size, written, writtenSize } = follower.replica();
  const tree = join(follower.home, 'signed', repository ?? '');
  return {
    replica: { size, written, writtenSize },
    entries: store.replicaEntries
      .between(id, 0, 1_000)
      .map(({ position, bytes, state, reason }) => [position, bytes.toString(), state, reason]),
    articles: ['a1', 'a2', 'a3', 'pic'].map((one) => {
      const article = follower.article(one);
      return [article?.id, article?.title, article?.state, article?.revision, article?.content];
    }),
    pictures: store.media
      .ofPicture(follower.article('pic')?.id ?? 0, 'https://news.example/p.jpg')
      .map(({ step }) => step),
    changes: store.changes
      .between(0, 1_000)
      .map(({ seq, kind, stableId, revision }) => [seq, kind, stableId, revision]),
    files: filesOf(tree).map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(tree, path)))
        .digest('hex'),
    ]),
  };
}

async function finish(name: string) {
  const follower = createTestFollower(desk, [mirror], { home: join(folder, name) });
  try {
    const summary = await follower.pass();
    return { summary, contents: contentsOf(follower) };
  } finally {
    await follower.close();
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-pull-kill-'));
  desk = deskWith(3, Math.floor(Date.now() / 1_000) - 60);
  const picture = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(600, 3)]);
  const sha256 = createHash('sha256').update(picture).digest();
  desk.tree.set(blobPath(sha256), picture);
  const step = {
    sha256: sha256.toString('hex'),
    size: picture.length,
    type: 'image/jpeg',
    w: 40,
    h: 30,
    step: 'light',
  } as const;
  const media = [
    { role: 'lead' as const, src: 'https://news.example/p.jpg', alt: '', caption: '', credit: '', r: [step] },
  ];
  desk.add('p', desk.articleBlob('pic', { media }));
  desk.add('u', desk.articleBlob('a1', { rev: 2, title: 'Corrected' }));
  desk.notice('r', 'a2');
  desk.publish();
  mirror = await startMirror(desk.tree);
  whole = (await finish('never-killed')).contents;
});

afterAll(async () => {
  await mirror.close();
  rmSync(folder, { recursive: true, force: true });
});

describeLong('a pull that is killed', () => {
  it('is compared with one that was not, and that holds all there is', () => {
    expect(whole.entries).toHaveLength(7);
    expect(whole.pictures).toEqual(['light']);
    expect(whole.files.length).toBeGreaterThan(15);
  });

  it.each(FAULTS)('at %s loses nothing, stores nothing twice, and ends in the same files', async (fault) => {
    const name = fault.replaceAll(':', '-');
    const died = await syncAndDie(name, fault);
    expect(died.signal, died.stderr).toBe('SIGKILL');
    expect((await finish(name)).contents).toEqual(whole);
  });

  it('between the files of what fell out and the note of it, takes them away once more', async () => {
    await finish('fallen');
    const before = createTestFollower(desk, [mirror], { home: join(folder, 'fallen') });
    const { id } = before.article('a3') ?? { id: 0 };
    before.store.transaction(() => before.store.retention.prune(id, before.clock.now()));
    await before.close();
    const died = await syncAndDie('fallen', 'pull:blobs-fallen');
    expect(died.signal, died.stderr).toBe('SIGKILL');
    const { contents } = await finish('fallen');
    expect(contents.entries[3]?.slice(2)).toEqual(['gone', 'fell-out']);
    const names = (files: typeof contents.files) => files.map(([path]) => path);
    const { c } = JSON.parse(String(desk.entries[3]));
    const path = blobPath(Buffer.from(c, 'base64url'));
    expect(names(whole.files).filter((one) => !names(contents.files).includes(one))).toEqual([path]);
  });
});
