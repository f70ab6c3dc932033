import { fromBase64url, toBase64url } from './base64url.js';

export interface TrustString {
  /** SHA-256 of a root.json of the repository: 32 bytes. */
  root: Buffer;
  /** Folders that hold head.json, each with a slash at its end, or a tar of one: `https:`, `http:` or `file:` URLs. */
  addresses: readonly string[];
}

export const writeTrustString = (root: Uint8Array, addresses: readonly string[]): string =>
  `tz1:${toBase64url(root)}@${addresses.map(shorten).join(',')}`;

/** `tz1:<base64url of SHA-256 of root.json>@ADDRESS,ADDRESS`; null where it is anything else. */
export function parseTrustString(text: string): TrustString | null {
  const [, encoded = '', list = ''] = /^tz1:([A-Za-z0-9_-]{43})@(\S+)$/.exec(text.trim()) ?? [];
  const root = fromBase64url(encoded);
  if (root === null || root.length !== 32) return null;
  const addresses = list.split(',').map(addressOf);
  return addresses.every((address) => address !== null) ? { root, addresses } : null;
}

/** Without a scheme an address means https; onion services and this very machine have no certificates, so http. */
export function addressOf(text: string): string | null {
  if (/^(?:file:\/\/)?\//i.test(text)) return fileAddress(text);
  const written = /^https?:\/\//i.test(text) ? text : `${defaultScheme(text)}://${text}`;
  if (text === '' || !URL.canParse(written) || written.indexOf('://') !== written.lastIndexOf('://'))
    return null;
  const url = new URL(written);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null;
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/** A folder or a tar on a stick. */
function fileAddress(text: string): string | null {
  const written = text.startsWith('/')
    ? `file://${encodeURI(text).replace(/[?#]/g, encodeURIComponent)}`
    : text;
  if (!URL.canParse(written)) return null;
  const { href, hostname } = new URL(written);
  if (hostname !== '') return null;
  return href.endsWith('/') || href.endsWith('.tar') ? href : `${href}/`;
}

function defaultScheme(text: string): 'http' | 'https' {
  const host = /^(\[[^\]]*\]|[^:/]*)/.exec(text)?.[1]?.toLowerCase() ?? '';
  return host.endsWith('.onion') || host === 'localhost' || host === '[::1]' || /^127\.[\d.]+$/.test(host)
    ? 'http'
    : 'https';
}

function shorten(address: string): string {
  const [, scheme = '', rest = ''] = /^(https?):\/\/(.*?)\/?$/.exec(address) ?? [];
  return rest !== '' && defaultScheme(rest) === scheme ? rest : address;
}
