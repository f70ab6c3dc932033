import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { cli } from '../support/cli.js';

describe('config print', () => {
  const env = { TAMIZDAT_FETCH_ROUTE: 'socks5://mole:hunter2@127.0.0.1:9050', TAMIZDAT_FETCH_TIMEOUT: '9s' };

  it('says what is in force as YAML, and who set it', async () => {
    const { stdout } = await cli(['config', 'print'], { env });
    expect(parse(stdout)).toMatchObject({
      fetch: { timeout: '9s', maxRedirects: 5 },
      sync: { jitter: '45s' },
    });
    expect(stdout).toContain('# from environment TAMIZDAT_FETCH_TIMEOUT\n  timeout: 9s');
  });

  it.each([[['config', 'print']], [['config', 'print', '--json']], [['config', 'check', '--json']]])(
    'never shows a password (%j)',
    async (argv) => {
      const { code, stdout, stderr } = await cli(argv, { env });
      expect(code).toBe(0);
      expect(stdout + stderr).not.toMatch(/hunter2|mole/);
    },
  );
});

describe('config check', () => {
  it('reads the certificate that a start would read', async () => {
    const env = { TAMIZDAT_TLS_CERT: '/nowhere/chain.pem', TAMIZDAT_TLS_KEY: '/nowhere/key.pem' };
    const { code, stderr } = await cli(['config', 'check'], { env });
    expect([code, stderr]).toEqual([2, expect.stringContaining('tls.cert: cannot read /nowhere/chain.pem')]);
  });

  it('tells a script which keys are set', async () => {
    const { stdout } = await cli(['config', 'check', '--json'], { env: { TAMIZDAT_LISTEN: '127.0.0.1:9' } });
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      set: [{ key: 'listen', origin: 'environment TAMIZDAT_LISTEN' }],
      publishers: ['moscow-times', 'moscow-times-ru'],
    });
  });
});
