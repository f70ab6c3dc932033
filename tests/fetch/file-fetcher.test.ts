import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFileFetcher, FILE_FETCH_DEFAULTS } from '../../src/fetch/file-fetcher.js';
import {
  conditional,
  drip,
  endless,
  gzipBomb,
  type HostileServer,
  redirect,
  reset,
  send,
  silence,
  startHostileServer,
  status,
  wrongLength,
} from '../support/hostile-server.js';

let server: HostileServer;

beforeEach(async () => {
  server = await startHostileServer();
});
afterEach(() => server.close());

const fetcher = (more: Partial<Parameters<typeof createFileFetcher>[0]> = {}) =>
  createFileFetcher({
    ...FILE_FETCH_DEFAULTS,
    userAgent: 'test',
    allow: [server.pair],
    route: null,
    ...more,
  });
const get = (path: string, more: object = {}, by = fetcher()) =>
  by.fetch({ url: server.url(path), maxBytes: 1_000, ...more });

describe('a file of a tree that proves itself', () => {
  it('comes whole, with its tag, and not again while it is the same', async () => {
    server.on('/a', conditional('hello', '"1"', 'x'));
    expect(await get('/a')).toMatchObject({ kind: 'file', etag: '"1"', bytes: Buffer.from('hello') });
    expect(await get('/a', { etag: '"1"' })).toEqual({ kind: 'not-modified' });
  });

  it('is unpacked, and never past what may be held', async () => {
    server.on('/z', send(gzipSync('hello'), { 'content-encoding': 'gzip' }));
    server.on('/bomb', gzipBomb(1));
    expect(await get('/z')).toMatchObject({ kind: 'file', bytes: Buffer.from('hello') });
    expect(await get('/bomb', { maxBytes: 65_536 })).toEqual({ kind: 'too-large' });
  });

  it('is let go of at the first byte too many, announced or not', async () => {
    let written = 0;
    server.on(
      '/endless',
      endless((bytes) => (written = bytes)),
    );
    server.on('/long', send('x'.repeat(1_001)));
    expect(await get('/endless')).toEqual({ kind: 'too-large' });
    expect(await get('/long')).toEqual({ kind: 'too-large' });
    expect(written).toBeLessThan(20_000_000);
  });

  it('is given up when it drips, freezes or says nothing', async () => {
    server.on('/drip', drip(20));
    server.on('/silence', silence());
    const hasty = fetcher({ timeoutMs: 1_000 });
    const [dripped, silent] = await Promise.all([get('/drip', {}, hasty), get('/silence', {}, hasty)]);
    expect(dripped).toMatchObject({
      kind: 'cut',
      detail: expect.stringContaining('slower than the least speed'),
    });
    expect(silent).toMatchObject({ kind: 'unreachable' });
    server.on('/frozen', (_request, response) => {
      response.writeHead(200, { 'content-length': 900 });
      response.write('x'.repeat(800));
    });
    expect(await get('/frozen', {}, fetcher({ silenceMs: 400 }))).toMatchObject({
      kind: 'cut',
      receivedBytes: 800,
    });
  });

  it('is cut where it ends before its end', async () => {
    server.on('/short', wrongLength(900, 'too little'));
    server.on('/reset', reset('beginning'));
    expect(await get('/short')).toMatchObject({ kind: 'cut', receivedBytes: 10 });
    expect(await get('/reset', { maxBytes: 50_000 })).toMatchObject({ kind: 'cut' });
  });

  it('is not looked for elsewhere: a redirect is an answer, and not this file', async () => {
    server.on('/moved', redirect(302, '/a'));
    server.on('/a', send('hello'));
    expect(await get('/moved')).toEqual({ kind: 'refused', detail: 'redirects (302)' });
    expect(server.requests.map(({ path }) => path)).toEqual(['/moved']);
  });

  it('tells a missing file from a refusal', async () => {
    server.on('/403', status(403));
    expect(await get('/nothing')).toEqual({ kind: 'missing', status: 404 });
    expect(await get('/403')).toEqual({ kind: 'refused', detail: 'answers 403' });
  });

  it('comes in pieces, and only in the piece that was asked for', async () => {
    const whole = createHash('sha512').update('x').digest();
    server.on('/range', (request, response) => {
      const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(String(request.headers.range)) ?? [];
      const part = whole.subarray(Number(first), Number(last) + 1);
      response
        .writeHead(206, { 'content-range': `bytes ${first}-${Number(first) + part.length - 1}/64` })
        .end(part);
    });
    server.on('/wrong', (_request, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-9/64' }).end(whole.subarray(0, 10));
    });
    const range = { first: 60, last: 80 };
    expect(await get('/range', { range })).toMatchObject({
      kind: 'piece',
      bytes: whole.subarray(60),
      totalBytes: 64,
    });
    expect(await get('/wrong', { range })).toMatchObject({ kind: 'refused' });
  });

  it('is fetched from no private address that the operator did not open', async () => {
    server.on('/a', send('hello'));
    expect(await fetcher({ allow: [] }).fetch({ url: server.url('/a'), maxBytes: 100 })).toMatchObject({
      kind: 'unreachable',
    });
    expect(server.requests).toEqual([]);
  });

  it('says what an onion address needs', async () => {
    const outcome = await get('/').then(() =>
      fetcher().fetch({ url: 'http://abc.onion/head.json', maxBytes: 10 }),
    );
    expect(outcome).toMatchObject({ kind: 'unreachable', detail: expect.stringContaining('follow.route') });
  });
});
