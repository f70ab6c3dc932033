import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** IANA gives out global unicast IPv6 from this block alone (RFC 4291 section 2.4, RFC 3587). */
const GLOBAL_UNICAST_V6 = ipaddr.parseCIDR('2000::/3');

/**
 * Whether `address` is one that the public can reach: global unicast and nothing else. Every special range is refused:
 * private, loopback, link-local (cloud metadata), carrier-grade NAT, multicast, documentation, benchmarking, reserved, and
 * the IPv6 forms that carry an IPv4 address inside (mapped, compatible, NAT64, 6to4, Teredo), whatever they carry.
 * Anything but a plain address answers false.
 */
export function isPublicAddress(address: string): boolean {
  // ipaddr.js also reads octal and shortened forms, which other software reads otherwise.
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast') return false;
  return parsed.kind() === 'ipv4' || parsed.match(GLOBAL_UNICAST_V6);
}

/** The address in a URL's host, brackets off, or null where the host is a name. */
export function addressLiteral(url: URL): string | null {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(host) === 0 ? null : host;
}
