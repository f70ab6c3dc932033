import { afterEach, expect, it } from 'vitest';
import {
  type AttackedFollower,
  articleOf,
  beliefsOf,
  envOf,
  filesOf,
  runAt,
  startFollower,
} from '../support/attacked-follower.js';
import { flip } from '../support/flips.js';
import { addLines } from '../support/log-lines.js';
import { type MirrorServer, startMirror } from '../support/mirror-server.js';
import { deskWith, type TestDesk, type Tree } from '../support/test-desk.js';
import { describeLong, isStrict } from '../support/tools.js';

const START = Date.UTC(2026, 10, 1) / 1_000;
const DAY = 86_400;
const YEAR_MS = 365 * DAY * 1_000;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** Mirrors of one desk, and a follower of them all whose pass is on the desk's clock, or off it. */
async function together(desk: TestDesk, count: number) {
  const mirrors = await Promise.all(Array.from({ length: count }, () => startMirror(desk.tree)));
  const follower = startFollower(desk, mirrors);
  open.push(...mirrors, follower);
  const pass = (offMs = 0) => follower.pass(desk.state.clock * 1_000 + offMs);
  return { mirrors, follower, pass };
}

const lieInHead = (mirror: MirrorServer | undefined): void =>
  mirror?.twist((path, bytes) =>
    path === 'head.json' && bytes !== null ? { body: flip(bytes, 200) } : null,
  );
const statesOf = (follower: AttackedFollower): string[] =>
  beliefsOf(follower).peers.map(({ state }) => state);
const attacksSeen = (follower: AttackedFollower): string[] =>
  beliefsOf(follower).evidence.map(({ attack }) => attack);

function publishNext(desk: TestDesk, id: string): void {
  desk.advance(3_600);
  desk.add('p', desk.articleBlob(id));
  desk.publish();
}

/** A second head under the number of the one that is out. */
function contradict(desk: TestDesk): Tree {
  desk.versions.timestamp -= 1;
  desk.advance(1);
  desk.heartbeat();
  return desk.snapshot();
}

describeLong('attacks that take more than one step', () => {
  it('tiles of its own do not move the line at which a log that is held in part begins', async () => {
    const desk = deskWith(1, START);
    addLines(desk, 700);
    desk.publish();
    desk.tree.set('have.json', Buffer.from('{"v":1,"lowest":512}'));
    const { mirrors, follower, pass } = await together(desk, 2);
    let changed = 0;
    mirrors[0]?.twist((path, bytes) => {
      if (bytes === null || !/^log\/tile\/[01]\//.test(path)) return null;
      changed += 1;
      return { body: flip(bytes, 40) };
    });
    expect(await pass()).toMatchObject({ reason: null });
    expect(changed).toBeGreaterThan(0);
    const { replica } = beliefsOf(follower);
    expect(replica).toMatchObject({ lowest: 512, size: desk.entries.length });
    expect(statesOf(follower)).toEqual(['liar', 'current']);
    expect(attacksSeen(follower)).toEqual(['FalseEntries']);
  });

  it('a mirror that says it holds the end of the log only hides nothing that another has', async () => {
    const desk = deskWith(2, START);
    addLines(desk, 300);
    desk.publish();
    const { mirrors, follower, pass } = await together(desk, 2);
    mirrors[0]?.twist((path) => (path === 'have.json' ? { body: '{"v":1,"lowest":256}' } : null));
    expect(await pass()).toMatchObject({ fresh: 2, missing: 0 });
    expect(mirrors[0]?.asked).toContain('have.json');
    expect(beliefsOf(follower).replica).toMatchObject({ lowest: 0, size: desk.entries.length });
  });

  it.each([
    ['says that it begins past the end', '{"v":1,"lowest":1000000000}'],
    ['says nothing that can be', '{"v":1,"lowest":-1}'],
    ['is deep', '['.repeat(4_000)],
    ['has a key of objects', '{"__proto__":{"lowest":9},"v":1,"v":1,"lowest":"\\ud800"}'],
  ])('an unsigned word on what it holds that %s does no harm', async (_what, text) => {
    const desk = deskWith(2, START);
    addLines(desk, 10);
    desk.publish();
    const { mirrors, follower, pass } = await together(desk, 2);
    mirrors[0]?.twist((path) => (path === 'have.json' ? { body: text } : null));
    expect(await pass()).toMatchObject({ fresh: 2, missing: 0 });
    expect(mirrors[0]?.asked).toContain('have.json');
    expect(beliefsOf(follower)).toMatchObject({ replica: { lowest: 0, size: 13 }, evidence: [] });
  });

  it('a clock a year ahead takes nothing more, and keeps what it has', async () => {
    const desk = deskWith(2, START);
    const { follower, pass } = await together(desk, 2);
    await pass();
    const expired = { outcome: 'trouble', reason: expect.stringContaining('expired') };
    // First the head that is known, "not modified", then another one.
    expect(await pass(YEAR_MS)).toMatchObject(expired);
    publishNext(desk, 'next');
    expect(await pass(YEAR_MS)).toMatchObject(expired);
    expect(articleOf(follower, 'next')).toBeNull();
    expect(articleOf(follower, 'a1')).toMatchObject({ state: 'live' });
    expect(attacksSeen(follower)).toEqual([]);
    expect(await pass()).toMatchObject({ fresh: 1 });
  });

  it('a clock a year behind takes the news, and dates it as its desk does', async () => {
    const desk = deskWith(2, START);
    const { follower, pass } = await together(desk, 2);
    expect(await pass(-YEAR_MS)).toMatchObject({ outcome: 'news', fresh: 2 });
    expect(beliefsOf(follower).replica.issuedAt).toBe(START * 1_000);
    expect(articleOf(follower, 'a1')).toMatchObject({ takenAt: START * 1_000 });
    publishNext(desk, 'next');
    expect(await pass()).toMatchObject({ fresh: 1 });
  });

  it('one honest mirror among four liars is enough', async () => {
    const desk = deskWith(3, START);
    const { mirrors, follower, pass } = await together(desk, 5);
    for (const mirror of mirrors.slice(0, 4)) lieInHead(mirror);
    expect(await pass()).toMatchObject({ outcome: 'news', fresh: 3 });
    const states = statesOf(follower);
    expect(states[4]).toBe('current');
    // One of three is asked by chance: where that is the honest one, not every liar has had its turn.
    const liars = [0, 1, 2, 3].filter((at) => states[at] === 'liar');
    expect(liars.length).toBeGreaterThanOrEqual(2);
    expect([0, 1, 2, 3].filter((at) => states[at] !== 'liar').map((at) => states[at])).toEqual(
      Array.from({ length: 4 - liars.length }, () => 'untried'),
    );
    const asked = () => liars.map((at) => mirrors[at]?.asked.length);
    const before = asked();
    publishNext(desk, 'next');
    expect(await pass()).toMatchObject({ fresh: 1 });
    expect(asked()).toEqual(before);
  });

  it('a liar is asked again after a day', async () => {
    const desk = deskWith(1, START);
    const { mirrors, follower, pass } = await together(desk, 2);
    lieInHead(mirrors[0]);
    await pass();
    expect(statesOf(follower)).toEqual(['liar', 'current']);
    mirrors[0]?.twist(null);
    desk.advance(25 * 3_600);
    desk.heartbeat();
    await pass();
    expect(statesOf(follower)).toEqual(['current', 'current']);
  });

  it('a root that one of three hides is learned from the others', async () => {
    const desk = deskWith(1, START);
    const { mirrors, follower, pass } = await together(desk, 3);
    mirrors[0]?.serve(desk.snapshot());
    desk.advance(60);
    desk.publishRoot();
    desk.publish();
    await pass();
    expect(beliefsOf(follower).replica).toMatchObject({ rootVersion: 2 });
    expect(statesOf(follower)).toEqual(['stale', 'current', 'current']);
  });

  it('a tree that is being copied is behind or incomplete, never wrong', async () => {
    const desk = deskWith(2, START);
    const { mirrors, follower, pass } = await together(desk, 1);
    const [mirror] = mirrors;
    mirror?.serve(new Map([...desk.tree].filter(([path]) => !path.startsWith('blob/'))));
    expect(await pass()).toMatchObject({ fresh: 0, missing: 3 });
    mirror?.serve(desk.snapshot());
    expect(await pass()).toMatchObject({ fresh: 2, missing: 0 });
    const before = desk.snapshot();
    publishNext(desk, 'next');
    const copied = (isThere: (path: string) => boolean): Tree =>
      new Map([...before, ...[...desk.tree].filter(([path]) => isThere(path))]);
    // In the order in which a desk writes, whoever comes in between sees the tree of before.
    for (const isThere of [
      (path: string) => /^(?:blob|log\/tile|log\/pack)/.test(path),
      (path: string) => path !== 'head.json',
    ]) {
      mirror?.serve(copied(isThere));
      expect(await pass()).toMatchObject({ outcome: 'nothing-new', reason: null });
    }
    // Copied in another order, what is missing comes later.
    mirror?.serve(copied((path) => path === 'head.json'));
    const early = await pass();
    expect(early).toMatchObject({ fresh: 0 });
    expect(early.missing > 0 || early.reason !== null).toBe(true);
    expect(beliefsOf(follower)).toMatchObject({ evidence: [], peers: [{ bannedUntil: null }] });
    mirror?.serve(desk.tree);
    expect(await pass()).toMatchObject({ fresh: 1, missing: 0 });
  });

  it('two truths under one number stop everything, and both are kept', async () => {
    const desk = deskWith(3, START);
    const { mirrors, follower, pass } = await together(desk, 2);
    await pass();
    publishNext(desk, 'one');
    mirrors[0]?.serve(desk.snapshot());
    mirrors[1]?.serve(contradict(desk));
    expect(await pass()).toMatchObject({ outcome: 'alarm', reason: expect.stringContaining('Equivocation') });
    expect(
      beliefsOf(follower).evidence.map(({ attack, bytes, known }) => [
        attack,
        bytes !== null,
        known !== null,
      ]),
    ).toEqual([
      ['Equivocation', true, true],
      ['Equivocation', true, true],
    ]);
    expect(articleOf(follower, 'one')).toBeNull();
    publishNext(desk, 'two');
    expect(await pass()).toMatchObject({ outcome: 'alarm', fresh: 0 });
    expect(articleOf(follower, 'a1')).toMatchObject({ state: 'live' });
    if (!isStrict()) return;
    const env = envOf(desk, mirrors);
    const told = await runAt(desk.state.clock * 1_000, ['peers', '--home', follower.home], env);
    expect(told.code).toBe(1);
    expect(told.stdout).toMatch(/two different versions carry the same number/);
  });

  it('an old tree after a restart is still old', async () => {
    const desk = deskWith(3, START);
    const old = desk.snapshot();
    desk.advance(600);
    desk.add('u', desk.articleBlob('a1', { rev: 2, title: 'Corrected' }));
    desk.publish();
    const { mirrors, follower, pass } = await together(desk, 2);
    await pass();
    await follower.restart();
    for (const mirror of mirrors) mirror.serve(old);
    expect(await pass()).toMatchObject({ outcome: 'trouble' });
    expect(statesOf(follower)).toEqual(['stale', 'stale']);
    expect(articleOf(follower, 'a1')).toMatchObject({ title: 'Corrected' });
  });

  it('a script inside a signed article is as dead as any other', async () => {
    const evil = 'alert("never run")';
    const desk = deskWith(1, START);
    const content = `<p onclick="x()">Text</p><script>${evil}</script><img src=x onerror=x()><a href="javascript:x()">link</a><iframe src="https://evil.example"></iframe>`;
    desk.add('p', desk.articleBlob('xss', { content_html: content }));
    const title = '<script>x()</script>';
    desk.add('p', desk.articleBlob('lure', { title, content_html: '<p>Plain</p>' }));
    desk.publish();
    const { follower, pass } = await together(desk, 1);
    await pass();
    const taken = articleOf(follower, 'xss')?.content ?? '';
    expect(taken).toContain('<p>Text</p>');
    for (const path of ['/test-news/axss/', '/test-news/alure/', '/test-news/', '/full/rss.xml']) {
      const page = (await follower.page(path)) ?? '';
      expect(page, path).toMatch(path.includes('xss') ? 'Text' : /&(?:amp;)?lt;script&(?:amp;)?gt;x\(\)/);
      expect(page, path).not.toMatch(/<script>x|never run|onclick|onerror|javascript:|<iframe/i);
    }
    expect(taken).not.toMatch(/script|onclick|onerror|javascript|iframe/i);
  });

  it('entries of a desk that signs nonsense are skipped, with a reason, and nobody is banned', async () => {
    const desk = deskWith(1, START);
    const nobody = 'AAAAAAAAAAAAAAAAAAAAAA';
    for (const hostile of [
      '{"v":1}',
      '{"v":1,"v":1}',
      '{"v":1,"__proto__":{"v":1}}',
      `{"v":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      '{"v":1,"title":"\\ud800"}',
    ])
      desk.append('p', nobody, Buffer.from(hostile));
    desk.appendRaw(Buffer.from('no json at all'), null);
    desk.append('d', nobody, Buffer.from(JSON.stringify({ v: 1, kind: 'publisher', id: 'admin' })));
    desk.add('p', desk.articleBlob('of-nobody', { id: 'n1', publisher: 'nobody-known' }));
    desk.add('p', desk.articleBlob('good'));
    desk.publish();
    const { follower, pass } = await together(desk, 1);
    expect(await pass()).toMatchObject({ fresh: 2 });
    const { lines } = beliefsOf(follower);
    expect(lines.slice(2).map(({ state, reason }) => reason ?? state)).toEqual([
      'malformed',
      ...Array(4).fill('hostile-json'),
      'malformed',
      'malformed',
      'no-card',
      'kept',
    ]);
    expect(statesOf(follower)).toEqual(['current']);
    expect(Object.keys(filesOf(follower)).length).toBeGreaterThan(0);
  });
});
