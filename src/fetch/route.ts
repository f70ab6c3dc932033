import { UsageError } from '../domain/errors.js';
import type { Route } from './fetch-options.js';

/** Where a proxy listens, its scheme's usual port filled in. */
export const addressOf = ({ hostname, port, protocol }: URL): { host: string; port: number } => ({
  host: hostname.replace(/^\[|\]$/g, ''),
  port: Number(port) || (protocol === 'socks5:' ? 1080 : 80),
});

/** The proxy of a route, or null for none. Throws `UsageError` for what is no `http:` or `socks5:` URL with a host. */
export function proxyOf(route: Route | null): URL | null {
  if (route === null) return null;
  const proxy = URL.canParse(route.proxy) ? new URL(route.proxy) : null;
  if (proxy !== null && ['http:', 'socks5:'].includes(proxy.protocol) && proxy.hostname !== '') return proxy;
  // Not quoted back: it may hold a password.
  throw new UsageError('fetch.bad-route', 'the proxy of the route is not one that can be used', {
    hint: 'write http://host:port or socks5://host:port',
  });
}
