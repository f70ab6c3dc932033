import { isIP } from 'node:net';
import { parseHostPort } from './addresses.js';

const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const PRIVATE_ENDINGS = ['localhost', 'local', 'internal', 'lan', 'home', 'arpa', 'test', 'invalid'];

/** Whether a publisher may name `host`: a public name in lower case, `*.` before it allowed; others only through `fetch.allow`. */
export function isPublisherHost(host: string, allow: readonly string[]): boolean {
  if (allow.some((entry) => entry === host || parseHostPort(entry)?.host === host)) return true;
  const labels = host.replace(/^\*\./, '').split('.');
  const last = labels.at(-1) ?? '';
  if (isIP(host) !== 0 || labels.length < 2 || /^\d+$/.test(last)) return false;
  return host.length <= 253 && labels.every((label) => LABEL.test(label)) && !PRIVATE_ENDINGS.includes(last);
}

/** Whether `url` points at one of `hosts`: exact names or `*.example.org`, which covers every name below. */
export function isWithinHosts(url: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname, host } = new URL(url);
  return hosts.some((allowed) =>
    allowed.startsWith('*.') ? hostname.endsWith(allowed.slice(1)) : allowed === hostname || allowed === host,
  );
}
