import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TamizdatError } from '../../src/domain/errors.js';
import { checkBackup, restoreBackup } from '../../src/safety/restore-backup.js';
import { writeBackup } from '../../src/safety/write-backup.js';
import { problemsOfDatabase } from '../../src/store/database-file.js';
import { openStore } from '../../src/store/store.js';
import { takeServingLock } from '../../src/store/writer-lock.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, HOUR_MS, type StandIn, story } from '../sync/stand-in.js';

const clock = createManualClock();
let folder: string;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;
let file: string;
let withKeys: string;

const SECRETS = ['a private key of the node', 'route: socks5://name:password@127.0.0.1:9050'];
const open = (home: string) =>
  openStore(join(home, 'tamizdat.sqlite'), { readOnly: true, tokenizer: { indexText: (text) => text } });
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    () => 'nothing thrown',
    (thrown: unknown) => thrown,
  );
  return error instanceof TamizdatError ? error.code : String(error);
};
const newHome = (name: string): string => {
  const home = join(folder, name);
  mkdirSync(home);
  return home;
};
/** Everything in a folder by name and hash. */
const contents = (home: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(home, { recursive: true, encoding: 'utf8' })
      .filter((name) => statSync(join(home, name)).isFile() && !name.includes('.lock'))
      .map((name) => [
        name,
        createHash('sha256')
          .update(readFileSync(join(home, name)))
          .digest('hex'),
      ]),
  );
const back = (from: string, name: string) => ({
  home: from,
  target: join(folder, name),
  program: '0.1.0',
  clock,
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tamizdat-backup-'));
  site = await createStandIn([1, 2, 3].map((id) => story(id)));
  node = await createTestNode({
    publishers: [site.publisher()],
    clock,
    env: site.env,
    home: newHome('node'),
  });
  await node.pass();
  mkdirSync(join(node.home, 'publishers'));
  mkdirSync(join(node.home, 'keys'), { recursive: true });
  writeFileSync(join(node.home, 'publishers', 'my paper.yaml'), 'id: my-paper\n');
  writeFileSync(join(node.home, 'config.yaml'), 'site: { name: Kept }\n');
  writeFileSync(join(node.home, 'keys', 'online.key'), SECRETS[0] ?? '');
  writeFileSync(join(node.home, 'secrets.yaml'), SECRETS[1] ?? '');
  file = (await writeBackup({ ...back(node.home, 'plain.tar.gz'), withKeys: false })).file;
  withKeys = (await writeBackup({ ...back(node.home, 'keys.tar.gz'), withKeys: true })).file;
});

afterAll(async () => {
  await node.close();
  await site.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a backup', () => {
  it('is one file that its owner alone may read, and says what is in it', async () => {
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
    const manifest = await checkBackup({ home: newHome('checked'), file });
    expect(manifest).toMatchObject({ articles: 3, keys: false, program: '0.1.0' });
    expect(manifest.files.map(({ name }) => name)).toEqual([
      'tamizdat.sqlite',
      'config.yaml',
      'publishers/my paper.yaml',
    ]);
    expect(contents(join(folder, 'checked'))).toEqual({});
  });

  it('holds no key and no secret unless it is asked to', () => {
    for (const secret of SECRETS) {
      expect(gunzipSync(readFileSync(file)).includes(secret)).toBe(false);
      expect(gunzipSync(readFileSync(withKeys)).includes(secret)).toBe(true);
    }
  });

  it('holds one moment of a node that goes on writing', async () => {
    let wrote = 0;
    const { file: during } = await writeBackup({
      ...back(node.home, 'during.tar.gz'),
      withKeys: false,
      onProgress: () => {
        node.engine.store.meta.put('moving', String(wrote++));
      },
    });
    expect(wrote).toBeGreaterThan(1);
    const home = newHome('from-during');
    await restoreBackup({ home, file: during, withKeys: false, clock });
    expect(problemsOfDatabase(join(home, 'tamizdat.sqlite'), 'full')).toEqual([]);
    expect(open(home).meta.get('moving')).toBeNull();
  });

  it('comes back as the same tree, asks every source anew, and leaves the keys that are there', async () => {
    const home = newHome('restored');
    mkdirSync(join(home, 'keys'));
    writeFileSync(join(home, 'keys', 'online.key'), 'of this home');
    writeFileSync(join(home, 'config.yaml'), 'site: { name: Old }\n');
    await restoreBackup({ home, file: withKeys, withKeys: false, clock });
    const [here, there] = [open(home), node.engine.store];
    expect(here.pages.allPaths().map((path) => here.pages.head(path))).toEqual(
      there.pages.allPaths().map((path) => there.pages.head(path)),
    );
    expect(here.sources.of('stand-in')[0]).toMatchObject({ etag: null, bodyHash: null, failures: 0 });
    expect(JSON.parse(here.meta.get('restored') ?? '{}')).toMatchObject({ from: withKeys });
    here.close();
    expect(readFileSync(join(home, 'config.yaml'), 'utf8')).toContain('Kept');
    expect(readFileSync(join(home, 'keys', 'online.key'), 'utf8')).toBe('of this home');
    expect(existsSync(join(home, 'secrets.yaml'))).toBe(false);
    expect(readdirSync(home).sort()).not.toEqual(expect.arrayContaining(['replaced']));

    await restoreBackup({ home, file: withKeys, withKeys: true, clock });
    expect(readFileSync(join(home, 'keys', 'online.key'), 'utf8')).toBe(SECRETS[0]);
    expect(await codeOf(restoreBackup({ home, file, withKeys: true, clock }))).toBe('backup-without-keys');
  });

  it('brings what was published since at the next pass', async () => {
    const home = newHome('behind');
    await restoreBackup({ home, file, withKeys: false, clock });
    site.publish(story(4));
    clock.advance(HOUR_MS);
    const behind = await createTestNode({ publishers: [site.publisher()], clock, env: site.env, home });
    await behind.pass();
    expect((await behind.get('/stand-in/a4/')).status).toBe(200);
    expect(behind.engine.store.lists.count({})).toBe(4);
    await behind.close();
  });
});

describe('a restore that is refused', () => {
  let home: string;
  let before: Record<string, string>;
  const refused = async (bytes: Buffer | null, code: string): Promise<void> => {
    const bad = join(folder, 'bad.tar.gz');
    rmSync(bad, { force: true });
    if (bytes !== null) writeFileSync(bad, bytes);
    expect(await codeOf(restoreBackup({ home, file: bad, withKeys: false, clock }))).toBe(code);
    expect(contents(home)).toEqual(before);
  };
  const tar = (): Buffer => gunzipSync(readFileSync(file));
  beforeAll(async () => {
    home = newHome('refusing');
    await restoreBackup({ home, file, withKeys: false, clock });
    before = contents(home);
  });

  it('changes nothing: no file, no backup, cut short, other bytes', async () => {
    await refused(null, 'backup-unreadable');
    await refused(Buffer.alloc(0), 'backup-damaged');
    await refused(Buffer.from('not a backup'.repeat(400)), 'backup-damaged');
    await refused(gzipSync(Buffer.alloc(10_240)), 'backup-damaged');
    const whole = readFileSync(file);
    for (const share of [0.1, 0.5, 0.9, 0.999])
      await refused(whole.subarray(0, Math.floor(whole.length * share)), 'backup-damaged');
    const changed = tar();
    changed[40_000] = (changed[40_000] ?? 0) ^ 1;
    await refused(gzipSync(changed), 'backup-damaged');
  });

  it('changes nothing where a name would leave the folder', async () => {
    const evil = tar().toString('latin1').replaceAll('config.yaml', '../../x.yml');
    await refused(gzipSync(Buffer.from(evil, 'latin1')), 'backup-damaged');
    expect(existsSync(join(folder, 'x.yml'))).toBe(false);
  });

  it('changes nothing where a newer version wrote it', async () => {
    const newer = tar()
      .toString('latin1')
      .replace(/(?<="schema": )\d+/, (number) => '9'.repeat(number.length));
    await refused(gzipSync(Buffer.from(newer, 'latin1')), 'backup-newer');
  });

  it('changes nothing while a node serves or syncs', async () => {
    const serving = takeServingLock(join(home, 'serving.lock'));
    expect(await codeOf(restoreBackup({ home, file, withKeys: false, clock }))).toBe('node-running');
    serving.release();
    expect(await codeOf(restoreBackup({ home: node.home, file, withKeys: false, clock }))).toBe(
      'writer-busy',
    );
    expect(contents(home)).toEqual(before);
  });
});
