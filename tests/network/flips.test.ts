import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { blobPath } from '../../src/sign/repository.js';
import { flip, regionsOf } from '../support/flips.js';
import { type MirrorServer, startMirror } from '../support/mirror-server.js';
import { deskWith, type TestDesk, type Tree } from '../support/test-desk.js';
import { createTestFollower, type TestFollower } from '../support/test-follower.js';
import { describeLong } from '../support/tools.js';

const START = Date.UTC(2026, 10, 1) / 1_000;

/** Of one file: each takes a follower of its own. */
const MOST_PLACES = 4;

/** A small tree that has a file of every kind: a second root, two pages of the log, packs, a picture, a list of mirrors' role aside. */
function deskOfAllKinds(): TestDesk {
  const desk = deskWith(12, START);
  const picture = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(600, 3)]);
  const sha256 = createHash('sha256').update(picture).digest();
  desk.tree.set(blobPath(sha256), picture);
  const r = [
    {
      ...{ sha256: sha256.toString('hex'), size: picture.length, type: 'image/jpeg' as const },
      ...{ w: 40, h: 30, step: 'light' as const },
    },
  ];
  const media = [
    { role: 'lead' as const, src: 'https://news.example/p.jpg', alt: '', caption: '', credit: '', r },
  ];
  desk.add('p', desk.articleBlob('pic', { media }));
  desk.publishRoot();
  desk.publish();
  return desk;
}

const filesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((one) => one.isFile())
      .map((one) => join(one.parentPath, one.name))
      .sort()
      .map((file) => [relative(folder, file), readFileSync(file).toString('base64')]),
  );

const treeOf = (follower: TestFollower) =>
  filesOf(join(follower.home, 'signed', follower.replica().repository ?? ''));
const shownBy = (follower: TestFollower) =>
  ['a1', 'a7', 'a12', 'pic'].map((id) => {
    const article = follower.article(id);
    return [article?.title, article?.content, article?.lead];
  });

describeLong('any bit of any file', () => {
  let desk: TestDesk;
  let mirrors: MirrorServer[];
  /** What each mirror was asked for where both were honest: peers take turns, always the same ones. */
  let askedOf: readonly ReadonlySet<string>[];
  let honest: { files: Record<string, string>; shown: unknown };

  beforeAll(async () => {
    desk = deskOfAllKinds();
    mirrors = [await startMirror(desk.tree), await startMirror(desk.tree)];
    const follower = createTestFollower(desk, mirrors);
    await follower.pass();
    askedOf = mirrors.map(({ asked }) => new Set(asked));
    honest = { files: treeOf(follower), shown: shownBy(follower) };
    await follower.close();
  });
  afterAll(async () => {
    for (const mirror of mirrors) await mirror.close();
  });

  it('in several places of each file changes nothing of what is shown, stored and handed on, and only its peer is blamed', async () => {
    let [flipped, blamed] = [0, 0];
    const article = [...desk.tree.keys()].filter((path) => path.startsWith('blob/'))[1];
    for (const [path, bytes] of desk.tree) {
      // What has an older number is not asked for by whoever comes new: one place shows that. So it does for one article like another.
      const isOneOfMany = path.startsWith('blob/') && path !== article;
      const evilAt = askedOf[0]?.has(path) ? 0 : askedOf[1]?.has(path) ? 1 : null;
      const [bad, good] = evilAt === 1 ? [mirrors[1], mirrors[0]] : mirrors;
      const regions = evilAt !== null && !isOneOfMany ? regionsOf(path, bytes) : [3];
      // Every bit is turned before the code that reads it, in tests/replicate/every-bit.test.ts; here a few meet a whole follower.
      const places = regions.filter((_, at) => at % Math.ceil(regions.length / MOST_PLACES) === 0);
      for (const at of places) {
        const tree: Tree = new Map([...desk.tree, [path, flip(bytes, at)]]);
        bad?.serve(tree);
        good?.serve(desk.tree);
        const asked = bad?.asked.length ?? 0;
        const follower = createTestFollower(desk, mirrors);
        const what = `byte ${at} of ${path}`;
        expect(await follower.pass(), what).toMatchObject({ missing: 0 });
        expect(treeOf(follower), what).toEqual(honest.files);
        expect(shownBy(follower), what).toEqual(honest.shown);
        const evil = follower.peers().find(({ address }) => address === bad?.url);
        const other = follower.peers().find(({ address }) => address === good?.url);
        expect(other, what).toMatchObject({ bannedUntil: null });
        expect(
          follower.evidence().every(({ address }) => address === bad?.url),
          what,
        ).toBe(true);
        if (evil?.state === 'liar') blamed += 1;
        if (evilAt !== null) expect(bad?.asked.slice(asked), what).toContain(path);
        flipped += 1;
        await follower.close();
      }
    }
    expect(flipped).toBeGreaterThan(desk.tree.size);
    expect(blamed).toBeGreaterThan(flipped / 4);
  }, 600_000);
});
