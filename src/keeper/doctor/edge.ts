import type { Config } from '../../config/config.js';
import { isHeavy, keyText, renewalOverdueAt } from '../certificate.js';
import { agoText, countText } from '../units.js';
import { type Connection, type Instead, negotiated, tryConnection } from './connection.js';
import { type Finding, fail, ok, reasonOf, warn } from './finding.js';

interface Address {
  url: URL;
  /** The node's own listener stands for itself. */
  instead: Instead | null;
  /** It is the listener itself: its certificate may be for a name that is not known here. */
  own: boolean;
}

/** Looks at one address of the mirror as a reader on a throttled line meets it: certificate, sizes, whether it closes. */
export async function checkAddress(
  { url, instead, own }: Address,
  config: Config,
  now: number,
): Promise<Finding[]> {
  // A path may be the secret of those who read here, and what a doctor says is shown to others.
  const shown = `${url.origin}${url.pathname === '/' ? '/' : '/…/'}`;
  const name = instead === null ? shown : `${shown} at ${instead.host}:${instead.port}`;
  if (url.hostname.endsWith('.onion')) {
    return [ok('address', `${name} is an onion address, not looked at from here: open it in Tor Browser`)];
  }
  let connection: Connection;
  try {
    connection = await tryConnection(url, instead);
  } catch (error) {
    return [
      fail(
        'address',
        `${name}: ${reasonOf(error)}`,
        'Is the edge running, does the name lead here, is the port open? From inside some networks one’s own name cannot be reached: then look from outside.',
      ),
    ];
  }
  return [
    ...certificate(name, connection, own && config.site.urls.length === 0, now),
    ...sizes(name, connection, config),
    // Behind a proxy the node keeps its connections to it open, and the proxy closes those of readers.
    ...(own && config.http.edge === 'proxied' ? [] : closing(name, connection)),
    ...(url.protocol === 'https:' ? await protocols(name, url, instead, connection) : []),
  ];
}

function certificate(name: string, { tls }: Connection, unnamed: boolean, now: number): Finding[] {
  if (tls === null) return [];
  const [own] = tls.chain;
  const sent = tls.chain.reduce((sum, { bytes }) => sum + bytes, 0);
  const found = `${name} ${tls.protocol}, ${own === undefined ? 'no certificate' : keyText(own.certificate)}, ${tls.chain.length} certificates of ${countText(sent)} B; ${countText(tls.handshakeBytes)} B for the handshake`;
  if (own === undefined || (tls.untrusted !== null && !unnamed)) {
    return [
      fail(
        'certificate',
        `${found}; not trusted: ${tls.untrusted ?? 'there is none'}`,
        'Send the whole chain without its root, from an authority that browsers know.',
      ),
    ];
  }
  const expiresAt = Date.parse(own.certificate.validTo);
  if (now > renewalOverdueAt(own.certificate)) {
    return [
      fail(
        'certificate',
        `${found}; runs out ${agoText(expiresAt, now)}`,
        'It is not being renewed: look at the edge’s log.',
      ),
    ];
  }
  if (isHeavy(own.certificate, sent)) {
    return [
      warn(
        'certificate',
        `${found}: it takes from the bytes before a line freezes`,
        'Ask for an ECDSA certificate (P-256) with a short chain: it saves about 1 KB of each connection.',
      ),
    ];
  }
  return [ok('certificate', `${found}; runs out ${agoText(expiresAt, now)}`)];
}

function sizes(name: string, connection: Connection, { line }: Config): Finding[] {
  const { status, headBytes, bodyBytes, wireBytes } = connection;
  const found = `${name} answers ${status}: ${countText(bodyBytes)} B of page, ${countText(headBytes)} B of head, ${countText(wireBytes)} B in all`;
  if (status !== 200) {
    return [
      fail(
        'page',
        found,
        'Is it this node that answers? Compare site.urls, site.basePath and the edge’s settings.',
      ),
    ];
  }
  if (bodyBytes > line.bodyBytes) {
    return [
      fail(
        'page',
        `${found}; ${countText(line.bodyBytes)} B may come`,
        'Leave compression to the node, and let the edge pass Accept-Encoding on.',
      ),
    ];
  }
  if (wireBytes > line.freezeBytes) {
    return [
      warn(
        'page',
        `${found}; lines freeze from ${countText(line.freezeBytes)} B on`,
        'Shorten the certificate chain, and drop headers that the edge adds.',
      ),
    ];
  }
  if (headBytes > line.headerBytes) {
    return [
      warn(
        'page',
        `${found}; the head may have ${countText(line.headerBytes)} B`,
        'Drop headers that the edge adds.',
      ),
    ];
  }
  return [ok('page', found)];
}

const closing = (name: string, { closes }: Connection): Finding[] =>
  closes
    ? [ok('closing', `${name} closes after its answer`)]
    : [
        warn(
          'closing',
          `${name} stays open after its answer: a second page on one connection freezes`,
          'nginx: keepalive_timeout 0. Caddy: see docs/edge. Without an edge: http.edge: direct.',
        ),
      ];

async function protocols(
  name: string,
  url: URL,
  instead: Instead | null,
  { altSvc }: Connection,
): Promise<Finding[]> {
  const taken = await negotiated(url, instead).catch(reasonOf);
  const h3 = altSvc !== null && /\bh3\b/.test(altSvc);
  if (taken !== 'h2' && !h3) return [ok('protocols', `${name} speaks HTTP/1.1 alone`)];
  const offered = [taken === 'h2' ? 'HTTP/2' : null, h3 ? 'HTTP/3' : null].filter(Boolean).join(' and ');
  return [
    warn(
      'protocols',
      `${name} offers ${offered}: pages then share a connection, which freezes`,
      'Leave HTTP/1.1 alone: nginx without `http2 on`, Caddy with `protocols h1`.',
    ),
  ];
}
