import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeAdminToken } from '../../src/config/admin-token.js';
import { loadConfig } from '../../src/config/load.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tamizdat-token-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const load = () =>
  loadConfig({ argvFlags: { home }, env: {}, readFile: (path) => readFileSync(path, 'utf8') });

it('makes a token that the next start finds, readable by nobody else', () => {
  const { token, file } = makeAdminToken(home);
  expect(load().admin.token).toBe(token);
  expect(token.length).toBeGreaterThanOrEqual(32);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

it('leaves what stands in secrets.yaml, comments too', () => {
  const file = join(home, 'secrets.yaml');
  writeFileSync(file, '# the way out\nfetch:\n  route: socks5://127.0.0.1:9050\n');
  makeAdminToken(home);
  expect(readFileSync(file, 'utf8')).toContain('# the way out');
  expect(load().fetch.route).toBe('socks5://127.0.0.1:9050');
});

it('says what to set where it cannot be written', () => {
  mkdirSync(join(home, 'secrets.yaml'));
  expect(() => makeAdminToken(home)).toThrow(expect.objectContaining({ code: 'admin-token' }));
});
