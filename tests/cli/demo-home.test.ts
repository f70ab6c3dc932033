import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { mirrorOf } from '../../src/cli/mirror-of.js';
import { diaryFile, writeDiary } from '../../src/demo/diary.js';
import { cli } from '../support/cli.js';
import { testConfig } from '../support/test-node.js';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tamizdat-demo-home-'));
  writeDiary(diaryFile(home), { foundedAt: Date.UTC(2026, 10, 23), port: 4123, steps: [] });
});

afterEach(() => rmSync(home, { recursive: true }));

it('a command that writes into a demo’s home mirrors the demo, not the configured publishers', async () => {
  const { code, stderr } = await cli(['sync', '--publisher', 'moscow-times', '--home', home]);
  expect(code).toBe(2);
  expect(stderr).toContain('It mirrors: demo-courier, demo-vestnik, demo-peyk, demo-xinshi.');
});

it('in a demo’s home nothing but its newsroom is fetched from, whatever the settings say', async () => {
  const given = testConfig(home, {
    TAMIZDAT_FETCH_ALLOW: '10.0.0.1:80',
    TAMIZDAT_FETCH_ROUTE: 'socks5://127.0.0.1:9050',
  });
  const { config, publishers } = await mirrorOf(given);
  expect(config.fetch).toMatchObject({ allow: ['127.0.0.1:4123'], route: null });
  expect(new Set(publishers.flatMap(({ hosts }) => hosts))).toEqual(new Set(['127.0.0.1']));
});

it('a demo’s home is not served without --demo, and the message says how it is', async () => {
  const { code, stderr } = await cli(['serve', '--home', home]);
  expect(code).toBe(2);
  expect(stderr).toContain(`tamizdat serve --demo --home ${tmpdir()}`);
});

it('lists the newsroom of a demo’s home as what it mirrors', async () => {
  const { stdout } = await cli(['publishers', 'list', '--json', '--home', home]);
  const mirrored = JSON.parse(stdout).filter((one: { mirrored: boolean }) => one.mirrored);
  expect(mirrored.map(({ id }: { id: string }) => id)).toEqual([
    'demo-courier',
    'demo-vestnik',
    'demo-peyk',
    'demo-xinshi',
  ]);
});

it('means the demo where nothing else has run, whatever the command is about', async () => {
  const demo = join(home, 'demo');
  mkdirSync(demo);
  writeFileSync(join(demo, 'tamizdat.sqlite'), '');
  for (const command of [['peers'], ['keys', 'list'], ['pin', 'list'], ['decisions', 'accept', '1']])
    expect((await cli([...command, '--home', home])).stderr).not.toContain('no node has run');
  expect(existsSync(join(home, 'tamizdat.sqlite'))).toBe(false);
});

it('knows beside the demo the publishers that the keeper describes', async () => {
  const [parent, id] = [mkdtempSync(join(tmpdir(), 'tamizdat-demo-parent-')), 'example-times'];
  for (const folder of ['demo', 'publishers']) mkdirSync(join(parent, folder));
  writeFileSync(join(parent, 'demo', 'tamizdat.sqlite'), '');
  writeDiary(diaryFile(join(parent, 'demo')), { foundedAt: Date.UTC(2026, 10, 23), port: 4123, steps: [] });
  writeFileSync(
    join(parent, 'publishers', `${id}.yaml`),
    `{ id: ${id}, names: { en: X }, language: en, homepage: 'https://x.example/', hosts: [x.example], sources: [{ url: 'https://x.example/f' }] }`,
  );
  const { stdout } = await cli(['publishers', 'list', '--json', '--home', parent]);
  const ids = JSON.parse(stdout).map((one: { id: string }) => one.id);
  expect([ids[0], ids.includes(id)]).toEqual(['demo-courier', true]);
  rmSync(parent, { recursive: true });
});
