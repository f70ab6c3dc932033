import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import type { PeerState } from '../../src/store/replica-peer-table.js';
import { flip as flipAt } from '../support/flips.js';
import { addLines } from '../support/log-lines.js';
import { type MirrorServer, type Reply, startMirror } from '../support/mirror-server.js';
import { deskWith, type TestDesk } from '../support/test-desk.js';
import { createTestFollower, type TestFollower } from '../support/test-follower.js';
import { describeLong } from '../support/tools.js';

const START = Date.UTC(2026, 10, 1) / 1_000;
const EVIL = 'a lie that must never be seen';

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A row: what one mirror of two does to the files that `files` names, and what becomes of it. The other mirror is honest. */
interface Row {
  name: string;
  files: RegExp;
  twist(bytes: Buffer, path: string): Reply;
  /** Class of the refusal that is kept as proof; null where nobody is accused. */
  attack: string | null;
  state: PeerState;
  articles?: number;
  /** Articles that both mirrors gave honestly before. */
  before?: number;
}

const flip = (bytes: Buffer, at = Math.floor(bytes.length / 2)): Buffer => flipAt(bytes, at);

const lie = (name: string, files: RegExp, attack: string, twist: Row['twist'], articles = 6): Row => ({
  name,
  files,
  twist,
  attack,
  state: 'liar',
  articles,
});
const weather = (name: string, files: RegExp, twist: Row['twist'], articles = 6): Row => ({
  name,
  files,
  twist,
  attack: null,
  state: 'silent',
  articles,
});

const BLOB = /^blob\//;
const PACK = /^log\/pack\//;
const RECENT = /^log\/recent\.gz$/;
const TILES = /^log\/tile\//;
const BUNDLE = /^log\/tile\/entries\//;
/** 30 MB of nothing in 30 kB, made once: the mirrors of a test share its process. */
const BOMB = gzipSync(Buffer.alloc(30_000_000));
const WEB_PAGE = `<!doctype html><html><body>${EVIL}</body></html>`;

const ROWS: readonly Row[] = [
  lie('a blob with one bit flipped', BLOB, 'SubstitutedFile', (bytes) => ({ body: flip(bytes) })),
  lie('a blob with its first bit flipped', BLOB, 'SubstitutedFile', (bytes) => ({ body: flip(bytes, 0) })),
  lie('a blob with its last bit flipped', BLOB, 'SubstitutedFile', (bytes) => ({
    body: flip(bytes, bytes.length - 1),
  })),
  lie('a blob one byte too long', BLOB, 'EndlessData', (bytes) => ({
    body: Buffer.concat([bytes, Buffer.from(' ')]),
  })),
  lie('a blob one byte too short', BLOB, 'SubstitutedFile', (bytes) => ({ body: bytes.subarray(0, -1) })),
  lie('a blob without end', BLOB, 'EndlessData', () => ({ endless: true })),
  lie('a blob of nothing', BLOB, 'SubstitutedFile', () => ({
    body: Buffer.alloc(0),
    headers: { 'content-length': '0' },
  })),
  lie('another text of the same length', BLOB, 'SubstitutedFile', (bytes) => ({
    body: EVIL.padEnd(bytes.length),
  })),
  lie('a blob packed 1:1000', BLOB, 'EndlessData', () => {
    const body = gzipSync(Buffer.alloc(400_000));
    return { body, headers: { 'content-encoding': 'gzip', 'content-length': String(body.length) } };
  }),
  weather('blobs that lead elsewhere', BLOB, () => ({
    status: 302,
    headers: { location: 'http://127.0.0.1:1/' },
  })),
  weather('a portal page in the place of every file', /./, () => ({
    body: WEB_PAGE,
    headers: { 'content-type': 'text/html' },
  })),
  weather('a portal page that does not say what it is', /^head\.json$/, () => ({ body: WEB_PAGE })),
  weather('errors in the place of every file', /./, () => ({ status: 500 })),
  lie(
    'a pack with a line changed',
    PACK,
    'SubstitutedFile',
    (bytes) => ({ body: gzipSync(gunzipSync(bytes).toString().replace('lamp', 'lump')) }),
    258,
  ),
  lie(
    'a pack with a line too many',
    PACK,
    'SubstitutedFile',
    (bytes) => ({ body: gzipSync(`${gunzipSync(bytes)}{"v":1,"content_html":"${EVIL}"}\n`) }),
    258,
  ),
  lie('a pack that unpacks 1:1000', PACK, 'EndlessData', () => ({ body: BOMB }), 80),
  lie('a pack that is none', PACK, 'SubstitutedFile', (bytes) => ({ body: flip(bytes) }), 80),
  lie('a bundle with an entry changed', BUNDLE, 'FalseEntries', (bytes) => ({ body: flip(bytes, 40) }), 24),
  lie(
    'a bundle with an entry left out',
    BUNDLE,
    'FalseEntries',
    (bytes) => ({ body: bytes.subarray(2 + bytes.readUInt16BE(0)) }),
    24,
  ),
  lie(
    'a bundle with an entry twice',
    BUNDLE,
    'FalseEntries',
    (bytes) => {
      const first = bytes.subarray(0, 2 + bytes.readUInt16BE(0));
      return { body: Buffer.concat([first, bytes]).subarray(0, bytes.length) };
    },
    24,
  ),
  lie('a bundle without end', BUNDLE, 'EndlessData', () => ({ endless: true }), 24),
  lie('entries and hashes of its own', TILES, 'FalseEntries', (bytes) => ({ body: flip(bytes, 40) }), 24),
  lie(
    'tiles of hashes that are too short',
    TILES,
    'FalseEntries',
    (bytes, path) => ({ body: path.includes('entries') ? flip(bytes, 40) : bytes.subarray(0, -32) }),
    24,
  ),
  lie(
    'a bundle whose entries overlap',
    BUNDLE,
    'FalseEntries',
    (bytes) => {
      const first = 2 + bytes.readUInt16BE(0);
      return { body: Buffer.concat([bytes.subarray(0, first - 1), bytes.subarray(first)]) };
    },
    24,
  ),
  lie(
    'a bundle that ends before the log does',
    BUNDLE,
    'FalseEntries',
    (bytes) => ({ body: bytes.subarray(0, 2 + bytes.readUInt16BE(0)) }),
    24,
  ),
  ...(
    [
      [
        'a list of newest entries with one changed',
        'FalseEntries',
        (bytes) => bent(bytes, (at) => flip(at, at.length - 2_000)),
      ],
      [
        'a list of newest entries that says where it does not begin',
        'FalseEntries',
        (bytes) =>
          bent(bytes, (at) => Buffer.concat([Buffer.from('199\n'), at.subarray(at.indexOf('\n') + 1)])),
      ],
      ['a list of newest entries that is none', 'FalseEntries', () => gzipSync(EVIL)],
      ['a list of newest entries that does not unpack', 'SubstitutedFile', (bytes) => flip(bytes)],
      ['a list of newest entries that unpacks 1:1000', 'EndlessData', () => BOMB],
    ] as const satisfies readonly (readonly [string, string, (bytes: Buffer) => Buffer])[]
  ).map(([name, attack, change]) => ({
    ...lie(name, RECENT, attack, (bytes) => ({ body: change(bytes) }), 100),
    before: 200,
  })),
  lie('a head without end', /^head\.json$/, 'EndlessData', () => ({ endless: true })),
  lie('a head packed 1:1000', /^head\.json$/, 'EndlessData', () => {
    const body = BOMB;
    return { body, headers: { 'content-encoding': 'gzip', 'content-length': String(body.length) } };
  }),
  lie('site.json of somebody else', /site\.json$/, 'MixAndMatchAttack', (bytes) => ({ body: flip(bytes) })),
  lie('a front of its own', /front$/, 'MixAndMatchAttack', () => ({ body: '{"w":1}' })),
];

const bent = (bytes: Buffer, change: (unpacked: Buffer) => Buffer): Buffer =>
  gzipSync(change(gunzipSync(bytes)));

/** Evil first, so that it is asked; the honest one after it. */
async function together(
  desk: TestDesk,
  count: number,
): Promise<{ mirrors: MirrorServer[]; follower: TestFollower }> {
  const mirrors = await Promise.all(Array.from({ length: count }, () => startMirror(desk.tree)));
  const follower = createTestFollower(desk, mirrors);
  open.push(...mirrors, follower);
  return { mirrors, follower };
}

/** Every byte that the node keeps in files or hands out. */
function everythingOf(follower: TestFollower): string {
  const walk = (folder: string): string[] =>
    existsSync(folder)
      ? readdirSync(folder, { withFileTypes: true }).flatMap((one) =>
          one.isDirectory() ? walk(join(folder, one.name)) : [join(folder, one.name)],
        )
      : [];
  const signed = walk(join(follower.home, 'signed')).map((file) =>
    (file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file)).toString(),
  );
  const stored = ['a1', 'a2', 'a3'].map((id) => JSON.stringify(follower.article(id)));
  return [...signed, ...stored].join('\n');
}

describeLong('what bad mirrors get', () => {
  it.each(ROWS.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    const desk = deskWith(row.before ?? row.articles ?? 6, START);
    const { mirrors, follower } = await together(desk, 2);
    if (row.before !== undefined) {
      await follower.pass();
      desk.advance(3_600);
      for (let one = 0; one < (row.articles ?? 6); one += 1) desk.add('p', desk.articleBlob(`n${one}`));
      desk.publish();
    }
    let changed = 0;
    mirrors[0]?.twist((path, bytes) => {
      if (bytes === null || !row.files.test(path)) return null;
      const reply = row.twist(bytes, path);
      if (
        reply.endless === true ||
        reply.status !== undefined ||
        !Buffer.from(reply.body ?? '').equals(bytes)
      )
        changed += 1;
      return reply;
    });
    const summary = await follower.pass();
    expect(changed, 'a row that changes no byte').toBeGreaterThan(0);
    const [evil, honest] = follower.peers();
    expect(evil).toMatchObject({ state: row.state, reason: expect.stringMatching(/\S/) });
    expect(honest).toMatchObject({ state: 'current', bannedUntil: null });
    expect([...new Set(follower.evidence().map(({ address, attack }) => `${address} ${attack}`))]).toEqual(
      row.attack === null ? [] : [`${mirrors[0]?.url} ${row.attack}`],
    );
    if (row.state === 'liar') expect(evil?.bannedUntil).toBe(follower.clock.now() + 24 * 3_600_000);
    else expect(evil?.bannedUntil).toBeNull();
    // The honest one gives all the same.
    expect(summary).toMatchObject({ fresh: row.articles ?? 6, missing: 0 });
    expect(follower.article('a2')?.content).toContain('number a2 was written down');
    expect(everythingOf(follower)).not.toContain(EVIL);
  });

  it('tiles of its own do not move the line at which a log that is held in part begins', async () => {
    const desk = deskWith(1, START);
    addLines(desk, 700);
    desk.publish();
    desk.tree.set('have.json', Buffer.from('{"v":1,"lowest":512}'));
    const { mirrors, follower } = await together(desk, 2);
    let changed = 0;
    mirrors[0]?.twist((path, bytes) => {
      if (bytes === null || !/^log\/tile\/[01]\//.test(path)) return null;
      changed += 1;
      return { body: flip(bytes) };
    });
    expect(await follower.pass()).toMatchObject({ reason: null });
    expect(changed).toBeGreaterThan(0);
    expect(follower.replica()).toMatchObject({ lowest: 512, size: desk.entries.length });
    expect(follower.peers()[0]).toMatchObject({ state: 'liar' });
    expect(follower.evidence().map(({ attack }) => attack)).toEqual(['FalseEntries']);
  });

  it.each([
    ['says that it begins past the end', '{"v":1,"lowest":1000000000}'],
    ['says nothing that can be', '{"v":1,"lowest":-1}'],
    ['is deep', `${'['.repeat(4_000)}`],
    ['has a key of objects', '{"__proto__":{"lowest":9},"v":1,"v":1,"lowest":"\\ud800"}'],
  ])('an unsigned word on what it holds that %s does no harm', async (_what, text) => {
    const desk = deskWith(10, START);
    const { mirrors, follower } = await together(desk, 2);
    let changed = 0;
    mirrors[0]?.twist((path) => {
      if (path === 'have.json') changed += 1;
      return path === 'have.json' ? { body: text } : null;
    });
    expect(await follower.pass()).toMatchObject({ fresh: 10, missing: 0 });
    expect(changed).toBeGreaterThan(0);
    expect(follower.replica()).toMatchObject({ lowest: 0, size: 11 });
    expect(follower.evidence()).toEqual([]);
  });

  it('a clock a year ahead takes nothing more, and keeps what it has', async () => {
    const desk = deskWith(2, START);
    const { follower } = await together(desk, 2);
    await follower.pass();
    follower.clock.advance(365 * 86_400_000);
    const expired = { outcome: 'trouble', reason: expect.stringContaining('expired') };
    // First the head that is known, "not modified", then another one.
    expect(await follower.engine.follower.pass()).toMatchObject([expired]);
    desk.advance(60);
    desk.add('p', desk.articleBlob('next'));
    desk.publish();
    expect(await follower.engine.follower.pass()).toMatchObject([expired]);
    expect(follower.article('next')).toBeNull();
    expect(follower.article('a1')).toMatchObject({ state: 'live' });
    expect(follower.evidence()).toEqual([]);
    follower.clock.advance(-365 * 86_400_000);
    expect(await follower.pass()).toMatchObject({ fresh: 1 });
  });

  it('one honest mirror among four liars is enough', async () => {
    const desk = deskWith(8, START);
    const { mirrors, follower } = await together(desk, 5);
    for (const liar of mirrors.slice(0, 4))
      liar.twist((path, bytes) =>
        path === 'head.json' && bytes !== null ? { body: flip(bytes, 200) } : null,
      );
    expect(await follower.pass()).toMatchObject({ outcome: 'news', fresh: 8 });
    const states = follower.peers().map(({ state }) => state);
    expect(states[4]).toBe('current');
    // One of three is asked by chance: where that is the honest one, not every liar has had its turn.
    const liars = [0, 1, 2, 3].filter((at) => states[at] === 'liar');
    expect(liars.length).toBeGreaterThanOrEqual(2);
    expect([0, 1, 2, 3].filter((at) => states[at] !== 'liar').map((at) => states[at])).toEqual(
      Array.from({ length: 4 - liars.length }, () => 'untried'),
    );
    const asked = () => liars.map((at) => mirrors[at]?.asked.length);
    const before = asked();
    desk.advance(3_600);
    desk.add('p', desk.articleBlob('next'));
    desk.publish();
    expect(await follower.pass()).toMatchObject({ fresh: 1 });
    expect(asked()).toEqual(before);
  });

  it('a liar is asked again after a day', async () => {
    const desk = deskWith(2, START);
    const { mirrors, follower } = await together(desk, 2);
    mirrors[0]?.twist((path, bytes) =>
      path === 'head.json' && bytes !== null ? { body: flip(bytes, 200) } : null,
    );
    await follower.pass();
    mirrors[0]?.twist(null);
    desk.advance(25 * 3_600);
    desk.heartbeat();
    await follower.pass();
    expect(follower.peers()[0]).toMatchObject({ state: 'current' });
  });

  it('a root that one of three hides is learned from the others', async () => {
    const desk = deskWith(2, START);
    const { mirrors, follower } = await together(desk, 3);
    const old = desk.snapshot();
    mirrors[0]?.serve(old);
    desk.advance(60);
    desk.publishRoot();
    desk.publish();
    await follower.pass();
    expect(follower.replica()).toMatchObject({ rootVersion: 2 });
    expect(follower.peers().map(({ state }) => state)).toEqual(['stale', 'current', 'current']);
  });

  it('a half-copied tree is behind or incomplete, never wrong', async () => {
    const desk = deskWith(6, START);
    const half = new Map([...desk.tree].filter(([path]) => !path.startsWith('blob/')));
    const { mirrors, follower } = await together(desk, 1);
    mirrors[0]?.serve(half);
    expect(await follower.pass()).toMatchObject({ fresh: 0, missing: 7 });
    expect(follower.peers()[0]).toMatchObject({ state: 'current', bannedUntil: null });
    mirrors[0]?.serve(desk.tree);
    expect(await follower.pass()).toMatchObject({ fresh: 6, missing: 0 });
  });

  it('two truths under one number stop everything, and both are kept', async () => {
    const desk = deskWith(3, START);
    const { mirrors, follower } = await together(desk, 2);
    await follower.pass();
    desk.advance(60);
    desk.add('p', desk.articleBlob('one'));
    desk.publish();
    const truth = desk.snapshot();
    desk.versions.timestamp -= 1;
    desk.advance(1);
    desk.heartbeat();
    mirrors[0]?.serve(truth);
    mirrors[1]?.serve(desk.snapshot());
    expect(await follower.pass()).toMatchObject({
      outcome: 'alarm',
      reason: expect.stringContaining('Equivocation'),
    });
    expect(
      follower.evidence().map(({ attack, bytes, known }) => [attack, bytes !== null, known !== null]),
    ).toEqual([
      ['Equivocation', true, true],
      ['Equivocation', true, true],
    ]);
    expect(follower.article('one')).toBeNull();
    desk.add('p', desk.articleBlob('two'));
    desk.publish();
    expect(await follower.pass()).toMatchObject({ outcome: 'alarm', fresh: 0 });
    expect(follower.article('a1')).toMatchObject({ state: 'live' });
  });

  it('an old tree after a restart is still old', async () => {
    const desk = deskWith(3, START);
    const old = desk.snapshot();
    desk.advance(600);
    desk.add('u', desk.articleBlob('a1', { rev: 2, title: 'Corrected' }));
    desk.publish();
    const mirror = await startMirror(desk.tree);
    const first = createTestFollower(desk, [mirror]);
    await first.pass();
    const { home } = first;
    await first.engine.close();
    mirror.serve(old);
    const again = createTestFollower(desk, [mirror], { home });
    open.push(mirror, again);
    expect(await again.pass()).toMatchObject({ outcome: 'trouble' });
    expect(again.peers()[0]).toMatchObject({ state: 'stale' });
    expect(again.article('a1')).toMatchObject({ title: 'Corrected' });
  });

  it('a script inside a signed article is as dead as any other', async () => {
    const desk = deskWith(1, START);
    desk.add(
      'p',
      desk.articleBlob('xss', {
        content_html: `<p onclick="x()">Text</p><script>${EVIL}</script><img src=x onerror=x()><a href="javascript:x()">link</a><iframe src="https://evil.example"></iframe>`,
      }),
    );
    desk.add(
      'p',
      desk.articleBlob('lure', {
        url: 'https://news.example/lure',
        title: '<script>x()</script>',
        content_html: '<p>Plain</p>',
      }),
    );
    desk.publish();
    const { follower } = await together(desk, 1);
    await follower.pass();
    const content = follower.article('xss')?.content ?? '';
    expect(content).toContain('<p>Text</p>');
    expect(content).not.toMatch(/script|onclick|onerror|javascript|iframe/i);
    await follower.engine.sync.render();
    const path = '/test-news/alure/';
    const page = follower.store.pages.get(path);
    expect(page).not.toBeNull();
    expect(gunzipSync(page?.gzip ?? Buffer.alloc(0)).toString()).not.toContain('<script>x()');
  });

  it('entries of a desk that signs nonsense are skipped, with a reason, and nobody is banned', async () => {
    const desk = deskWith(1, START);
    desk.append('p', 'AAAAAAAAAAAAAAAAAAAAAA', Buffer.from('{"v":1}'));
    for (const hostile of [
      '{"v":1,"v":1}',
      '{"v":1,"__proto__":{"v":1}}',
      `{"v":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      '{"v":1,"title":"\\ud800"}',
    ])
      desk.append('p', 'AAAAAAAAAAAAAAAAAAAAAA', Buffer.from(hostile));
    desk.appendRaw(Buffer.from('no json at all'), null);
    desk.append(
      'd',
      'AAAAAAAAAAAAAAAAAAAAAA',
      Buffer.from(JSON.stringify({ ...JSON.parse('{}'), v: 1, kind: 'publisher', id: 'admin' })),
    );
    desk.add('p', desk.articleBlob('of-nobody', { id: 'n1', publisher: 'nobody-known' }));
    desk.add('p', desk.articleBlob('good'));
    desk.publish();
    const { follower } = await together(desk, 1);
    expect(await follower.pass()).toMatchObject({ fresh: 2 });
    const reasons = follower.store.replicaEntries
      .between(follower.replica().id, 2, 11)
      .map(({ state, reason }) => [state, reason]);
    expect(reasons).toEqual([
      ['skipped', 'malformed'],
      ['skipped', 'hostile-json'],
      ['skipped', 'hostile-json'],
      ['skipped', 'hostile-json'],
      ['skipped', 'hostile-json'],
      ['skipped', 'malformed'],
      ['skipped', 'malformed'],
      ['skipped', 'no-card'],
      ['kept', null],
    ]);
    expect(follower.peers()[0]).toMatchObject({ state: 'current' });
  });
});
