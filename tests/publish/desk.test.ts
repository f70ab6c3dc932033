import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SafeHtml } from '../../src/domain/safe-html.js';
import { parseArticleBlob, parseNotice, parsePublisherCard } from '../../src/sign/article-blob.js';
import { BLOB_MAX_BYTES, type LogEntry } from '../../src/sign/entry.js';
import { blobPath, cardIdOf, entryIdOf } from '../../src/sign/repository.js';
import { readTree, treeFolderOf } from './signed-tree.js';
import { createTestDesk, PUBLISHER } from './test-desk.js';

let desk: ReturnType<typeof createTestDesk>;

beforeEach(() => {
  desk = createTestDesk();
  desk.save(1);
  desk.save(2);
});
afterEach(() => desk.close());

const entry = (at: number): LogEntry => {
  const found = desk.tree().entries.at(at);
  if (found === undefined) throw new Error(`no entry ${at}`);
  return found;
};
const blobAt = (at: number): Buffer => desk.tree().blob(entry(at)) ?? Buffer.alloc(0);

describe('a desk', () => {
  it('signs the publisher’s card, then what it published', async () => {
    await desk.publish();
    expect(desk.kinds()).toBe('dpp');
    expect(entry(0).a).toBe(cardIdOf('lighthouse'));
    expect(parsePublisherCard(blobAt(0))).toMatchObject({ id: 'lighthouse', active: true });
    expect(entry(1).a).toBe(entryIdOf('lighthouse', '1'));
    expect(entry(1).t).toBe(desk.clock.now() / 1_000);
    expect(parseArticleBlob(blobAt(1))).toMatchObject({
      id: '1',
      publisher: 'lighthouse',
      rev: 1,
      title: 'Report 1',
      changes: [],
      content_html: desk.find(1).content,
    });
  });

  it('changes no byte where nothing is new, until the heartbeat is due', async () => {
    await desk.publish();
    const head = () => readFileSync(join(treeFolderOf(desk.home), 'head.json'), 'utf8');
    const before = head();
    desk.clock.advance(18 * 60_000);
    expect(await desk.desk.publish()).toEqual({ kind: 'nothing-new' });
    expect(head()).toBe(before);
    desk.clock.advance(60_000);
    expect(await desk.desk.publish()).toMatchObject({ kind: 'published', entries: 0, size: 3 });
    expect(desk.tree().timestamp['x-issued']).toBe(desk.clock.now() / 1_000);
  });

  it('adds an entry for a correction, a withdrawal and a return', async () => {
    await desk.publish();
    desk.save(1, { title: 'Report 1, corrected' });
    const at = desk.clock.now() / 1_000;
    await desk.publish();
    expect(parseArticleBlob(blobAt(-1))).toMatchObject({ rev: 2, changes: [{ t: at, text: 'title' }] });
    desk.setState(1, 'withdrawn');
    await desk.publish();
    expect(parseNotice(blobAt(-1))).toEqual({
      v: 1,
      kind: 'notice',
      publisher: 'lighthouse',
      id: '1',
      what: 'retract',
      reason: 'asked for by its author',
    });
    desk.setState(1, 'live');
    await desk.publish();
    expect(desk.kinds()).toBe('dppuru');
  });

  it('tells in one entry what changed twice, and nothing of what came and went between two publishes', async () => {
    await desk.publish();
    desk.save(1, { title: 'Once' });
    desk.save(1, { title: 'Twice' });
    desk.save(3);
    desk.setState(3, 'withdrawn');
    await desk.publish();
    expect(desk.kinds()).toBe('dppu');
    expect(parseArticleBlob(blobAt(-1))).toMatchObject({ rev: 3, title: 'Twice' });
  });

  it('adds none for an edition of its own', async () => {
    await desk.publish();
    desk.save(1, { content: '<p>The same words, set better.</p>' as SafeHtml }, true);
    await desk.publish();
    expect(desk.kinds()).toBe('dpp');
  });

  it('tells of a better source of the text under the same revision', async () => {
    await desk.publish();
    desk.save(1, { content: '<p>The whole text.</p>' as SafeHtml, origin: 'page' }, true);
    await desk.publish();
    expect(desk.kinds()).toBe('dppu');
    expect(parseArticleBlob(blobAt(-1))).toMatchObject({ rev: 1, origin: 'page', changes: [] });
  });

  it('lets the blobs of what fell out of retention go, and keeps its lines', async () => {
    await desk.publish();
    const folder = treeFolderOf(desk.home);
    const [fallen, kept] = [entry(1), entry(2)];
    desk.store.transaction(() => desk.store.retention.prune(desk.find(1).id, desk.clock.now()));
    await desk.publish();
    expect(desk.store.desk.get()?.size).toBe(3);
    expect(existsSync(join(folder, blobPath(Buffer.from(fallen.c, 'base64url'))))).toBe(false);
    expect(existsSync(join(folder, blobPath(Buffer.from(kept.c, 'base64url'))))).toBe(true);
    const pack = gunzipSync(readFileSync(join(folder, 'log/pack/000000.ndjson.gz'))).toString();
    expect(pack).not.toContain('The words of report 1');
    expect(pack).toContain('The words of report 2');
    expect(JSON.parse(readFileSync(join(folder, 'have.json'), 'utf8'))).toEqual({
      v: 1,
      lowest: 0,
      size: 3,
      texts: 2,
    });
  });

  it('takes every word of an expunged article out of the tree, and leaves its lines', async () => {
    await desk.publish();
    desk.save(1, { title: 'Report 1, corrected' });
    await desk.publish();
    const folder = treeFolderOf(desk.home);
    const said = desk.tree().entries.filter(({ a }) => a === entryIdOf('lighthouse', '1'));
    desk.setState(1, 'tombstone');
    await desk.publish();
    expect(desk.kinds()).toBe('dppux');
    for (const { c } of said)
      expect(existsSync(join(folder, blobPath(Buffer.from(c, 'base64url'))))).toBe(false);
    expect(bytesUnder(folder)).not.toContain('words of report 1');
    expect(bytesUnder(folder)).toContain('words of report 2');
  });

  it.each([
    ['a correction', false],
    ['an edition', true],
  ])('takes a name that vanishes by %s out of everything it signed before', async (_, edition) => {
    desk.save(1, { title: 'Report 1, corrected' });
    await desk.publish();
    desk.setState(1, 'withdrawn');
    await desk.publish();
    desk.setState(1, 'live');
    await desk.publish();
    expect(bytesUnder(treeFolderOf(desk.home))).toMatch(/A Keeper/);
    desk.save(1, { title: 'Report 1, corrected', authors: [{ name: 'A Pseudonym' }] }, edition);
    desk.save(2, { authors: [{ name: 'A Keeper' }, { name: 'A Second' }] });
    await desk.publish();
    expect(desk.kinds()).toBe(edition ? 'dppruuxu' : 'dppruxuu');
    const named = readTreeFiles(treeFolderOf(desk.home)).filter(({ text }) => text.includes('A Keeper'));
    expect(named.every(({ text }) => text.includes('Report 2') && !text.includes('Report 1'))).toBe(true);
  });

  it('tells of a picture that comes late, keeps its bytes beside the words, and drops them when they are dropped', async () => {
    const lead = { src: 'http://127.0.0.1/1.jpg' as never, alt: 'A lamp', caption: '', credit: 'Someone' };
    desk.save(3, { lead });
    await desk.publish();
    expect(parseArticleBlob(blobAt(-1))?.media).toEqual([{ role: 'lead', ...lead, r: [] }]);
    const bytes = Buffer.from('not really a picture');
    desk.store.media.put(
      desk.find(3).id,
      lead.src,
      [{ step: 'light', type: 'image/jpeg', width: 640, height: 480, bytes }],
      desk.clock.now(),
    );
    await desk.publish();
    expect(desk.kinds()).toBe('dpppu');
    const [medium] = parseArticleBlob(blobAt(-1))?.media ?? [];
    expect(medium?.r).toMatchObject([
      { size: bytes.length, type: 'image/jpeg', w: 640, h: 480, step: 'light' },
    ]);
    const file = join(treeFolderOf(desk.home), blobPath(Buffer.from(medium?.r[0]?.sha256 ?? '', 'hex')));
    expect(readFileSync(file)).toEqual(bytes);
    desk.store.media.dropAll(desk.find(3).id);
    await desk.publish();
    expect(existsSync(file)).toBe(false);
  });

  it('cuts a text that is too long for a blob between two paragraphs, and says so', async () => {
    const paragraph = `<p>${'A long paragraph of words. '.repeat(400)}</p>`;
    desk.save(3, { content: paragraph.repeat(100) as SafeHtml });
    await desk.publish();
    const blob = parseArticleBlob(blobAt(-1));
    expect(blobAt(-1).length).toBeLessThanOrEqual(BLOB_MAX_BYTES);
    expect(blobAt(-1).length).toBeGreaterThan(BLOB_MAX_BYTES - 3 * paragraph.length);
    expect(blob?.cut).toBe(true);
    expect(blob?.content_html.endsWith('</p>')).toBe(true);
  });

  it('signs no more than two paragraphs of a publisher whose rights allow no more', async () => {
    const teaser = createTestDesk({ publisher: { ...PUBLISHER, publish: 'teaser' } });
    teaser.save(1, { content: '<p>One.</p><p>Two.</p><p>Three.</p>' as SafeHtml });
    await teaser.publish();
    const [, article] = teaser.tree().entries as [LogEntry, LogEntry];
    expect(parseArticleBlob(teaser.tree().blob(article) ?? Buffer.alloc(0))).toMatchObject({
      content_html: '<p>One.</p><p>Two.</p>',
      origin: 'teaser',
    });
    teaser.close();
  });

  it('goes on with its log after a restart, and never signs one number twice', async () => {
    await desk.publish();
    const before = desk.tree();
    desk.store.close();
    const again = createTestDesk({ home: desk.home });
    again.clock.advance(7_200_000);
    again.save(3);
    await again.publish();
    const after = again.tree();
    expect(after.raw.slice(0, before.size)).toEqual(before.raw);
    expect(after.size).toBe(before.size + 1);
    expect(after.timestamp.version).toBe(before.timestamp.version + 1);
    again.close();
    desk = createTestDesk({ home: desk.home });
  });

  it('holds through pages of 256 entries, and drops partial tiles once the whole one is there', async () => {
    let saved = 2;
    for (const upTo of [254, 256, 300]) {
      for (; saved < upTo; saved += 1) desk.save(saved + 1);
      await desk.publish();
      expect(desk.tree().size).toBe(upTo + 1);
    }
    const tiles = readdirSync(join(treeFolderOf(desk.home), 'log/tile/0'));
    expect(tiles.sort()).toEqual(['000', '001.p']);
  });

  it('writes the whole tree again where the folder was lost', async () => {
    await desk.publish();
    desk.setState(2, 'withdrawn');
    await desk.publish();
    const folder = treeFolderOf(desk.home);
    const before = desk.tree();
    rmSync(folder, { recursive: true });
    await desk.publish();
    const after = readTree(folder, { lost: true });
    expect(after.raw.slice(0, before.size)).toEqual(before.raw);
  });
});

function readTreeFiles(folder: string): { name: string; text: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile() && !one.name.endsWith('.gz'))
    .map((one) => ({ name: one.name, text: readFileSync(join(one.parentPath, one.name), 'utf8') }));
}

/** Every file of a folder as one text. What packs hold is compared with the blobs by `readTree`. */
const bytesUnder = (folder: string): string =>
  readTreeFiles(folder)
    .map(({ text }) => text)
    .join('\n');
