import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseRange } from '../../src/serve/range.js';
import { readTree, treeFolderOf } from '../publish/signed-tree.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, FIRST_AT, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;
let folder: string;
/** A blob of a length that is answered in parts. */
const LONG = 'ab'.repeat(32);

beforeAll(async () => {
  clock = createManualClock(FIRST_AT + 10 * HOUR_MS);
  site = await createStandIn([story(1), story(2)]);
  node = await createTestNode({
    desk: true,
    publishers: [site.publisher()],
    clock,
    env: { ...site.env, TAMIZDAT_SITE_BASE_PATH: '/secret/' },
  });
  await node.pass();
  folder = treeFolderOf(node.home);
  mkdirSync(join(folder, 'blob/ab'), { recursive: true });
  writeFileSync(join(folder, `blob/ab/${LONG}`), Buffer.alloc(20_000, 'abcdefghij'));
});
afterAll(async () => {
  await node.close();
  await site.close();
});

const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  node.get(`/secret/signed/${path}`, headers, method);

describe('the signed tree over HTTP', () => {
  it('is what lies in the folder, for the node’s own repository and by its name', async () => {
    const name = folder.split('/').at(-1);
    for (const path of ['head.json', 'tuf/1.root.json', 'tuf/timestamp.json', 'log/checkpoint', 'have.json'])
      for (const prefix of ['', `${name}/`]) {
        const answer = await get(prefix + path, { 'accept-encoding': 'br, gzip' });
        expect([path, answer.status]).toEqual([path, 200]);
        expect(answer.text).toBe(readFileSync(join(folder, path), 'utf8'));
      }
  });

  it('lets a follower ask every half minute what is new, and keeps what never changes', async () => {
    const head = await get('head.json', { 'accept-encoding': 'br' });
    expect(head.headers['cache-control']).toBe('max-age=30');
    expect(head.headers.connection).toBe('close');
    const again = await get('head.json', { 'if-none-match': head.headers.etag ?? '' });
    expect([again.status, again.text]).toEqual([304, '']);
    expect(headSize(again.headers)).toBeLessThanOrEqual(400);
    expect((await get('tuf/1.root.json')).headers['cache-control']).toBe(
      'public, max-age=31536000, immutable',
    );
    expect((await get('log/pack/000000.ndjson.gz')).headers['cache-control']).toBe('max-age=30');
  });

  it('tells of one new article within 2,100 bytes, heads of answers within 700', async () => {
    const head = await get('head.json', { 'accept-encoding': 'br' });
    expect(head.wireBytes).toBeLessThanOrEqual(2_100);
    for (const path of ['head.json', 'log/tile/0/000.p/3', `blob/ab/${LONG}`, 'log/pack/000000.ndjson.gz'])
      expect(headSize((await get(path, { 'accept-encoding': 'br' })).headers)).toBeLessThanOrEqual(700);
  });

  it('answers a part of what is larger than 8 KB, and only of that', async () => {
    const part = await get(`blob/ab/${LONG}`, { range: 'bytes=8192-16383' });
    expect([part.status, part.text.length, part.headers['content-range']]).toEqual([
      206,
      8_192,
      'bytes 8192-16383/20000',
    ]);
    expect(part.text).toBe('abcdefghij'.repeat(2_000).slice(8_192, 16_384));
    const end = await get(`blob/ab/${LONG}`, { range: 'bytes=-5' });
    expect([end.status, end.text]).toEqual([206, 'fghij']);
    const past = await get(`blob/ab/${LONG}`, { range: 'bytes=20000-' });
    expect([past.status, past.headers['content-range']]).toEqual([416, 'bytes */20000']);
    const other = await get(`blob/ab/${LONG}`, { range: 'bytes=0-9', 'if-range': '"another"' });
    expect([other.status, other.text.length]).toEqual([200, 20_000]);
    expect((await get('tuf/1.root.json', { range: 'bytes=0-9' })).status).toBe(200);
    const bare = await get(`blob/ab/${LONG}`, {}, 'HEAD');
    expect([bare.status, bare.text, bare.headers['content-length']]).toEqual([200, '', '20000']);
  });

  it('sends what is larger than a megabyte as it is read, in whole and in parts', async () => {
    const large = 'cd'.repeat(32);
    mkdirSync(join(folder, 'blob/cd'), { recursive: true });
    writeFileSync(join(folder, `blob/cd/${large}`), Buffer.alloc(1_500_000, 'abcdefghij'));
    const whole = await get(`blob/cd/${large}`, { 'accept-encoding': 'br' });
    expect([whole.status, whole.wireBytes, whole.headers['content-length']]).toEqual([
      200,
      1_500_000,
      '1500000',
    ]);
    const part = await get(`blob/cd/${large}`, { range: 'bytes=1400000-1400004' });
    expect([part.status, part.text]).toEqual([206, 'abcde']);
    expect((await get(`blob/cd/${large}`, { 'if-none-match': whole.headers.etag ?? '' })).status).toBe(304);
    expect((await get(`blob/cd/${large}`, {}, 'HEAD')).headers['content-length']).toBe('1500000');
  });

  it('leads nowhere but into the tree', async () => {
    for (const path of [
      '',
      'log',
      '.tmp/file',
      '../../tamizdat.sqlite',
      '..%2f..%2ftamizdat.sqlite',
      '../keys/root.pem',
      'tuf/../../../keys/root.pem',
      'blob/ab/../../head.json',
      'log/tile/0/000',
      `${'a'.repeat(16)}/head.json`,
      'blob/ab/short',
      'tuf/1.root.json/',
    ])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
  });
});

describe('feeds', () => {
  it('carry each entry’s id in the log, its hash and its number, and do not change in a pass that brings nothing', async () => {
    const { entries } = readTree(folder);
    const feeds = ['rss.xml', 'atom.xml', 'feed.json', 'full/rss.xml', 'full/atom.xml', 'full/feed.json'];
    const read = async (): Promise<string[]> =>
      Promise.all(feeds.map(async (feed) => (await node.get(`/secret/stand-in/${feed}`)).text));
    const before = await read();
    entries.forEach(({ a, c, o }, i) => {
      if (o !== 'p') return;
      for (const text of before)
        expect(text).toContain(
          text.startsWith('{')
            ? `"_tamizdat":{"a":"${a}","c":"${c}","i":${i}}`
            : `<tz:entry a="${a}" c="${c}" i="${i}"/>`,
        );
    });
    for (const text of before.filter((one) => one.startsWith('<')))
      expect(text).toContain('xmlns:tz="tag:tamizdat.invalid,2026:signed"');
    clock.advance(HOUR_MS);
    await node.pass({ force: true });
    expect(await read()).toEqual(before);
  });
});

describe('a Range header', () => {
  it('is honored where it names one range, and passed over otherwise', () => {
    expect(parseRange('bytes=0-99', 1_000)).toEqual({ from: 0, to: 99 });
    expect(parseRange('bytes=990-2000', 1_000)).toEqual({ from: 990, to: 999 });
    expect(parseRange('bytes=-2000', 1_000)).toEqual({ from: 0, to: 999 });
    for (const passed of [
      undefined,
      'bytes=',
      'bytes=-',
      'lines=0-1',
      'bytes=5-1',
      'bytes=0-1,5-6',
      'bytes=a-b',
    ])
      expect(parseRange(passed, 1_000)).toBeNull();
    for (const none of ['bytes=1000-', 'bytes=-0']) expect(parseRange(none, 1_000)).toBe('unsatisfiable');
  });
});

/** Bytes of a response's head as it goes over the wire. */
const headSize = (headers: Record<string, string>): number =>
  Object.entries(headers).reduce(
    (sum, [name, value]) => sum + name.length + value.length + 4,
    'HTTP/1.1 200 OK\r\n\r\n'.length,
  );
