import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { interpolate, podmanFlags, readCompose } from '../support/compose.js';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

const { services, volumes } = readCompose({});
const { tamizdat, edge, onion } = services;
const environment = (variables: Record<string, string>) =>
  readCompose(variables).services.tamizdat.environment;

describe('compose.yaml', () => {
  // The schema of tests/support/compose.ts knows no other keys, and wants the hardening of every service.
  it('gives no service a privilege that it does not need', () => {
    expect([tamizdat.cap_add, edge.cap_add, onion.cap_add]).toEqual([[], ['NET_BIND_SERVICE'], []]);
    expect(podmanFlags(tamizdat, 'x').join(' ')).toContain('--ulimit core=0');
  });

  it('starts the node alone, on this machine alone, unless a profile is asked for', () => {
    expect([tamizdat.profiles, edge.profiles, onion.profiles]).toEqual([[], ['edge'], ['onion']]);
    expect(tamizdat.ports).toEqual(['127.0.0.1:8080:8080', '127.0.0.1:8081:8081']);
    expect(tamizdat.mem_limit).toBe('256m');
    expect(onion.ports).toEqual([]);
  });

  it('needs nothing said, and DOMAIN alone for an edge with a certificate', () => {
    expect(environment({})).toEqual(['TAMIZDAT_SITE_URLS=', 'TAMIZDAT_HTTP_EDGE=']);
    expect(environment({ DOMAIN: 'mirror.example.org' })).toEqual([
      'TAMIZDAT_SITE_URLS=https://mirror.example.org/',
      'TAMIZDAT_HTTP_EDGE=proxied',
    ]);
    const named = readCompose({ DOMAIN: 'mirror.example.org' }).services.edge;
    expect(named.environment).toEqual([
      'TAMIZDAT_DOMAIN=mirror.example.org',
      'TAMIZDAT_UPSTREAM=tamizdat:8080',
    ]);
    expect(named.volumes).toContain('./docs/edge/Caddyfile:/etc/caddy/Caddyfile:ro');
    const known = [...read('docs/edge/Caddyfile').matchAll(/\{\$([A-Z_]+)/g)].map(([, name]) => name);
    for (const line of named.environment) expect(known).toContain(line.split('=')[0]);
    // HTTP/3 would need UDP.
    expect(named.ports).toEqual(['80:80', '443:443/tcp']);
  });

  it('hands on what is set in the shell or in .env, which goes before what DOMAIN says', () => {
    const urls = 'https://mirror.example.org/,http://example.onion/';
    const set = environment({
      DOMAIN: 'x.example',
      TAMIZDAT_SITE_URLS: urls,
      TAMIZDAT_SITE_NAME: 'A $ mirror',
    });
    expect(set).toContain(`TAMIZDAT_SITE_URLS=${urls}`);
    expect(set).toContain('TAMIZDAT_SITE_NAME=A $ mirror');
  });

  it('names every volume that it keeps', () => {
    const kept = Object.values(services).flatMap((one) =>
      one.volumes.map((volume) => volume.split(':')[0] ?? '').filter((name) => !name.startsWith('.')),
    );
    expect(kept.sort()).toEqual(Object.keys(volumes).sort());
  });

  // @ stands for the dollar.
  it.each([
    ['@A-@{A}', 'a-a'],
    ['@{NONE:-no @{A}}', 'no a'],
    ['@{A:-no}', 'a'],
    ['@{A:+https://@{A}/}', 'https://a/'],
    ['@{NONE:+yes}|@{NONE}|@NONE', '||'],
    ['@{EMPTY:-@{NONE:-{x}}}', '{x}'],
    ['@@{A}', '@{A}'],
  ])('is read with the variables put in as Compose does: %s', (text, wanted) => {
    const dollars = (marked: string) => marked.replaceAll('@', '$');
    expect(interpolate(dollars(text), { A: 'a', EMPTY: '' })).toBe(dollars(wanted));
  });
});

describe('the Dockerfile', () => {
  const text = read('Dockerfile');

  it('names no machine: it builds on amd64 and on arm64', () => {
    expect(text).not.toMatch(/amd64|arm64|x86_64|aarch64|--platform/);
  });

  it('finds in the lock a ready-made binary for both machines', () => {
    const locked = Object.keys(JSON.parse(read('package-lock.json')).packages);
    for (const machine of ['x64', 'arm64'])
      for (const name of ['@img/sharp-linux', '@img/sharp-libvips-linux', '@esbuild/linux'])
        expect(locked).toContain(`node_modules/${name}-${machine}`);
  });

  it('runs as a user that is not root, and builds the node last', () => {
    const stages = text.split(/^FROM /m).slice(1);
    expect(stages.at(-1)).toMatch(/^USER 1000:1000$/m);
    expect(stages.at(-1)).toContain('dist/main.js');
    expect(stages.find((stage) => stage.includes(' AS onion'))).toMatch(/^USER debian-tor$/m);
  });
});

describe('the systemd unit', () => {
  const unit = read('scripts/systemd/tamizdat.service');

  it('leaves no core dump, no capability and nothing but its own folder to write to', () => {
    for (const line of [
      'LimitCORE=0',
      'CapabilityBoundingSet=',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'StateDirectory=tamizdat',
      'User=tamizdat',
    ])
      expect(unit.split('\n')).toContain(line);
  });
});
