import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isLoopbackHost, plainHttpReason } from '../../src/keeper/exposure.js';
import { createNode } from '../../src/node.js';
import { cli } from '../support/cli.js';
import { silentLog, testConfig } from '../support/test-node.js';

const reason = (env: Record<string, string>) => plainHttpReason(testConfig('/nowhere', env));

describe('a node whose readers are seen by their providers', () => {
  it.each([
    [{ TAMIZDAT_SITE_URLS: 'http://mirror.example/' }],
    [{ TAMIZDAT_SITE_URLS: 'https://mirror.example/,http://mirror.example/' }],
    [{ TAMIZDAT_LISTEN: '0.0.0.0:80' }],
    [{ TAMIZDAT_LISTEN: '192.0.2.7:8080' }],
  ])('is named: %j', (env) => {
    expect(reason(env)).not.toBeNull();
  });

  it.each([
    [{}],
    [{ TAMIZDAT_SITE_URLS: 'https://mirror.example/', TAMIZDAT_LISTEN: '0.0.0.0:8080' }],
    [{ TAMIZDAT_SITE_URLS: `http://${'a'.repeat(56)}.onion/`, TAMIZDAT_LISTEN: '0.0.0.0:8080' }],
    [{ TAMIZDAT_LISTEN: '0.0.0.0:8080', TAMIZDAT_HTTP_EDGE: 'proxied' }],
    [{ TAMIZDAT_LISTEN: '[::1]:8080' }],
  ])('is not one with %j', (env) => {
    expect(reason(env)).toBeNull();
  });

  it('says so in its log, its status and its doctor', async () => {
    const home = mkdtempSync(join(tmpdir(), 'tamizdat-exposed-'));
    const env = {
      TAMIZDAT_LISTEN: '127.0.0.1:0',
      TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
      TAMIZDAT_SITE_URLS: 'http://mirror.example/',
    };
    const warned: string[] = [];
    const node = await createNode(testConfig(home, env), [], {
      // Nothing is synced here.
      entry: join(home, 'none.js'),
      log: { ...silentLog, warn: (event) => void warned.push(event) },
    }).start();
    await node.stop();
    expect(warned).toContain('providers-see-what-is-read');
    const { stdout: status } = await cli(['status', '--home', home], { env });
    expect(status).toContain(
      'warn  Providers see what is read, and can change it: http://mirror.example/ is plain HTTP.',
    );
    const { stdout: doctor } = await cli(['doctor', '--offline', '--home', home], { env });
    expect(doctor).toMatch(/warn +public .*providers see what is read/i);
    rmSync(home, { recursive: true });
  });

  it.each([
    ['127.0.0.1', true],
    ['127.8.9.1', true],
    ['[::1]', true],
    ['LOCALHOST', true],
    ['mirror.localhost', true],
    ['127.0.0.1.example.org', false],
    ['localhost.example.org', false],
    ['0.0.0.0', false],
  ])('%s is this machine: %s', (host, is) => {
    expect(isLoopbackHost(host)).toBe(is);
  });
});
