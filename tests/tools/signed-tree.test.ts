import { execFile, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { currentTargets, vkeyOf } from '../../src/publish/signed-roles.js';
import { treeFolderOf } from '../publish/signed-tree.js';
import { createTestDesk } from '../publish/test-desk.js';
import { QUICK_FOLDER } from '../support/test-node.js';
import { describeWith } from '../support/tools.js';

const run = promisify(execFile);
const JUDGE = fileURLToPath(new URL('go/judge.go', import.meta.url));
const FORMATS = fileURLToPath(new URL('../../docs/formats.md', import.meta.url));

let desk: ReturnType<typeof createTestDesk>;
let scratch: string;
/** Sizes at which the log was published. */
const sizes: number[] = [];

beforeAll(async () => {
  scratch = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-judges-'));
  desk = createTestDesk();
  let saved = 0;
  for (const upTo of [3, 200, 255, 256, 300, 520]) {
    for (; saved < upTo; saved += 1) desk.save(saved + 1);
    await desk.publish();
    sizes.push(desk.store.desk.get()?.size ?? 0);
  }
});
afterAll(() => {
  desk.close();
  rmSync(scratch, { recursive: true, force: true });
});

describeWith(['go'], 'Go’s sumdb/note and sumdb/tlog', ({ go }) => {
  const judge = () => join(scratch, 'judge');
  const env = {
    PATH: process.env.PATH,
    GOPATH: '/usr/share/gocode',
    GO111MODULE: 'off',
    GOFLAGS: '',
  };
  const judged = (folder: string, ...more: (string | number)[]) =>
    run(judge(), [folder, vkeyOf(desk.store, currentTargets(desk.store)), ...more.map(String)]);

  beforeAll(async () => {
    await run(go, ['build', '-o', judge(), JUDGE], {
      env: { ...env, HOME: scratch, GOCACHE: join(scratch, 'cache') },
    });
  });

  it('open the checkpoint, find its root in the tiles, every line in its place, and each earlier log at its beginning', async () => {
    const { stdout } = await judged(treeFolderOf(desk.home), ...sizes);
    expect(stdout).toBe(`${sizes.at(-1)}\n`);
  });

  it.each([
    ['log/tile/0/001', 'a hash in a tile'],
    ['log/tile/entries/000', 'a line'],
    ['log/checkpoint', 'the checkpoint'],
  ])('refuse a tree in which one bit of %s differs (%s)', async (path) => {
    const copy = join(scratch, path.replaceAll('/', '-'));
    cpSync(treeFolderOf(desk.home), copy, { recursive: true });
    const bytes = readFileSync(join(copy, path));
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    writeFileSync(join(copy, path), bytes);
    await expect(judged(copy)).rejects.toThrow();
  });
});

describe('the commands in docs/formats.md, with openssl and coreutils', () => {
  const chapter =
    readFileSync(FORMATS, 'utf8')
      .split('### By hand')[1]
      ?.split(/\n#{2,3} /)[0] ?? '';
  const blocks = [...chapter.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block);
  const inCopy = (name: string, block: string, spoil: (folder: string) => void = () => {}) => {
    const copy = join(scratch, name);
    cpSync(treeFolderOf(desk.home), copy, { recursive: true, preserveTimestamps: true });
    spoil(copy);
    return spawnSync('sh', ['-e', '-c', block], { cwd: copy, encoding: 'utf8' });
  };

  it('are two, and find the signature of the root and of the checkpoint good', () => {
    expect(blocks).toHaveLength(2);
    blocks.forEach((block, at) => {
      const { stdout, stderr, status } = inCopy(`by-hand-${at}`, block);
      expect([stdout.trim(), status, stderr]).toEqual(['Signature Verified Successfully', 0, '']);
    });
  });

  it('find them bad when one digit of what is signed differs', () => {
    blocks.forEach((block, at) => {
      const path = ['tuf/1.root.json', 'log/checkpoint'][at] ?? '';
      const { stdout, status } = inCopy(`by-hand-spoiled-${at}`, block, (folder) => {
        const text = readFileSync(join(folder, path), 'utf8');
        const spoiled = text.replace(
          at === 0 ? '"version":1' : `\n${sizes.at(-1)}\n`,
          at === 0 ? '"version":2' : '\n7\n',
        );
        expect(spoiled).not.toBe(text);
        writeFileSync(join(folder, path), spoiled);
      });
      expect(status).not.toBe(0);
      expect(stdout).not.toContain('Successfully');
    });
  });
});
