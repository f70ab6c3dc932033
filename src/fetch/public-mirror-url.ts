import { addressLiteral, isPublicAddress } from './address-guard.js';

/** Names that no public resolver answers (RFC 6761, RFC 8375, RFC 9476, ICANN's .internal), and those of home networks. */
const LOCAL_NAMES = /(?:^|\.)(?:localhost|local|internal|lan|home|corp|home\.arpa|test|invalid|alt)\.?$/i;

/**
 * The address of a mirror as it may be made public, ending in a slash; or why it may not be. Web addresses want https, onion
 * services have no certificates, IPFS names need none. `allow` are the HOST:PORT pairs of `fetch.allow`, for a local stand-in.
 */
export function publicMirrorUrl(
  text: string,
  allow: readonly string[],
): { url: string } | { problem: string } {
  if (!URL.canParse(text)) return { problem: 'not an address: write it whole, as https://mirror.example/' };
  const url = new URL(text);
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    return { problem: 'an address here has no user name, query or fragment' };
  const whole = url.href.endsWith('/') ? url.href : `${url.href}/`;
  if (url.protocol === 'ipfs:' || url.protocol === 'ipns:') return { url: whole };
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { problem: 'only https, http on an onion service, ipfs and ipns addresses can be published' };
  if (allow.includes(`${url.hostname}:${url.port}`)) return { url: whole };
  if (url.hostname.endsWith('.onion')) return { url: whole };
  if (url.protocol === 'http:')
    return { problem: 'it must be https: anybody on the way could change an http page' };
  const literal = addressLiteral(url);
  const isPrivate =
    literal === null
      ? !url.hostname.includes('.') || LOCAL_NAMES.test(url.hostname)
      : !isPublicAddress(literal);
  return isPrivate
    ? { problem: 'only a public address can be published; hand private ones over with `mirrors card`' }
    : { url: whole };
}
