import { mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTreeFiles, treeFolder } from '../../src/files/tree-files.js';
import { exportTree } from '../../src/replicate/export-tree.js';
import { createTar, indexTar } from '../../src/replicate/tar.js';
import { jcs } from '../../src/sign/jcs.js';
import { startMirror } from '../support/mirror-server.js';
import { deskWith, type Tree } from '../support/test-desk.js';
import { createTestFollower } from '../support/test-follower.js';

it('takes along all that the roles sign, so that whoever imports it knows the desk and its mirrors', async () => {
  const desk = deskWith(2, Date.UTC(2026, 10, 1) / 1_000);
  desk.publishMirrors(jcs({ v: 1, repository: desk.state.repository, mirrors: [] }));
  desk.publish();
  const mirror = await startMirror(desk.tree);
  const follower = createTestFollower(desk, [mirror]);
  const stick: Tree = new Map();
  try {
    await follower.pass();
    const files = createTreeFiles(treeFolder(follower.home, desk.state.repository));
    exportTree(files, 0, (path, bytes) => void stick.set(path, Buffer.from(bytes)));
  } finally {
    await follower.close();
  }
  mirror.serve(stick);
  const other = createTestFollower(desk, [mirror]);
  try {
    expect(await other.pass()).toMatchObject({ outcome: 'news', reason: null });
    const { id } = other.replica();
    const pathOf = (name: string) => other.store.replicas.file(id, `target:${name}`)?.path ?? 'missing';
    for (const name of ['site.json', 'mirrors.json', 'log/front', 'log/checkpoint'])
      expect([...desk.tree.keys()], name).toContain(pathOf(name));
  } finally {
    await other.close();
    await mirror.close();
  }
});

it('tells a tar that was not copied whole from one that lacks a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-tar-'));
  const file = join(folder, 'week.tar');
  const tar = createTar(file);
  tar.add('head.json', Buffer.alloc(3_000));
  tar.close();
  expect(indexTar(file).get('head.json')).toEqual({ offset: 512, bytes: 3_000 });
  truncateSync(file, 2_000);
  expect(() => indexTar(file)).toThrow('ends too early');
  rmSync(folder, { recursive: true });
});
