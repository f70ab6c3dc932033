import { rmSync, writeFileSync } from 'node:fs';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secretPathsFile } from '../../src/config/secret-paths.js';
import { UsageError } from '../../src/domain/errors.js';
import { listen } from '../../src/serve/listen.js';
import { createPlaces } from '../../src/serve/places.js';
import { cli } from '../support/cli.js';
import { createManualClock } from '../support/manual-clock.js';
import { rawAsk } from '../support/raw-ask.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, type StandIn, story } from '../sync/stand-in.js';

const tlsFile = (name: string) => fileURLToPath(new URL(`../fixtures/tls-ec/${name}`, import.meta.url));

let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

const paths = async (...argv: string[]) => {
  const result = await cli(['paths', ...argv, '--home', node.home]);
  node.readers.places.refresh();
  return result;
};
const statusOf = async (path: string) => (await node.get(path)).status;

beforeAll(async () => {
  site = await createStandIn([story(1)]);
  node = await createTestNode({
    publishers: [site.publisher({ names: { en: 'The Stand-in Times' } })],
    clock: createManualClock(FIRST_AT + DAY_MS),
    env: site.env,
  });
  await node.pass();
});
afterAll(async () => {
  await node.close();
  await site.close();
});

describe('a secret address', () => {
  it('opens at once and closes everything else', async () => {
    expect(await statusOf('/')).toBe(200);
    const added = await paths('add', 'telegram', '--word', 'word-for-telegram');
    expect([added.code, added.stdout]).toEqual([0, expect.stringContaining('/word-for-telegram/\n')]);
    expect(await statusOf('/word-for-telegram/')).toBe(200);
    const outside = await node.get('/');
    expect([outside.status, outside.headers.server, outside.wireBytes]).toEqual([404, 'nginx/1.22.1', 153]);
    for (const path of [
      '/stand-in/a1/',
      '/rss.xml',
      '/about/',
      '/robots.txt',
      '/healthz',
      '/word-for-telegra/',
    ])
      expect(await statusOf(path), path).toBe(404);
  });

  it('is made by chance, long enough never to be guessed', async () => {
    const { stdout } = await paths('add', 'by chance', '--json');
    const { path } = JSON.parse(stdout);
    expect(path).toMatch(/^\/[A-Za-z0-9_-]{16}\/$/);
    expect(await statusOf(path)).toBe(200);
  });

  it('names itself and no other in absolute links', async () => {
    await paths('add', 'mail', '--word', 'word-for-mail');
    for (const word of ['word-for-mail', 'word-for-telegram']) {
      const other = word === 'word-for-mail' ? 'word-for-telegram' : 'word-for-mail';
      for (const path of ['rss.xml', 'opml.xml', 'feeds/', 'stand-in/atom.xml']) {
        const { text, status } = await node.get(`/${word}/${path}`);
        expect([status, text.includes(`${node.origin}/${word}/`), text.includes(other)], path).toEqual([
          200,
          true,
          false,
        ]);
        expect(text).not.toMatch(new RegExp(`${node.origin}/(?!${word}/)`));
      }
    }
  });

  it('leads to itself without its slash, and so do the folders in it', async () => {
    expect((await node.get('/word-for-mail')).headers.location).toBe('/word-for-mail/');
    expect((await node.get('/word-for-mail?utm_source=x')).headers.location).toBe('/word-for-mail/');
    expect((await node.get('/word-for-mail/about')).headers.location).toBe('/word-for-mail/about/');
  });

  it('shows neither the program nor a publisher where it leads nowhere', async () => {
    const [inside, outside] = await Promise.all([node.get('/word-for-mail/nothing'), node.get('/nothing')]);
    expect({ ...inside, headers: { ...inside.headers, date: '' } }).toEqual({
      ...outside,
      headers: { ...outside.headers, date: '' },
    });
    const { port } = new URL(node.origin);
    for (const method of ['POST', 'DELETE', 'FOO']) {
      const { text } = await rawAsk(
        Number(port),
        `${method} /word-for-mail/x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
      expect(text).toMatch(/^HTTP\/1\.1 40[45] /);
      expect(text).not.toMatch(/tamizdat|stand-in/i);
    }
  });

  it('is closed at once when it is revoked; the others stay', async () => {
    expect((await paths('revoke', 'telegram')).code).toBe(0);
    expect(await statusOf('/word-for-telegram/')).toBe(404);
    expect(await statusOf('/word-for-mail/')).toBe(200);
    expect((await paths('revoke', 'telegram')).code).toBe(1);
  });

  it('stays what it was where the file is damaged or gone while the node runs', async () => {
    writeFileSync(secretPathsFile(node.home), '{"quiet":fal');
    node.readers.places.refresh();
    expect([await statusOf('/'), await statusOf('/word-for-mail/')]).toEqual([404, 200]);
    expect(() => createPlaces(node.home, '/', () => {})).toThrow(UsageError);
    rmSync(secretPathsFile(node.home));
    node.readers.places.refresh();
    expect([await statusOf('/'), await statusOf('/word-for-mail/')]).toEqual([404, 200]);
  });

  it('is no longer needed once the keeper says so', async () => {
    await paths('add', 'mail', '--word', 'word-for-mail');
    await paths('revoke', 'mail');
    expect(await statusOf('/')).toBe(404);
    await paths('open');
    expect(await statusOf('/')).toBe(200);
  });

  it('cannot be a short word, nor taken twice', async () => {
    for (const argv of [
      ['add', 'x', '--word', 'short'],
      ['add', 'x', '--word', 'with/a/slash/in/it'],
      ['add', '<script>'],
    ])
      expect((await paths(...argv)).code, argv.join(' ')).toBe(2);
  });
});

describe('over TLS', () => {
  it('answers by address and without a server name, and its certificate names only what its keeper put there', async () => {
    await paths('add', 'tls', '--word', 'word-for-tls');
    const server = await listen(
      node.readers.app,
      { host: '127.0.0.1', port: 0 },
      { cert: tlsFile('chain.pem'), key: tlsFile('server.key') },
      node.readers.door,
    );
    const ask = (path: string) =>
      new Promise<string>((resolve, reject) => {
        let text = '';
        const socket = connectTls({ host: '127.0.0.1', port: server.port, rejectUnauthorized: false }, () =>
          socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`),
        );
        socket.on('data', (part) => {
          text += part;
        });
        socket.on('close', () => resolve(text));
        socket.on('error', reject);
      });
    const [inside, outside, simple] = [await ask('/word-for-tls/'), await ask('/'), await ask('/\r\n')];
    await server.close(500);
    await paths('open');
    expect(inside).toMatch(/^HTTP\/1\.1 200 /);
    expect(inside).toContain('Lighthouse report 1');
    expect(outside).toMatch(/^HTTP\/1\.1 404 Not Found\r\nServer: nginx/);
    expect(simple).toMatch(/^<html>\r\n<head><title>404 Not Found/);
  });
});
