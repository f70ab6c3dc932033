import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/domain/errors.js';
import { heavyCertificateReason } from '../../src/keeper/certificate.js';
import { listen } from '../../src/serve/listen.js';
import { readCertificate, reloadOnChange, TLS_OPTIONS } from '../../src/serve/tls-files.js';
import { createCurtain } from '../support/curtain.js';
import { testConfig } from '../support/test-node.js';
import { tlsEc } from '../support/tls-ec.js';

const run = promisify(execFile);
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/tls-ec/${name}`, import.meta.url));
/** This Node, and a newer one where `TAMIZDAT_NODE24` names it, as scripts/test does: Node 24 offers ML-KEM, 1,088 B of an answer if it were taken. */
const NODES = [
  process.execPath,
  ...(process.env.TAMIZDAT_NODE24 === undefined ? [] : [process.env.TAMIZDAT_NODE24]),
];
const READ_ONCE = `require('node:https').get({ host: '127.0.0.1', port: process.argv[1], servername: 'mirror-a.test', agent: false },
  (answer) => { let bytes = 0; answer.on('data', (part) => { bytes += part.length; }).on('end', () => process.stdout.write(String(bytes))); });`;
const { line } = testConfig('/nowhere');
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

  it('takes a renewed certificate without a restart, and keeps the old one where the new pair does not fit, with a word', async () => {
    const files = { cert: join(folder, 'renewed.pem'), key: join(folder, 'renewed.key') };
    copyFileSync(fixture('chain.pem'), files.cert);
    copyFileSync(fixture('server.key'), files.key);
    const server = createServer({ ...TLS_OPTIONS, ...readCertificate(files) });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const heard: string[] = [];
    const stop = reloadOnChange(files, server, { onTrouble: (reason) => heard.push(reason), lookMs: 20 });
    const shown = () => chainShown((server.address() as AddressInfo).port);
    expect(await shown()).toBe(2);

    writeFileSync(files.key, '-----BEGIN PRIVATE KEY-----\nnone\n-----END PRIVATE KEY-----\n');
    await expect.poll(() => heard.join()).toMatch(/do not make a pair/);
    expect(await shown()).toBe(2);

    copyFileSync(fixture('server.key'), files.key);
    const [own = ''] = /-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/.exec(tlsEc.chain.toString()) ?? [];
    writeFileSync(files.cert, `${own}\n`);
    await expect.poll(shown).toBe(1);
    stop();
    await new Promise((resolve) => server.close(resolve));
  });

  it('resumes a session by its ticket, and agrees on X25519', async () => {
    const server = await listen(
      app,
      { host: '127.0.0.1', port: 0 },
      { cert: fixture('chain.pem'), key: fixture('server.key') },
    );
    const options = { host: '127.0.0.1', port: server.port, servername: 'mirror-a.test', ca: tlsEc.root };
    const first = connect(options);
    const session = await new Promise<Buffer>((resolve) => {
      first.once('session', resolve);
      first.write('GET / HTTP/1.1\r\nHost: mirror-a.test\r\n\r\n');
    });
    expect(first.getEphemeralKeyInfo()).toMatchObject({ name: 'X25519' });
    expect(first.getPeerX509Certificate()?.publicKey.asymmetricKeyType).toBe('ec');
    first.destroy();
    const second = connect({ ...options, session });
    await new Promise<void>((resolve) => second.once('secureConnect', () => resolve()));
    expect(second.isSessionReused()).toBe(true);
    second.destroy();
    await server.close(500);
  });

  it.each(NODES)(
    'a page at the very limit of body and head loads through a freezing line in %s',
    async (node) => {
      const body = randomBytes(line.bodyBytes);
      const headers = { Connection: 'close', 'X-Filler': 'x'.repeat(line.headerBytes - 160) };
      const server = await listen(
        { fetch: () => new Response(body, { headers }) },
        { host: '127.0.0.1', port: 0 },
        { cert: fixture('chain.pem'), key: fixture('server.key') },
      );
      const target = { host: '127.0.0.1', port: server.port };
      const curtain = await createCurtain({
        target,
        freezeBytes: line.freezeBytes,
        packets: line.packets,
        burst: null,
      });
      const { stdout } = await run(node, ['-e', READ_ONCE, String(curtain.port)], {
        env: { NODE_EXTRA_CA_CERTS: fixture('root.pem') },
        timeout: 20_000,
      });
      expect(Number(stdout)).toBe(body.length);
      expect(curtain.connections()[0]?.fromServerBytes).toBeGreaterThan(body.length + 2_500 + 600);
      await curtain.close();
      await server.close(500);
    },
  );

  it('knows a certificate that takes too much of a freezing line', () => {
    expect(heavyCertificateReason(fixture('chain.pem'))).toBeNull();
    const long = join(folder, 'long.pem');
    writeFileSync(long, tlsEc.chain.toString().repeat(4));
    expect(heavyCertificateReason(long)).toMatch(/^EC prime256v1, a chain of \d{4} B/);
    expect(heavyCertificateReason(fixture('../tls-rsa/server.pem'))).toMatch(/^RSA 2048/);
    expect(heavyCertificateReason(join(folder, 'none.pem'))).toBeNull();
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

/** How many certificates a server shows to a new connection. */
function chainShown(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
      let count = 0;
      let certificate = socket.getPeerX509Certificate();
      while (certificate !== undefined) {
        count += 1;
        certificate = certificate.issuerCertificate;
      }
      socket.destroy();
      resolve(count);
    });
    socket.on('error', reject);
  });
}
