import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { writeTrustString } from '../../src/sign/trust-string.js';
import { cli } from '../support/cli.js';
import { flip } from '../support/flips.js';
import { type MirrorServer, startMirror } from '../support/mirror-server.js';
import { deskWith, type TestDesk, type Tree } from '../support/test-desk.js';
import { createTestFollower } from '../support/test-follower.js';

const HOUR = 3_600;
const now = (): number => Math.floor(Date.now() / 1_000);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  process.exitCode = undefined;
  for (const one of open.splice(0).reverse()) await one.close();
});

async function mirrorOf(tree: Tree): Promise<MirrorServer> {
  const mirror = await startMirror(tree);
  open.push(mirror);
  return mirror;
}

async function verify(mirror: MirrorServer, desk: TestDesk, path = '', more: string[] = []) {
  const trust = writeTrustString(desk.pin(), ['https://elsewhere.example']);
  const env = { TAMIZDAT_FETCH_ALLOW: mirror.pair };
  const argv = ['verify', ...more, `${mirror.url}${path}`, '--trust', trust];
  const plain = await cli(argv, { env });
  const json = await cli([...argv, '--json'], { env });
  expect(json.code).toBe(plain.code);
  return { code: plain.code, says: plain.stdout, report: JSON.parse(json.stdout) };
}

describe('verify URL', () => {
  it.each([
    ['holds and is fresh', 600, 0, 'fresh', /Holds, and is fresh/],
    ['holds and is old', 3 * HOUR, 3, 'old', /Holds, and is old/],
    ['holds and is more than a day old', 30 * HOUR, 4, 'very-old', /more than a day old/],
    ['holds as of its own time where its signatures ran out', 20 * 24 * HOUR, 4, 'very-old', /as of its own/],
  ])('says of a mirror that it %s', async (_what, age, code, verdict, words) => {
    const desk = deskWith(3, now() - age);
    const found = await verify(await mirrorOf(desk.tree), desk);
    expect(found).toMatchObject({
      code,
      says: expect.stringMatching(words),
      report: { verdict, entries: 4 },
    });
  });

  it('says what lies: a head, a newest text, another repository', async () => {
    const desk = deskWith(3, now() - 60);
    const mirror = await mirrorOf(desk.tree);
    for (const [file, attack] of [
      [/^head\.json$/, /\S/],
      [/^blob\//, /SubstitutedFile/],
    ] as const) {
      mirror.twist((path, bytes) => (bytes !== null && file.test(path) ? { body: flip(bytes, 90) } : null));
      const found = await verify(mirror, desk);
      expect(found).toMatchObject({ code: 1, says: expect.stringContaining('DOES NOT HOLD') });
      expect(found.report).toMatchObject({ verdict: 'lies', attack: expect.stringMatching(attack) });
    }
    mirror.twist(null);
    const foreign = await verify(mirror, deskWith(3, now() - 60));
    expect(foreign).toMatchObject({ code: 1, report: { verdict: 'lies', attack: 'ForeignTree' } });
  });

  it('says where nothing is proved', async () => {
    const desk = deskWith(1, now() - 60);
    const mirror = await mirrorOf(new Map());
    expect(await verify(mirror, desk)).toMatchObject({
      code: 1,
      says: expect.stringContaining('Proves nothing'),
      report: { verdict: 'unproved' },
    });
  });
});

describe('verify --article URL', () => {
  /** A mirror that carries pages, as a follower renders them, and the tree below them. */
  async function nodeOf(desk: TestDesk): Promise<MirrorServer> {
    const source = await mirrorOf(desk.tree);
    const follower = createTestFollower(desk, [source]);
    open.push(follower);
    await follower.pass();
    await follower.engine.sync.render();
    const tree: Tree = new Map([...desk.tree].map(([path, bytes]) => [`signed/${path}`, bytes]));
    for (const id of ['a1', 'a2']) {
      const page = follower.store.pages.get(`/test-news/a${id}/`);
      tree.set(`test-news/a${id}/`, gunzipSync(page?.gzip ?? Buffer.alloc(0)));
    }
    return mirrorOf(tree);
  }

  it('proves a page, and sees a word that was changed, a line that was put in, and a text that was taken back', async () => {
    const desk = deskWith(3, now() - 600);
    const mirror = await nodeOf(desk);
    const prove = () => verify(mirror, desk, 'test-news/aa1/', ['--article']);
    const holds = await prove();
    expect(holds).toMatchObject({ code: 0, report: { holds: true, position: 1 } });
    for (const [from, to] of [
      ['lit at dusk', 'put out at dusk'],
      ['Lighthouse report a1</h1>', 'Another heading</h1>'],
    ]) {
      mirror.twist((path, bytes) =>
        path === 'test-news/aa1/' && bytes !== null
          ? {
              body: bytes.toString().replaceAll(from as string, to as string),
              headers: { 'content-type': 'text/html; charset=utf-8' },
            }
          : null,
      );
      expect(await prove(), from).toMatchObject({ code: 1, report: { holds: false } });
    }
    mirror.twist(null);
    desk.advance(60);
    desk.notice('r', 'a1');
    desk.publish();
    mirror.serve(
      new Map([
        ...(await pagesOf(mirror)),
        ...[...desk.tree].map(([path, b]) => [`signed/${path}`, b] as const),
      ]),
    );
    const retracted = await prove();
    expect(retracted).toMatchObject({ code: 1, says: expect.stringContaining('retracted or expunged') });
  });

  it('is not led past a later line by a mirror that hides it', async () => {
    const desk = deskWith(3, now() - 600);
    const mirror = await nodeOf(desk);
    desk.advance(60);
    desk.notice('x', 'a1');
    for (let id = 0; id < 8; id += 1) desk.add('p', desk.articleBlob(`later${id}`));
    desk.publish();
    const pages = await pagesOf(mirror);
    const tree: Tree = new Map([
      ...pages,
      ...[...desk.tree].map(([path, bytes]) => [`signed/${path}`, bytes] as const),
    ]);
    const path = 'signed/log/tile/entries/000.p/13';
    const hidden = Buffer.from(String(tree.get(path)).replace('"o":"x"', '"o":"z"'), 'latin1');
    tree.set(path, hidden);
    mirror.serve(tree);
    const found = await verify(mirror, desk, 'test-news/aa1/', ['--article']);
    expect(found).toMatchObject({ code: 1, report: { holds: false } });
    expect(found.says).toContain('are not those of the signed log');
  });
});

async function pagesOf(mirror: MirrorServer): Promise<[string, Buffer][]> {
  const path = 'test-news/aa1/';
  const answer = await fetch(mirror.url + path, { headers: { connection: 'close' } });
  return [[path, Buffer.from(await answer.arrayBuffer())]];
}
