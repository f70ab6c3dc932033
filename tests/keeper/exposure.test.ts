import { describe, expect, it } from 'vitest';
import { isLoopbackHost, plainHttpReason } from '../../src/keeper/exposure.js';
import { testConfig } from '../support/test-node.js';

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
