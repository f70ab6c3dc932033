import { addressLiteral } from './address-guard.js';
import { failed } from './fetch-failure.js';
import type { FetchOptions } from './fetch-options.js';

/** RFC 1035 section 2.3.4, less the two bytes that frame a name. */
const MAX_NAME_CHARS = 253;

const withoutDot = (host: string): string => host.toLowerCase().replace(/\.$/, '');

/** Whether `host` is one of `patterns`: exact names, or `*.example.org` for every name under it, itself not included. */
export function hostMatches(host: string, patterns: readonly string[]): boolean {
  const name = withoutDot(host);
  return patterns.some((pattern) => {
    const wanted = withoutDot(pattern);
    return wanted.startsWith('*.') ? name.endsWith(wanted.slice(1)) : name === wanted;
  });
}

/** `host:port` of a URL, the scheme's own port filled in. */
function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port}`;
}

export interface Admission {
  /** Whether the pair of this URL skips the address check. */
  isAllowedPair(url: URL): boolean;
  /** Throws the refusal of a URL that may not be asked for whatever its name resolves to. */
  admit(url: URL, hosts: readonly string[]): void;
}

/** What can be refused by looking at the URL alone. What its name resolves to is looked at when dialing. */
export function createAdmission(options: Pick<FetchOptions, 'allow' | 'route'>): Admission {
  const pairs = new Set(options.allow.map((pair) => pair.toLowerCase()));
  const isAllowedPair = (url: URL): boolean => pairs.has(hostAndPort(url));

  return {
    isAllowedPair,
    admit(url, hosts) {
      if (url.protocol !== 'http:' && url.protocol !== 'https:') {
        throw failed('host-refused', `only http and https are fetched, not ${url.protocol}`);
      }
      if (url.username !== '' || url.password !== '') {
        throw failed('host-refused', `the URL for ${url.host} carries credentials`);
      }
      // A proxy is told a name's length in one byte: of a longer one it would read the beginning, an address perhaps.
      if (url.hostname.length > MAX_NAME_CHARS) {
        throw failed('host-refused', `${url.hostname.slice(0, 60)}... is longer than a name can be`);
      }
      // Through a route only names go: an address there would name something near the proxy.
      if (addressLiteral(url) !== null && (options.route !== null || !isAllowedPair(url))) {
        throw failed(
          'address-refused',
          `${url.host} is an address, and only names are fetched, or what fetch.allow lists`,
        );
      }
      if (!hostMatches(url.hostname, hosts)) {
        throw failed('host-refused', `${url.hostname} is not among the hosts of this publisher`);
      }
      // A proxy would resolve such a name to itself or to its own neighbors.
      if (options.route !== null && !isAllowedPair(url) && isLocalName(url.hostname)) {
        throw failed('host-refused', `${url.hostname} is a local name: nothing to ask a proxy for`);
      }
    },
  };
}

const LOCAL_SUFFIX = /\.(localhost|local|internal|home\.arpa|lan)$/;

function isLocalName(host: string): boolean {
  const name = withoutDot(host);
  return !name.includes('.') || LOCAL_SUFFIX.test(name);
}
