import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

const service = z.object({
  build: z.unknown().optional(),
  image: z.string(),
  profiles: z.array(z.string()).default([]),
  restart: z.string(),
  read_only: z.literal(true),
  cap_drop: z.tuple([z.literal('ALL')]),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()),
  ulimits: z.object({ core: z.literal(0) }),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()),
  environment: z.array(z.string()).default([]),
  mem_limit: z.string(),
  logging: z.object({ options: z.object({ 'max-size': z.string(), 'max-file': z.string() }) }),
});

const compose = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
  .parse(parse(read('compose.yaml'), { merge: true }));
const { tamizdat, edge, onion } = compose.services;

describe('compose.yaml', () => {
  it('gives no service a privilege that it does not need, a core dump or a log without bounds', () => {
    expect(Object.keys(compose.services)).toEqual(['tamizdat', 'edge', 'onion']);
    for (const one of Object.values(compose.services))
      expect(one.security_opt).toEqual(['no-new-privileges:true']);
    expect([tamizdat?.cap_add, edge?.cap_add, onion?.cap_add]).toEqual([[], ['NET_BIND_SERVICE'], []]);
  });

  it('starts the node alone, on this machine alone, unless a profile is asked for', () => {
    expect([tamizdat?.profiles, edge?.profiles, onion?.profiles]).toEqual([[], ['edge'], ['onion']]);
    expect(tamizdat?.ports).toEqual(['127.0.0.1:8080:8080']);
    expect(tamizdat?.mem_limit).toBe('256m');
    expect(onion?.ports).toEqual([]);
  });

  it('needs DOMAIN alone for an edge with a certificate, and says the same to both sides', () => {
    const wanted = [...read('compose.yaml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name);
    expect([...new Set(wanted)].sort()).toEqual(['DOMAIN', 'TAMIZDAT_HTTP_EDGE', 'TAMIZDAT_SITE_URLS']);
    expect(tamizdat?.environment.find((line) => line.startsWith('TAMIZDAT_HTTP_EDGE='))).toContain(
      'DOMAIN:+proxied',
    );
    expect(edge?.volumes).toContain('./docs/edge/Caddyfile:/etc/caddy/Caddyfile:ro');
    // HTTP/3 would need UDP.
    expect(edge?.ports).toEqual(['80:80', '443:443/tcp']);
    const known = [...read('docs/edge/Caddyfile').matchAll(/\{\$([A-Z_]+)/g)].map(([, name]) => name);
    for (const line of edge?.environment ?? []) expect(known).toContain(line.split('=')[0]);
  });

  it('names every volume that it keeps', () => {
    const kept = Object.values(compose.services).flatMap(({ volumes }) =>
      volumes.map((volume) => volume.split(':')[0] ?? '').filter((name) => !name.startsWith('.')),
    );
    expect(kept.sort()).toEqual(Object.keys(compose.volumes).sort());
  });
});

describe('the Dockerfile', () => {
  const text = read('Dockerfile');

  it('names no machine: it builds on amd64 and on arm64', () => {
    expect(text).not.toMatch(/amd64|arm64|x86_64|aarch64|--platform/);
    expect(text).toContain('process.arch');
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
