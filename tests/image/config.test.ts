import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { createStack, type Stack } from './stack.js';

const DOMAIN = 'mirror.example.org';
let stack: Stack;
afterEach(() => stack.down());

/** compose.yaml as Compose itself reads it, with the variables put in. */
function config(variables: Record<string, string> = {}) {
  stack = createStack(variables);
  return JSON.parse(stack.compose('--profile', '*', 'config', '--format', 'json'));
}

describe('compose.yaml, as Compose reads it', () => {
  it('gives no service a privilege that it does not need, and each its bounds', () => {
    for (const [name, service] of Object.entries<Record<string, unknown>>(config().services)) {
      expect(service).toMatchObject({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        pids_limit: 128,
        ulimits: { core: expect.anything() },
        restart: 'unless-stopped',
        logging: { driver: 'json-file', options: { 'max-size': '5m', 'max-file': '2' } },
        mem_limit: name === 'tamizdat' ? '268435456' : '134217728',
      });
      expect(service.cap_add ?? null).toEqual(name === 'edge' ? ['NET_BIND_SERVICE'] : null);
    }
  });

  it.each([
    [[], ['tamizdat']],
    [
      ['--profile', 'edge'],
      ['edge', 'tamizdat'],
    ],
    [
      ['--profile', 'onion'],
      ['onion', 'tamizdat'],
    ],
  ])('starts the node alone unless a profile is asked for: %j', (profile, started) => {
    stack = createStack({});
    expect(
      stack
        .compose(...profile, 'config', '--services')
        .split('\n')
        .sort(),
    ).toEqual(started);
  });

  it('opens the node on this machine alone, and the edge to everybody, over TCP: HTTP/3 would need UDP', () => {
    const { services } = config();
    const ports = (name: string) =>
      (services[name].ports ?? []).map(({ host_ip: ip, published, protocol }: Record<string, string>) =>
        [ip ?? '*', published, protocol].join(' '),
      );
    expect(ports('tamizdat')).toEqual(['127.0.0.1 8080 tcp', '127.0.0.1 8081 tcp']);
    expect(ports('edge')).toEqual(['* 80 tcp', '* 443 tcp']);
    expect(ports('onion')).toEqual([]);
  });

  it('needs nothing said, and DOMAIN alone for an edge with a certificate', () => {
    expect(config().services.tamizdat.environment).toMatchObject({
      TAMIZDAT_SITE_URLS: '',
      TAMIZDAT_HTTP_EDGE: '',
    });
    const { tamizdat, edge } = config({ DOMAIN }).services;
    expect(tamizdat.environment).toMatchObject({
      TAMIZDAT_SITE_URLS: `https://${DOMAIN}/`,
      TAMIZDAT_HTTP_EDGE: 'proxied',
    });
    expect(edge.environment).toEqual({ TAMIZDAT_DOMAIN: DOMAIN, TAMIZDAT_UPSTREAM: 'tamizdat:8080' });
    const caddyfile = readFileSync('docs/edge/Caddyfile', 'utf8');
    const known = [...caddyfile.matchAll(/\{\$([A-Z_]+)/g)].map(([, name]) => name);
    expect(known).toEqual(expect.arrayContaining(Object.keys(edge.environment)));
  });

  it('hands on what is set in the shell or in .env, which goes before what DOMAIN says', () => {
    const set = {
      TAMIZDAT_SITE_URLS: `https://${DOMAIN}/,http://example.onion/`,
      TAMIZDAT_SITE_NAME: 'A mirror',
    };
    expect(config({ DOMAIN: 'x.example', ...set }).services.tamizdat.environment).toMatchObject(set);
  });

  it('says nothing that its keeper would have to look up', () => {
    config();
    expect(stack.warnings()).toBe('');
  });
});
