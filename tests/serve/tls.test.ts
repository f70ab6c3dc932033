import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/domain/errors.js';
import { listen } from '../../src/serve/listen.js';
import { tlsEc } from '../support/tls-ec.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/tls-ec/${name}`, import.meta.url));
const app = { fetch: () => new Response('behind TLS\n', { headers: { Connection: 'close' } }) };

describe('TLS in the node itself', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-tls-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('answers over TLS 1.3 with the given chain and key', async () => {
    const server = await listen(
      app,
      { host: '127.0.0.1', port: 0 },
      { cert: fixture('chain.pem'), key: fixture('server.key') },
    );
    const answer = await new Promise<{ text: string; protocol: string | null }>((resolve, reject) => {
      const sent = request(
        { host: '127.0.0.1', port: server.port, servername: 'mirror-a.test', ca: tlsEc.root, agent: false },
        (response) => {
          let text = '';
          const protocol = (response.socket as import('node:tls').TLSSocket).getProtocol();
          response.on('data', (part: Buffer) => {
            text += part;
          });
          response.on('end', () => resolve({ text, protocol }));
        },
      );
      sent.on('error', reject);
      sent.end();
    });
    await server.close(500);
    expect(answer).toEqual({ text: 'behind TLS\n', protocol: 'TLSv1.3' });
  });

  it('says which file cannot be read, and that two files are no pair', () => {
    const missing = { cert: join(folder, 'none.pem'), key: fixture('server.key') };
    expect(() => listen(app, { host: '127.0.0.1', port: 0 }, missing)).toThrow(UsageError);
    expect(() => listen(app, { host: '127.0.0.1', port: 0 }, missing)).toThrow(/tls\.cert: cannot read/);
    copyFileSync(fixture('chain.pem'), join(folder, 'chain.pem'));
    writeFileSync(join(folder, 'other.key'), 'no key at all');
    expect(() =>
      listen(
        app,
        { host: '127.0.0.1', port: 0 },
        { cert: join(folder, 'chain.pem'), key: join(folder, 'other.key') },
      ),
    ).toThrow(/do not make a pair/);
  });
});
