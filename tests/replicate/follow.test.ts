import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { blobPath } from '../../src/sign/repository.js';
import { addLines } from '../support/log-lines.js';
import { type MirrorServer, startMirror } from '../support/mirror-server.js';
import { deskWith, type TestDesk } from '../support/test-desk.js';
import { createTestFollower, type FollowerOptions, type TestFollower } from '../support/test-follower.js';

const START = Date.UTC(2026, 10, 1) / 1_000;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function following(
  desk: TestDesk,
  count = 1,
  options: FollowerOptions = {},
): Promise<{ follower: TestFollower; mirrors: MirrorServer[] }> {
  const mirrors = await Promise.all(Array.from({ length: count }, () => startMirror(desk.tree)));
  const follower = createTestFollower(desk, mirrors, options);
  open.push(...mirrors, follower);
  return { follower, mirrors };
}

const signed = (follower: TestFollower, path: string): string =>
  join(follower.home, 'signed', follower.replica().repository ?? '', path);

/** States of the lines of the log, or the reason where one has any. */
const statesOf = (follower: TestFollower): string[] =>
  follower.store.replicaEntries
    .between(follower.replica().id, 0, 1_000)
    .map(({ state, reason }) => reason ?? state);

const packOf = (follower: TestFollower): string =>
  gunzipSync(readFileSync(signed(follower, 'log/pack/000000.ndjson.gz'))).toString();

/** Some 240 kB of text. */
const heavy = (id: string): string => `<p>heavy ${id} ${'and so on '.repeat(24_000)}</p>`;

describe('a follower', () => {
  it('takes articles and publishers of a desk it knows only by a trust string', async () => {
    const desk = deskWith(5, START);
    const { follower } = await following(desk);
    expect(await follower.pass()).toMatchObject({ outcome: 'news', fresh: 5, missing: 0, reason: null });
    expect(follower.store.publishers.active().map(({ id, names }) => [id, names.en])).toEqual([
      ['test-news', 'Test News'],
    ]);
    expect(follower.article('a3')).toMatchObject({
      title: 'Lighthouse report a3',
      state: 'live',
      takenAt: START * 1_000,
    });
    expect(await follower.pass()).toMatchObject({ outcome: 'nothing-new', reason: null });
  });

  it('passes the signed tree on byte for byte', async () => {
    const desk = deskWith(300, START);
    const { follower } = await following(desk);
    await follower.pass();
    desk.advance(60);
    desk.add('p', desk.articleBlob('later'));
    desk.publishRoot();
    desk.publish();
    await follower.pass();
    const current = new Set(['1.snapshot', '1.edition']);
    for (const [path, bytes] of desk.tree) {
      const isTransport = path.startsWith('log/pack/') || path === 'log/recent.gz' || path === 'have.json';
      const isOldPart =
        /\.p\/(\d+)$/.test(path) &&
        !path.endsWith(`.p/${desk.entries.length % 256}`) &&
        !path.includes('tile/1/');
      if (isTransport || isOldPart || [...current].some((old) => path.includes(old))) continue;
      expect(existsSync(signed(follower, path)), path).toBe(true);
      expect(readFileSync(signed(follower, path)).equals(bytes), path).toBe(true);
    }
    expect(desk.tree.size).toBeGreaterThan(310);
  });

  it.each([
    ['within a page', 0],
    ['up to the end of a page', 112],
    ['into the next page', 113],
    ['from the last line of a page on', 255],
  ])('a day behind asks twice and for less than 14 kB: %s', async (_where, place) => {
    const desk = deskWith(1, START);
    addLines(desk, 254 + place);
    desk.publish();
    const { follower, mirrors } = await following(desk);
    await follower.pass();
    desk.advance(86_400);
    addLines(desk, 144);
    desk.publish();
    const index = new Map<string, number>();
    mirrors[0]?.onSent((path, bytes) => {
      if (!/^(?:blob|targets|log\/pack)\//.test(path)) index.set(path, bytes);
    });
    expect(await follower.pass()).toMatchObject({ reason: null });
    expect(follower.replica().size).toBe(desk.entries.length);
    expect([...index.keys()]).toHaveLength(2);
    expect([...index.values()].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(14_000);
  });

  it('a day behind does without the list of the newest entries where nobody has one', async () => {
    const desk = deskWith(1, START);
    addLines(desk, 200);
    desk.publish();
    const { follower } = await following(desk);
    await follower.pass();
    addLines(desk, 144);
    desk.publish();
    desk.tree.delete('log/recent.gz');
    expect(await follower.pass()).toMatchObject({ reason: null });
    expect(follower.replica().size).toBe(desk.entries.length);
  });

  it('is followed in turn, through any number of nodes', async () => {
    const desk = deskWith(20, START);
    const { follower } = await following(desk);
    await follower.pass();
    const copy = await startMirror(folderOf(follower, desk));
    const second = createTestFollower(desk, [copy]);
    open.push(copy, second);
    expect(await second.pass()).toMatchObject({ fresh: 20, missing: 0 });
    expect(second.article('a7')?.content).toBe(follower.article('a7')?.content);
  });

  it('takes corrections, retractions, expunges and their end', async () => {
    const desk = deskWith(4, START);
    const { follower } = await following(desk);
    await follower.pass();
    const old = desk.entries[3] as Buffer;
    desk.advance(600);
    desk.add('u', desk.articleBlob('a1', { title: 'Corrected', rev: 2 }));
    desk.notice('r', 'a2', 'an error in the first paragraph');
    desk.notice('x', 'a3');
    desk.dropBlobs('a3');
    desk.publish();
    expect(await follower.pass()).toMatchObject({ outcome: 'news', changed: 1, removed: 2 });
    expect(follower.article('a1')).toMatchObject({ title: 'Corrected', revision: 2 });
    expect(follower.article('a2')).toMatchObject({
      state: 'withdrawn',
      stateReason: 'an error in the first paragraph',
    });
    expect(follower.article('a3')).toMatchObject({ state: 'tombstone', content: '', title: '' });
    const hash = Buffer.from(JSON.parse(old.toString()).c, 'base64url');
    expect(existsSync(signed(follower, blobPath(hash)))).toBe(false);
    const pack = gunzipSync(readFileSync(signed(follower, 'log/pack/000000.ndjson.gz'))).toString();
    expect(pack).toContain('number a1 was written');
    expect(pack).not.toContain('number a3 was written');
    desk.advance(600);
    desk.add('u', desk.articleBlob('a2', { rev: 1 }));
    desk.publish();
    await follower.pass();
    expect(follower.article('a2')).toMatchObject({ state: 'live' });
  });

  it('overwrites a name that was taken back, wherever it stood', async () => {
    const desk = deskWith(1, START);
    const { follower } = await following(desk);
    await follower.pass();
    desk.add('u', desk.articleBlob('a1', { rev: 2, title: 'Second' }));
    desk.publish();
    await follower.pass();
    desk.notice('x', 'a1', 'a name was taken back');
    desk.dropBlobs('a1');
    desk.add('u', desk.articleBlob('a1', { rev: 2, title: 'Second', authors: [{ name: 'A pseudonym' }] }));
    desk.publish();
    await follower.pass();
    const article = follower.article('a1');
    expect(article).toMatchObject({ state: 'live', authors: [{ name: 'A pseudonym' }] });
    expect(JSON.stringify(follower.store.revisions.of(article?.id ?? 0))).not.toContain('The keeper');
    expect(gunzipSync(readFileSync(signed(follower, 'log/pack/000000.ndjson.gz'))).toString()).not.toContain(
      'The keeper',
    );
  });

  it('holds removals past the limit of a day until the owner has signed for them', async () => {
    const desk = deskWith(12, START);
    const { follower } = await following(desk);
    await follower.pass();
    desk.advance(3_600);
    for (let id = 1; id <= 9; id += 1) desk.notice(id % 2 === 0 ? 'r' : 'x', `a${id}`);
    desk.publish();
    expect(await follower.pass()).toMatchObject({ removed: 5, held: 4 });
    expect(follower.article('a9')).toMatchObject({ state: 'live' });
    desk.advance(3 * 86_400);
    desk.heartbeat();
    expect(await follower.pass()).toMatchObject({ removed: 0, held: 4 });
    desk.state.confirmed = desk.entries.length;
    desk.publishTargets();
    desk.publish();
    expect(await follower.pass()).toMatchObject({ removed: 4, held: 0 });
    expect(follower.article('a9')).toMatchObject({ state: 'tombstone' });
  });

  it('keeps a withdrawal of its own keeper, and puts it in no signed tree', async () => {
    const desk = deskWith(2, START);
    const { follower } = await following(desk);
    await follower.pass();
    const article = follower.article('a1');
    const head = readFileSync(signed(follower, 'head.json'));
    follower.store.articles.changeState(
      article?.id ?? 0,
      'withdrawn',
      'the keeper of this node',
      follower.clock.now(),
    );
    await follower.pass();
    expect(readFileSync(signed(follower, 'head.json')).equals(head)).toBe(true);
    desk.add('u', desk.articleBlob('a1', { rev: 2, title: 'Corrected' }));
    desk.publish();
    await follower.pass();
    expect(follower.article('a1')).toMatchObject({ state: 'withdrawn', title: 'Corrected' });
  });

  it('takes the pictures of a gallery beside its lead, none that the text does not show, and lets go of what is taken out', async () => {
    const desk = deskWith(1, START);
    const medium = (role: 'lead' | 'figure', name: string) => {
      const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(name)]);
      const sha256 = createHash('sha256').update(bytes).digest();
      desk.tree.set(blobPath(sha256), bytes);
      const r = ['blur', 'light'].map((step) => ({
        sha256: sha256.toString('hex'),
        size: bytes.length,
        type: 'image/jpeg' as const,
        w: 4,
        h: 3,
        step,
      }));
      return { role, src: `https://news.example/${name}.jpg`, alt: '', caption: name, credit: '', r };
    };
    const names = Array.from({ length: 40 }, (_, number) => `frame${number}`);
    const walk = (rev: number, shown: readonly string[]) =>
      desk.articleBlob('walk', {
        kind: 'gallery',
        rev,
        content_html: shown
          .map((name) => `<figure data-src="https://news.example/${name}.jpg"></figure><p>${name}</p>`)
          .join(''),
        media: [
          medium('lead', 'first'),
          ...shown.map((name) => medium('figure', name)),
          medium('figure', 'stranger'),
        ],
      });
    desk.add('p', walk(1, names));
    desk.publish();
    const { follower } = await following(desk);
    expect(await follower.pass()).toMatchObject({ fresh: 2, pictures: 41 });
    const kept = () =>
      ['first', ...names, 'stranger'].filter(
        (name) =>
          follower.store.media.ofPicture(
            follower.article('walk')?.id ?? 0,
            `https://news.example/${name}.jpg`,
          ).length === 2,
      );
    expect(kept()).toEqual(['first', ...names]);
    desk.add('u', walk(2, ['frame7']));
    desk.publish();
    await follower.pass();
    expect(kept()).toEqual(['first', 'frame7']);
  });

  it('keeps kinds of entries that it does not know, and goes on', async () => {
    const desk = deskWith(1, START);
    const { follower } = await following(desk);
    desk.append('z', 'AAAAAAAAAAAAAAAAAAAAAA', Buffer.from('{"v":9}'), { later: [1, 2] });
    desk.add('p', desk.articleBlob('after'));
    desk.publish();
    expect(await follower.pass()).toMatchObject({ fresh: 2 });
    const entry = follower.store.replicaEntries.between(follower.replica().id, 2, 3)[0];
    expect(entry).toMatchObject({ kind: 'z', state: 'skipped', reason: 'unknown' });
  });

  it('takes only the publishers, and only the age, that its keeper wants', async () => {
    const desk = deskWith(1, START);
    desk.card('other-news', { names: { en: 'Other' } });
    desk.add('p', desk.articleBlob('x1', { publisher: 'other-news' }));
    desk.add('p', desk.articleBlob('old1', { published: '2020-01-01T00:00:00.000Z' }));
    desk.publish();
    const { follower } = await following(desk, 1, {
      env: { TAMIZDAT_FOLLOW_PUBLISHERS: 'test-news', TAMIZDAT_FOLLOW_MAX_AGE: '30d' },
    });
    expect(await follower.pass()).toMatchObject({ fresh: 1 });
    expect(follower.store.publishers.active().map(({ id }) => id)).toEqual(['test-news']);
    expect(follower.article('old1')).toBeNull();
  });

  it('asks for no text that its line alone says is too old, nor for a card that it does not follow', async () => {
    const desk = deskWith(3, START);
    desk.card('other-news', { names: { en: 'Other' } });
    desk.advance(40 * 86_400);
    desk.add('p', desk.articleBlob('young'));
    desk.publish();
    const { follower, mirrors } = await following(desk, 1, {
      env: { TAMIZDAT_FOLLOW_PUBLISHERS: 'test-news', TAMIZDAT_FOLLOW_MAX_AGE: '30d' },
    });
    expect(await follower.pass()).toMatchObject({ fresh: 1, missing: 0 });
    expect(mirrors[0]?.asked.filter((path) => path.startsWith('blob/'))).toHaveLength(2);
    expect(statesOf(follower)).toEqual(['kept', 'too-old', 'too-old', 'too-old', 'not-followed', 'kept']);
  });

  it('asks once for a text of a publisher it does not follow, and not for what is said of it later', async () => {
    const desk = deskWith(1, START);
    desk.card('other-news');
    desk.add('p', desk.articleBlob('x1', { publisher: 'other-news' }));
    desk.publish();
    const { follower, mirrors } = await following(desk, 1, {
      env: { TAMIZDAT_FOLLOW_PUBLISHERS: 'test-news' },
    });
    await follower.pass();
    const asked = mirrors[0]?.asked.length ?? 0;
    desk.advance(60);
    desk.add('u', desk.articleBlob('x1', { publisher: 'other-news', rev: 2 }));
    desk.publish();
    await follower.pass();
    expect(mirrors[0]?.asked.slice(asked).filter((path) => path.startsWith('blob/'))).toEqual([]);
    expect(statesOf(follower).slice(2)).toEqual([
      'not-followed',
      'not-followed:other-news',
      'not-followed:other-news',
    ]);
  });

  it('keeps below follow.maxBytes: the newest texts are asked for, and the oldest fall out as others come', async () => {
    const desk = deskWith(0, START);
    const big = (id: string) => desk.add('p', desk.articleBlob(id, { content_html: heavy(id) }));
    for (let id = 1; id <= 8; id += 1) big(`b${id}`);
    desk.publish();
    const { follower, mirrors } = await following(desk, 1, { env: { TAMIZDAT_FOLLOW_MAX_BYTES: '1MB' } });
    expect(await follower.pass()).toMatchObject({ fresh: 4, missing: 0 });
    expect(mirrors[0]?.asked.filter((path) => path.startsWith('blob/'))).toHaveLength(5);
    expect(statesOf(follower)).toEqual(['kept', ...Array(4).fill('over-bytes'), ...Array(4).fill('kept')]);
    desk.advance(3_600);
    big('b9');
    desk.publish();
    expect(await follower.pass()).toMatchObject({ fresh: 1 });
    expect(statesOf(follower).slice(5)).toEqual(['fell-out', 'kept', 'kept', 'kept', 'kept']);
    expect(follower.store.replicaEntries.keptBytes(follower.replica().id)).toBeLessThan(1_000_000);
    const fallen = Buffer.from(JSON.parse(String(desk.entries[5])).c, 'base64url');
    expect(existsSync(signed(follower, blobPath(fallen)))).toBe(false);
    expect(follower.article('b5')).toMatchObject({ content: '', prunedAt: expect.any(Number) });
    expect(follower.article('b9')?.content).toContain('heavy b9');
    expect(packOf(follower)).not.toContain('heavy b5');
    expect(JSON.parse(readFileSync(signed(follower, 'have.json'), 'utf8'))).toEqual({
      v: 1,
      lowest: 0,
      size: 10,
      texts: 6,
    });
  });

  it('keeps to publishers, age, room and "no pictures" together: nothing is taken that does not stay', async () => {
    const desk = deskWith(0, START);
    desk.card('other-news', { names: { en: 'Other' } });
    const big = (id: string, more = {}) =>
      desk.add('p', desk.articleBlob(id, { content_html: heavy(id), ...more }));
    // A page of the log from before the limit of age, one that has no room, and the newest.
    for (let id = 1; id <= 40; id += 1) desk.add('p', desk.articleBlob(`old${id}`));
    addLines(desk, 214);
    desk.advance(40 * 86_400);
    for (let id = 1; id <= 3; id += 1) big(`b${id}`);
    addLines(desk, 253);
    for (let id = 4; id <= 9; id += 1) {
      big(`b${id}`);
      big(`x${id}`, { publisher: 'other-news' });
    }
    desk.publish();
    const env = {
      ...{ TAMIZDAT_FOLLOW_PUBLISHERS: 'test-news', TAMIZDAT_FOLLOW_MAX_AGE: '30d' },
      ...{ TAMIZDAT_FOLLOW_MAX_BYTES: '1MB', TAMIZDAT_FOLLOW_PICTURES: 'false' },
    };
    const { follower, mirrors } = await following(desk, 1, { env });
    expect(await follower.pass()).toMatchObject({ fresh: 4, missing: 0, pictures: 0 });
    const kept = follower.store.articles;
    expect(['b6', 'b7', 'b8', 'b9'].map((id) => follower.article(id)?.prunedAt)).toEqual(Array(4).fill(null));
    expect(kept.find('other-news', { stableId: 'x9', guid: null, url: null })).toBeNull();
    // Once for each text of the newest page, whose it is being unknown; never for those before it.
    const asked = mirrors[0]?.asked.filter((path) => /^(?:blob|log\/pack)\//.test(path)) ?? [];
    expect(asked.length).toBe(13);
    expect(statesOf(follower).filter((state) => state === 'fell-out')).toEqual([]);
    expect(follower.store.replicaEntries.keptBytes(follower.replica().id)).toBeLessThan(1_000_000);
    desk.advance(3_600);
    big('b10');
    big('x10', { publisher: 'other-news' });
    desk.publish();
    expect(await follower.pass()).toMatchObject({ fresh: 1 });
    expect(follower.article('b6')).toMatchObject({ content: '', prunedAt: expect.any(Number) });
    expect(follower.store.replicaEntries.keptBytes(follower.replica().id)).toBeLessThan(1_000_000);
  });

  it('is not asked by those who follow it for what fell out there', async () => {
    const desk = deskWith(120, START);
    const { follower } = await following(desk);
    await follower.pass();
    follower.store.transaction(() => {
      for (let id = 1; id <= 80; id += 1)
        follower.store.retention.prune(follower.article(`a${id}`)?.id ?? 0, follower.clock.now());
    });
    await follower.pass();
    const copy = await startMirror(folderOf(follower, desk));
    const second = createTestFollower(desk, [copy]);
    open.push(copy, second);
    expect(await second.pass()).toMatchObject({ fresh: 40, missing: 80 });
    expect(await second.pass()).toMatchObject({ fresh: 0, missing: 80 });
    expect(copy.asked.filter((path) => path.startsWith('blob/'))).toEqual([]);
  });

  it('goes on in pieces where the line freezes', async () => {
    const desk = deskWith(200, START);
    const { follower, mirrors } = await following(desk, 1, { silenceMs: 400 });
    mirrors[0]?.twist((path, bytes) =>
      path.startsWith('log/tile/entries') && !mirrors[0]?.asked.slice(0, -1).includes(path) && bytes !== null
        ? { body: bytes, stallAfter: 5_000 }
        : null,
    );
    expect(await follower.pass()).toMatchObject({ fresh: 200 });
    expect(follower.peers()[0]).toMatchObject({ throttled: true, state: 'current' });
  });

  it('shows as of when its news is, once the desk is silent for good', async () => {
    const desk = deskWith(2, START);
    const { follower, mirrors } = await following(desk);
    await follower.pass();
    await mirrors[0]?.close();
    open.splice(open.indexOf(mirrors[0] as MirrorServer), 1);
    desk.advance(7 * 3_600);
    expect(await follower.pass()).toMatchObject({ outcome: 'trouble' });
    expect(follower.store.publishers.get('test-news')).toMatchObject({
      heardAt: START * 1_000,
      silence: 'quiet',
    });
    desk.advance(60 * 86_400);
    await follower.pass();
    expect(follower.article('a1')).toMatchObject({ state: 'live' });
    expect(existsSync(signed(follower, 'head.json'))).toBe(true);
  });
});

/** A follower's own copy, as its server hands it out. */
function folderOf(follower: TestFollower, desk: TestDesk): Map<string, Buffer> {
  const copy = new Map<string, Buffer>();
  for (const path of desk.tree.keys()) {
    if (existsSync(signed(follower, path))) copy.set(path, readFileSync(signed(follower, path)));
  }
  return copy;
}
