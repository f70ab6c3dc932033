import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STYLE_CSP_SOURCE } from '../../src/render/page.css.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, type StandIn, story } from '../sync/stand-in.js';

const clock = createManualClock(FIRST_AT + DAY_MS);
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

beforeAll(async () => {
  site = await createStandIn([story(1), story(2)]);
  node = await createTestNode({ publishers: [site.publisher()], clock, env: site.env });
  await node.pass();
});

afterAll(async () => {
  await node.close();
  await site.close();
});

/** The answer's bytes as they come over the wire, to the end of the connection, for which a busy machine is given time. */
const overTheWire = (request: string): Promise<{ text: string; closed: boolean }> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(node.origin).port), '127.0.0.1', () => socket.write(request));
    const parts: Buffer[] = [];
    socket.on('data', (part) => parts.push(part));
    socket.on('error', reject);
    socket.setTimeout(20_000, () => {
      resolve({ text: Buffer.concat(parts).toString('latin1'), closed: false });
      socket.destroy();
    });
    socket.on('end', () => resolve({ text: Buffer.concat(parts).toString('latin1'), closed: true }));
  });

const PATHS = ['/', '/stand-in/', '/stand-in/a1/', '/stand-in/rss.xml', '/api/v1/changes/1.json', '/about/'];

describe('an answer', () => {
  it('has a strong validator of its own for each coding, and is not sent again to who has it', async () => {
    for (const path of PATHS) {
      const tags = new Set<string>();
      for (const coding of ['br', 'gzip', 'identity']) {
        const answer = await node.get(path, { 'accept-encoding': coding });
        expect(answer.headers['content-encoding'], path).toBe(coding === 'identity' ? undefined : coding);
        const { etag = '' } = answer.headers;
        expect(etag).toMatch(/^"[\w-]+"$/);
        tags.add(etag);
        for (const known of [etag, `"other", ${etag}`, `W/${etag}`, '*']) {
          const again = await node.get(path, { 'accept-encoding': coding, 'if-none-match': known });
          expect([again.status, again.wireBytes, again.headers.etag], path).toEqual([304, 0, etag]);
          expect(again.headers.vary).toBe('Accept-Encoding');
        }
      }
      expect(tags.size, path).toBe(3);
      expect((await node.get(path, { 'if-none-match': '"something-else"' })).status).toBe(200);
    }
  });

  it('tells truly when it last changed', async () => {
    const answer = await node.get('/stand-in/a1/');
    const { 'last-modified': modified = '' } = answer.headers;
    expect(Date.parse(modified)).toBe(clock.now());
    expect((await node.get('/stand-in/a1/', { 'if-modified-since': modified })).status).toBe(304);
    const earlier = new Date(clock.now() - 1_000).toUTCString();
    expect((await node.get('/stand-in/a1/', { 'if-modified-since': earlier })).status).toBe(200);
    const both = { 'if-modified-since': modified, 'if-none-match': '"other"' };
    expect((await node.get('/stand-in/a1/', both)).status).toBe(200);
    expect((await node.get('/stand-in/a1/', { 'if-modified-since': 'yesterday' })).status).toBe(200);
  });

  it('to HEAD is the same without the body', async () => {
    for (const path of PATHS) {
      const got = await node.get(path, { 'accept-encoding': 'br' });
      const head = await node.get(path, { 'accept-encoding': 'br' }, 'HEAD');
      expect([head.status, head.wireBytes]).toEqual([200, 0]);
      expect(Number(head.headers['content-length'])).toBe(got.wireBytes);
      expect({ ...head.headers, date: '' }).toEqual({ ...got.headers, date: '' });
    }
  });

  it('sets no cookie, allows nothing but its own style, and names no one to the next site', async () => {
    for (const path of [...PATHS, '/nothing/', '/stand-in/a1']) {
      const { headers } = await node.get(path);
      expect(headers['set-cookie'], path).toBeUndefined();
      expect(headers['referrer-policy'], path).toBe('no-referrer');
      expect(headers['x-content-type-options'], path).toBe('nosniff');
      const policy = headers['content-security-policy'];
      if (!headers['content-type']?.startsWith('text/html')) continue;
      expect(policy, path).toBe(
        `default-src 'none';connect-src 'self';style-src ${STYLE_CSP_SOURCE};img-src data:;form-action 'self';base-uri 'none';frame-ancestors 'none'`,
      );
    }
  });

  it('ends the connection, with a head of at most 700 bytes', async () => {
    for (const path of PATHS) {
      const { text, closed } = await overTheWire(
        `GET ${path} HTTP/1.1\r\nHost: mirror.example\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n`,
      );
      const head = text.slice(0, text.indexOf('\r\n\r\n') + 4);
      expect(closed, path).toBe(true);
      expect(head).toMatch(/\r\nconnection: close\r\n/i);
      expect(head).not.toMatch(/keep-alive/i);
      expect(head.length, `${path}\n${head}`).toBeLessThanOrEqual(700);
    }
  });

  it('is the same whatever query is appended', async () => {
    for (const path of PATHS) {
      const plain = await node.get(path);
      const tracked = await node.get(`${path}?utm_source=feed&fbclid=1`);
      expect([tracked.status, tracked.headers.etag]).toEqual([200, plain.headers.etag]);
    }
  });

  it('to any other method is 405 and says which are allowed', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const answer = await node.get('/stand-in/', {}, method);
      expect(answer.status, method).toBe(405);
      expect(answer.headers.allow, method).toContain('GET, HEAD');
    }
  });

  it('to a Host that is no host name is 400', async () => {
    for (const host of [
      'evil.example/path',
      'a b',
      '<script>',
      'x'.repeat(300),
      'user@host',
      'a.example:99999999',
    ]) {
      const { text } = await overTheWire(
        `GET /stand-in/rss.xml HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
      expect(text, host).toMatch(/^HTTP\/1\.1 400 /);
      expect(text).not.toContain(`//${host}`);
    }
  });
});
