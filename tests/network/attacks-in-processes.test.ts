import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeTrustString } from '../../src/sign/trust-string.js';
import { openStore } from '../../src/store/store.js';
import { indexText } from '../../src/store/tokenizer.js';
import { tamizdat } from '../support/cli.js';
import { flip } from '../support/flips.js';
import { type MirrorServer, type Reply, startMirror } from '../support/mirror-server.js';
import { deskWith, type TestDesk, type Tree } from '../support/test-desk.js';
import { describeLong } from '../support/tools.js';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const EVIL = 'a lie that must never be seen';
const ARTICLES = 12;

/** What one of two mirrors does to the files that `files` names; the other is honest. `attack` null: nobody is accused. */
interface Row {
  name: string;
  files: RegExp;
  twist(bytes: Buffer): Reply;
  attack: string | null;
  state: string;
  says: RegExp;
}

const mid = (bytes: Buffer): Reply => ({ body: flip(bytes, Math.floor(bytes.length / 2)) });
const BOMB = gzipSync(Buffer.alloc(400_000));
const ROWS: readonly Row[] = [
  {
    ...{ name: 'a blob of its own', files: /^blob\//, attack: 'SubstitutedFile', state: 'banned' },
    ...{ twist: (bytes) => ({ body: EVIL.padEnd(bytes.length) }), says: /not the file that its hash names/ },
  },
  {
    ...{ name: 'a blob without end', files: /^blob\//, attack: 'EndlessData', state: 'banned' },
    ...{ twist: () => ({ endless: true }), says: /more than \d+ bytes/ },
  },
  {
    ...{ name: 'a blob packed 1:1000', files: /^blob\//, attack: 'EndlessData', state: 'banned' },
    twist: () => ({
      body: BOMB,
      headers: { 'content-encoding': 'gzip', 'content-length': String(BOMB.length) },
    }),
    says: /more than \d+ bytes/,
  },
  {
    ...{ name: 'false tiles, of entries and of hashes', files: /^log\/tile\//, attack: 'FalseEntries' },
    ...{ state: 'banned', twist: (bytes) => ({ body: flip(bytes, 40) }), says: /\S/ },
  },
  {
    ...{ name: 'a head with a bit flipped', files: /^head\.json$/, attack: 'any', state: 'banned' },
    ...{ twist: mid, says: /\S/ },
  },
  {
    ...{ name: 'a portal page for everything', files: /./, attack: null, state: 'silent' },
    ...{ twist: () => ({ body: `<!doctype html>${EVIL}` }), says: /a web page came instead/ },
  },
  {
    ...{ name: 'redirects for everything', files: /./, attack: null, state: 'silent' },
    twist: () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } }),
    says: /redirects/,
  },
];

let folder: string;
let desk: TestDesk;
const mirrors: MirrorServer[] = [];
const children: ChildProcess[] = [];

async function pair(tree: Tree): Promise<[MirrorServer, MirrorServer]> {
  const made: [MirrorServer, MirrorServer] = [await startMirror(tree), await startMirror(tree)];
  mirrors.push(...made);
  return made;
}

const envOf = (pinned: TestDesk, list: readonly MirrorServer[]) => ({
  TAMIZDAT_JOIN: writeTrustString(
    pinned.pin(),
    list.map(({ url }) => url),
  ),
  TAMIZDAT_FETCH_ALLOW: list.map(({ pair: one }) => one).join(','),
  TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
});

/** Every byte that a node keeps of trees, and what its database holds of evidence and articles. */
function look(home: string) {
  const signed = readdirSync(join(home, 'signed'), { withFileTypes: true, recursive: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name)))
    .map((bytes) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString());
  const store = openStore(join(home, 'tamizdat.sqlite'), { readOnly: true, tokenizer: { indexText } });
  try {
    const article = store.articles.find('test-news', { stableId: 'a2', guid: null, url: null });
    const [replica] = store.replicas.all();
    const evidence = store.replicaPeers.evidence(replica?.id ?? 0);
    return { signed: signed.join('\n'), article, evidence, size: replica?.size };
  } finally {
    store.close();
  }
}

async function peersOf(home: string) {
  const told = await tamizdat(['peers', '--json', '--home', home]);
  return JSON.parse(told.stdout).followed[0].peers as { address: string; state: string; reason: string }[];
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tamizdat-attacks-'));
  desk = deskWith(ARTICLES, Math.floor(Date.now() / 1_000) - 60);
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const mirror of mirrors) await mirror.close();
  rmSync(folder, { recursive: true, force: true });
});

describeLong('a follower that is a process of its own, and bad mirrors', () => {
  it.each(ROWS.map((row, at) => [row.name, row, at] as const))(
    '%s',
    async (_name, row, at) => {
      const [evil, honest] = await pair(desk.tree);
      let changed = 0;
      evil.twist((path, bytes) => {
        if (bytes === null || !row.files.test(path)) return null;
        const reply = row.twist(bytes);
        const isSame =
          reply.endless !== true && reply.status === undefined && Buffer.from(reply.body ?? '').equals(bytes);
        if (!isSame) changed += 1;
        return reply;
      });
      const home = join(folder, String(at));
      const passed = await tamizdat(['sync', '--once', '--home', home], { env: envOf(desk, [evil, honest]) });
      expect(passed.code, passed.stderr).toBe(0);
      expect(changed, 'a row that changes no byte').toBeGreaterThan(0);
      const [bad, good] = await peersOf(home);
      expect(bad).toMatchObject({ state: row.state, reason: expect.stringMatching(row.says) });
      expect(good).toMatchObject({ address: honest.url, state: 'current' });
      const { signed, article, evidence, size } = look(home);
      expect(evidence.every(({ address }) => address === evil.url)).toBe(true);
      if (row.attack === null) expect(evidence).toEqual([]);
      else if (row.attack !== 'any') expect(evidence[0]?.attack).toBe(row.attack);
      expect(size).toBe(desk.entries.length);
      expect(article?.content).toContain('number a2 was written down');
      expect(signed).not.toContain(EVIL);
    },
    120_000,
  );

  it('goes back to no older tree after a restart, and stops where its desk says two things', async () => {
    const own = deskWith(3, Math.floor(Date.now() / 1_000) - 600);
    const old = own.snapshot();
    own.advance(60);
    own.add('u', own.articleBlob('a2', { rev: 2, title: 'Corrected' }));
    own.publish();
    const [one, two] = await pair(own.tree);
    const home = join(folder, 'restarted');
    const env = envOf(own, [one, two]);
    const sync = () => tamizdat(['sync', '--once', '--home', home], { env });
    expect((await sync()).code).toBe(0);
    for (const mirror of [one, two]) mirror.serve(old);
    expect((await sync()).code).toBe(1);
    expect((await peersOf(home)).map(({ state }) => state)).toEqual(['stale', 'stale']);
    expect(look(home).article?.title).toBe('Corrected');
    own.advance(60);
    own.heartbeat();
    one.serve(own.snapshot());
    own.versions.timestamp -= 1;
    own.advance(1);
    own.heartbeat();
    two.serve(own.snapshot());
    const alarmed = await sync();
    expect(alarmed.code).toBe(1);
    const told = await tamizdat(['peers', '--home', home]);
    expect(told.code).toBe(1);
    expect(told.stdout).toMatch(/two different versions carry the same number/);
    expect(look(home).evidence.map(({ attack }) => attack)).toEqual(['Equivocation', 'Equivocation']);
  }, 120_000);

  it('serves what it verified and nothing else, however long the liar goes on', async () => {
    const own = deskWith(3, Math.floor(Date.now() / 1_000) - 60);
    own.add('p', own.articleBlob('x1', { content_html: `<p>Plain</p><script>${EVIL}</script>` }));
    own.publish();
    const [evil, honest] = await pair(own.tree);
    evil.twist((path, bytes) =>
      bytes !== null && path.startsWith('blob/') ? { body: EVIL.padEnd(bytes.length) } : null,
    );
    const home = join(folder, 'serving');
    const child = spawn(process.execPath, [MAIN, 'serve', '--home', home, '--listen', '127.0.0.1:0'], {
      env: { PATH: process.env.PATH, ...envOf(own, [evil, honest]) },
    });
    children.push(child);
    let said = '';
    const url = await new Promise<string>((resolve, reject) => {
      const hear = (text: string): void => {
        said += text;
        const address = /Open \S*?(http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
        if (address !== undefined && /\d+ new, \d+ changed/.test(said)) resolve(address);
      };
      child.stdout.setEncoding('utf8').on('data', hear);
      child.stderr.setEncoding('utf8').on('data', hear);
      child.on('close', () => reject(new Error(said)));
    });
    const read = async (path: string): Promise<[number, Buffer]> => {
      const answer = await fetch(url + path, { headers: { connection: 'close' } });
      return [answer.status, Buffer.from(await answer.arrayBuffer())];
    };
    for (const path of ['/test-news/', '/test-news/aa2/', '/test-news/ax1/', '/rss.xml', '/full/rss.xml']) {
      const [status, body] = await read(path);
      expect([path, status]).toEqual([path, 200]);
      expect(body.toString()).not.toContain(EVIL);
    }
    expect((await read('/test-news/aa2/'))[1].toString()).toContain('number a2 was written down');
    for (const [path, bytes] of own.tree) {
      if (!path.startsWith('blob/') && path !== 'head.json') continue;
      const [status, body] = await read(`/signed/${path}`);
      expect([path, status, body.equals(bytes)]).toEqual([path, 200, true]);
    }
    child.kill('SIGTERM');
  }, 120_000);
});
