import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { treeFolderOf } from '../publish/signed-tree.js';
import { cli } from '../support/cli.js';
import { type HostileServer, startHostileServer } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { startMirror } from '../support/mirror-server.js';
import { createTestNode, testPublisher } from '../support/test-node.js';

const PRIVATE = 'https://leaf.example/ink/';

describe('mirrors and move', () => {
  const home = mkdtempSync(join(tmpdir(), 'tamizdat-mirrors-'));
  const env = { TAMIZDAT_PUBLISHERS: 'global-voices' };
  const run = (line: string, more: Record<string, string> = {}, stdin = '') =>
    cli(['--home', home, ...line.split(' ')], { env: { ...env, ...more }, stdin });
  let server: HostileServer;

  beforeAll(async () => {
    server = await startHostileServer();
    // A desk that has published once, so that it has keys.
    const clock = createManualClock(Date.now());
    const publisher = testPublisher({ id: 'global-voices', sources: [] });
    const node = await createTestNode({ desk: true, publishers: [publisher], clock, home });
    await node.pass();
    await node.close();
  });

  afterAll(async () => {
    await server.close();
    rmSync(home, { recursive: true, force: true });
  });

  it('lists what the keeper made public, and takes it back', async () => {
    expect((await run('mirrors list')).stdout).toContain('mirrors publish URL');
    expect((await run('mirrors publish https://second.example')).stdout).toContain(
      'Listed: https://second.example/',
    );
    expect(JSON.parse((await run('mirrors list --json')).stdout)).toEqual({
      public: ['https://second.example/'],
      cards: 0,
    });
    expect((await run('mirrors unpublish https://second.example')).code).toBe(0);
    const again = await run('mirrors unpublish https://second.example');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('not in the public list')]);
  });

  it.each(['https://192.168.1.4/', 'https://nas.local/', 'http://second.example/'])(
    'publishes no %s, and says what to do',
    async (url) => {
      const { code, stderr } = await run(`mirrors publish ${url}`);
      expect(code).toBe(2);
      expect(stderr).toContain(url);
    },
  );

  it('makes a card of private addresses, takes it in again, and shows its addresses nowhere', async () => {
    const { card } = JSON.parse((await run(`mirrors card --json ${PRIVATE}`)).stdout);
    expect(card).toMatch(/^tz1-mirrors\/v1\n/);
    const taken = await run('mirrors add', {}, card);
    expect([taken.code, taken.stdout]).toEqual([0, expect.stringContaining('1 address of')]);
    const list = await run('mirrors list');
    expect(list.stdout).toContain('1 of the 3 cards');
    expect(list.stdout).not.toContain('leaf.example');
  });

  it('shows a card as text and as a code to scan', async () => {
    const { stdout } = await run(`mirrors card ${PRIVATE}`);
    expect(stdout).toContain(PRIVATE);
    expect(stdout).toMatch(/[▀▄█]{20}/);
  });

  it('takes a card in with all that was printed or written around it', async () => {
    const { stdout } = await run(`mirrors card ${PRIVATE}`);
    const taken = await run('mirrors add', {}, `Here is the address:\r\n${stdout.replaceAll('\n', '\r\n')}`);
    expect([taken.code, taken.stdout]).toEqual([0, expect.stringContaining('1 address of')]);
  });

  it.each([
    ['cut off', (card: string) => card.slice(0, -60), 2, 'no mirror card'],
    ['changed', (card: string) => card.replace('leaf', 'lief'), 1, 'not signed by the desk'],
    [
      'of a stranger',
      (card: string) =>
        card
          .replaceAll(/tamizdat\/\w{16}/g, 'tamizdat/aaaaaaaaaaaaaaaa')
          .replace(/\n\w{16}\n/, '\naaaaaaaaaaaaaaaa\n'),
      1,
      'does not follow',
    ],
  ])('refuses a card that was %s', async (_what, forge, code, reason) => {
    const { card } = JSON.parse((await run(`mirrors card --json ${PRIVATE}`)).stdout);
    const file = join(home, 'card.txt');
    writeFileSync(file, forge(card));
    const answer = await run(`mirrors add ${file}`);
    expect([answer.code, answer.stderr]).toEqual([code, expect.stringContaining(reason)]);
  });

  it.each(['0s', '91d', 'soon'])('makes no card that is good for %s', async (life) => {
    const { code, stderr } = await run(`mirrors card --expires ${life} ${PRIVATE}`);
    expect([code, stderr]).toEqual([2, expect.stringContaining('from 1m to 90d')]);
  });

  it('moves only to where this mirror answers', async () => {
    const allow = { TAMIZDAT_FETCH_ALLOW: server.pair };
    const publishers = (ids: string[]) => JSON.stringify({ publishers: ids.map((id) => ({ id })) });
    const answerWith = (body: string, type = 'application/json') =>
      server.on('/api/v1/publishers.json', (_request, response) =>
        response.writeHead(200, { 'Content-Type': type }).end(body),
      );
    const absent = await run(`move ${server.url('/nothing/')}`, allow);
    expect([absent.code, absent.stderr]).toEqual([1, expect.stringContaining('does not answer as a mirror')]);
    answerWith(publishers(['daily-lamp']));
    expect((await run(`move ${server.url('/')}`, allow)).stderr).toContain('does not carry global-voices');
    expect((await run('move')).stdout).toContain('No new address is announced.');
    answerWith(publishers(['global-voices']));
    const unproved = await run(`move --announce ${server.url('/')}`, allow);
    expect([unproved.code, unproved.stderr]).toEqual([
      1,
      expect.stringContaining("its signed tree is not this node's"),
    ]);
    const signed = treeFolderOf(home);
    const tree = new Map<string, Buffer>(
      readdirSync(signed, { withFileTypes: true, recursive: true })
        .filter((one) => one.isFile())
        .map((one) => join(one.parentPath, one.name))
        .map((file) => [`signed/${relative(signed, file)}`, readFileSync(file)] as const),
    );
    tree.set('api/v1/publishers.json', Buffer.from(publishers(['global-voices'])));
    const mirror = await startMirror(tree);
    const moved = await run(`move --announce --json ${mirror.url}`, { TAMIZDAT_FETCH_ALLOW: mirror.pair });
    await mirror.close();
    expect(JSON.parse(moved.stdout)).toMatchObject({ to: mirror.url, redirects: false });
    expect((await run('move --cancel')).stdout).toContain('No new address is announced.');
  });

  it('checks which addresses stand and carry what this node signs', async () => {
    const clock = createManualClock(Date.now());
    const node = await createTestNode({
      desk: true,
      publishers: [testPublisher({ id: 'global-voices', sources: [] })],
      clock,
      home,
    });
    try {
      const allow = { TAMIZDAT_FETCH_ALLOW: `${new URL(node.origin).host},${server.pair}` };
      const good = await run(`mirrors check --json ${node.origin}/`, allow);
      expect([good.code, JSON.parse(good.stdout)]).toEqual([
        0,
        [expect.objectContaining({ holds: true, verdict: 'fresh', reason: null })],
      ]);
      const other = await run(`mirrors check ${server.url('/')}`, allow);
      expect([other.code, other.stdout]).toEqual([1, expect.stringContaining('unproved')]);
    } finally {
      process.exitCode = undefined;
      await node.close();
    }
  });

  it('refuses to announce a private address', async () => {
    const { code, stderr } = await run('move http://10.0.0.4/');
    expect([code, stderr]).toEqual([2, expect.stringContaining('10.0.0.4')]);
  });
});
