import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { describeWith } from '../support/tools.js';

const shipped = (name: string): string => fileURLToPath(new URL(`../../docs/edge/${name}`, import.meta.url));

describeWith(['caddy', 'tor'], 'the edge files we ship', ({ caddy, tor }) => {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-edge-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are valid to Debian’s Caddy as compose.yaml sets them: HTTP/1.1 alone, a certificate by itself', () => {
    const adapted = spawnSync(
      caddy,
      ['adapt', '--validate', '--adapter', 'caddyfile', '--config', shipped('Caddyfile')],
      {
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          TAMIZDAT_DOMAIN: 'news.example.org',
          TAMIZDAT_UPSTREAM: 'tamizdat:8080',
        },
        encoding: 'utf8',
      },
    );
    expect(adapted.status, adapted.stderr).toBe(0);
    const { apps } = JSON.parse(adapted.stdout);
    const servers: { protocols: string[]; listen: string[] }[] = Object.values(apps.http.servers);
    expect(servers.every(({ protocols }) => String(protocols) === 'h1')).toBe(true);
    expect(adapted.stdout).toContain('news.example.org');
    expect(adapted.stdout).toContain('"dial":"tamizdat:8080"');
    // No file of ours: Caddy asks an authority.
    expect(apps.tls.certificates).toBeUndefined();
  });

  it('are valid to Debian’s tor, and open no port', () => {
    const verified = spawnSync(
      tor,
      ['--verify-config', '-f', shipped('torrc'), '--DataDirectory', join(folder, 'tor')],
      {
        encoding: 'utf8',
      },
    );
    expect(verified.status, verified.stdout).toBe(0);
    expect(readFileSync(shipped('torrc'), 'utf8')).not.toMatch(/^(?:ORPort|DirPort|SocksPort|ControlPort)/m);
  });
});
