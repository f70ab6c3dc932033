import { isIP } from 'node:net';
import type { Config } from '../config/config.js';

/** Whether `host` can only be this machine. */
export const isLoopbackHost = (host: string): boolean => {
  const plain = host.replace(/^\[|\]$/g, '').toLowerCase();
  if (plain === 'localhost' || plain.endsWith('.localhost') || plain === '::1') return true;
  return isIP(plain) === 4 && plain.startsWith('127.');
};

/**
 * Why readers' providers can see and change what is read: an address readers use is plain HTTP, or, where none is named, the node
 * itself listens beyond this machine without TLS and without a proxy in front. Null where neither holds.
 */
export function plainHttpReason(config: Pick<Config, 'site' | 'listen' | 'tls' | 'http'>): string | null {
  const open = config.site.urls.find((url) => {
    const { protocol, hostname } = new URL(url);
    return protocol === 'http:' && !hostname.endsWith('.onion') && !isLoopbackHost(hostname);
  });
  if (open !== undefined) return `${open} is plain HTTP`;
  if (config.site.urls.length > 0 || config.tls !== null || config.http.edge === 'proxied') return null;
  if (isLoopbackHost(config.listen.host)) return null;
  return `it listens on ${config.listen.host}:${config.listen.port} without TLS`;
}
