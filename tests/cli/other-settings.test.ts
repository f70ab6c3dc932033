import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { announceRunning } from '../../src/keeper/running-file.js';
import { settingsMark } from '../../src/keeper/settings-mark.js';
import { openDatabase } from '../../src/store/database.js';
import { cli } from '../support/cli.js';
import { testConfig } from '../support/test-node.js';

it('a command that writes is refused beside a node with other settings, and done with the same', async () => {
  const home = mkdtempSync(join(tmpdir(), 'tamizdat-settings-'));
  const file = join(home, 'tamizdat.sqlite');
  openDatabase(file).close();
  const hash = () => createHash('sha256').update(readFileSync(file)).digest('hex');
  const before = hash();
  const health = createServer((_request, response) => response.end('ok\n'));
  await new Promise<void>((resolve) => health.listen(0, '127.0.0.1', resolve));
  const at = { host: '127.0.0.1', port: (health.address() as AddressInfo).port };
  const env = { TAMIZDAT_PUBLISHERS: 'global-voices', TAMIZDAT_SITE_NAME: 'The mirror' };
  const settings = settingsMark(testConfig(home, env), ['global-voices']);
  const withdraw = announceRunning(home, { keeper: at, readers: at, settings });
  const publish = (given: Record<string, string>) =>
    cli(['mirrors', 'publish', 'https://second.example/', '--home', home], { env: given });

  for (const other of [{}, { ...env, TAMIZDAT_SITE_NAME: 'Another' }]) {
    const { code, stderr } = await publish(other);
    expect(code).toBe(2);
    expect(stderr).toContain('has other settings than this command');
    expect(stderr).toContain('config.yaml');
  }
  expect(hash()).toBe(before);
  expect(await publish(env)).toMatchObject({ code: 0, stderr: '' });
  withdraw();
  expect(await publish({})).toMatchObject({ code: 0 });
  health.close();
  rmSync(home, { recursive: true });
});
