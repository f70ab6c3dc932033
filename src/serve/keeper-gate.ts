import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';

export interface GateConfig {
  /** Names that a browser may use besides this machine's own, without port: the address listened on, `admin.hosts`. */
  hosts: readonly string[];
  /** Asked for where it is not null. */
  token: string | null;
}

/** What every answer to the keeper carries. A form's sender must stay known (`Origin`), so referrers are kept to this address. */
export const KEEPER_HEADERS = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
} as const;

const FOREIGN = `This is the keeper's address of a node. It does not answer under the name you used for it.
Use 127.0.0.1 or localhost, or put the name into admin.hosts in the configuration.
`;
const NO_TOKEN = `This node listens for its keeper beyond its own machine, so it asks for a password: admin.token.
It stands in secrets.yaml in the node's home. The user name is not looked at.
`;

/**
 * Who may speak to the keeper's address. A name that is not this node's own is refused with 421 (RFC 9110 section 15.5.20): a hostile
 * page can make any name of its own lead to 127.0.0.1 (DNS rebinding), but cannot choose what the browser writes into Host. With a
 * token, all but `/healthz` wants it, as the password of Basic or as Bearer; no cookie is set.
 */
export function keeperGate({ hosts, token }: GateConfig): MiddlewareHandler {
  const known = new Set(hosts.map(bare));
  return async (c, next) => {
    const host = bare((c.req.header('host') ?? '').replace(/:\d+$/, ''));
    if (!isThisMachine(host) && !known.has(host)) return c.text(FOREIGN, 421, KEEPER_HEADERS);
    if (token !== null && c.req.path !== '/healthz' && !holds(c.req.header('authorization'), token)) {
      return c.text(NO_TOKEN, 401, {
        ...KEEPER_HEADERS,
        'WWW-Authenticate': 'Basic realm="keeper", charset="UTF-8"',
      });
    }
    await next();
  };
}

const bare = (host: string): string => host.toLowerCase().replace(/^\[|\]$/g, '');

const isThisMachine = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

function holds(authorization: string | undefined, token: string): boolean {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(authorization ?? '') ?? [];
  if (/^bearer$/i.test(scheme)) return same(value, token);
  if (!/^basic$/i.test(scheme)) return false;
  const plain = Buffer.from(value, 'base64').toString('utf8');
  return same(plain.slice(plain.indexOf(':') + 1), token);
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Takes the same time whatever differs. */
export const same = (a: string, b: string): boolean => timingSafeEqual(digest(a), digest(b));
