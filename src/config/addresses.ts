import { isIP } from 'node:net';

export interface ListenAddress {
  host: string;
  port: number;
}

/** `127.0.0.1:8080`, `[::1]:8080`, `localhost:0`; null for anything else. */
export function parseHostPort(text: string): ListenAddress | null {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-fA-F:]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535) return null;
  if (bracketed !== undefined && isIP(bracketed) !== 6) return null;
  return { host, port };
}

/** Whether `text` is an absolute http(s) URL without credentials, query or fragment. */
export function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const web = url.protocol === 'http:' || url.protocol === 'https:';
  return web && url.username === '' && url.password === '' && url.search === '' && url.hash === '';
}

/** A proxy, `http://host:port` or `socks5://host:port`, credentials allowed. Names are resolved at the proxy. */
export function isRouteUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return hostname !== '' && (protocol === 'http:' || protocol === 'socks5:');
}

/** A mail address or an http(s) URL: somewhere a person can be reached. */
export function isContact(text: string): boolean {
  return isBaseUrl(text) || /^(?:mailto:)?[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(text);
}

/** A tag of BCP 47 in its canonical form. */
export function isLanguageTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text)[0] === text;
  } catch {
    return false;
  }
}

/** A plain mail address, no display name. */
export const isMailAddress = (text: string): boolean => /^[^\s@<>",;:()]+@[^\s@<>",;:()]+$/.test(text);

/** A mail server, `smtp://` or `smtps://`, credentials allowed. */
export function isSmtpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, search, hash, pathname } = new URL(text);
  const plain = (pathname === '' || pathname === '/') && search === '' && hash === '';
  return hostname !== '' && plain && (protocol === 'smtp:' || protocol === 'smtps:');
}
