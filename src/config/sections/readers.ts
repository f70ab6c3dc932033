import { isBaseUrl, isContact, isLanguageTag } from '../addresses.js';
import { count, duration, flag, given, list, oneOf, optional, section, size, text } from '../keys.js';
import { LINE, type LineNumber } from '../line.js';

const isBasePath = (value: string) => /^\/(?:[A-Za-z0-9._~-]+\/)*$/.test(value);
const isCacheControl = (value: string) => /^(?:no-store|no-cache|public, max-age=\d{1,6})$/.test(value);

const dated = ({ doc, asOf, source }: LineNumber) => `${doc} As of ${asOf}: ${source}.`;

export const site = section({
  name: text('Name of this mirror, shown in the masthead.', 'a text', given, 'Tamizdat'),
  keeper: optional('Who keeps this node, shown on /about/.', 'a text', given),
  contact: optional('How to reach the keeper.', 'a mail address or an http(s) URL', isContact),
  source: optional(
    'Where to get the source code of the program that runs here, linked on /about/ (AGPL, section 13).',
    'an http(s) URL',
    isBaseUrl,
  ),
  urls: list(
    'Every address this mirror has, best first: absolute links in feeds come from here. Empty: from the request.',
    'a list of absolute http(s) URLs without query',
    isBaseUrl,
    [],
  ),
  language: text('Language of the front page and of shared pages.', 'a BCP 47 tag', isLanguageTag, 'en'),
  basePath: text('Path under which the tree is served.', 'a path such as / or /news/', isBasePath, '/'),
  noindex: flag('Ask search engines to leave this mirror out.', false),
  titleNamesPublisher: flag(
    'Name the publisher in <title>. Chat previews and browser histories then reveal it.',
    false,
  ),
  canonical: oneOf('Whether pages name the original as canonical URL.', ['none', 'original'], 'none'),
  brotliQuality: count(
    'Effort for compressing pages. On a weak board 5 takes a tenth of the time of 10; pages grow by a tenth.',
    10,
    5,
    11,
  ),
});

export const http = section({
  edge: oneOf(
    'direct: readers connect to this process, which closes after every answer; proxied: the proxy closes.',
    ['direct', 'proxied'],
    'direct',
  ),
  cacheControl: text(
    'Cache-Control of pages and feeds. no-store leaves nothing in the browser.',
    'no-store, no-cache, or public, max-age=SECONDS',
    isCacheControl,
    'public, max-age=60',
  ),
});

export const tls = section({
  cert: optional(
    'File of the certificate chain (PEM, ECDSA, short). Set together with key.',
    'a path',
    given,
  ),
  key: optional('File of the private key (PEM). Set together with cert.', 'a path', given),
});

export const line = section({
  bodyBytes: size(dated(LINE.bodyBytes), LINE.bodyBytes.value, '2048B', '1MiB'),
  headerBytes: size(dated(LINE.headerBytes), LINE.headerBytes.value, '400B', '16KiB'),
  freezeBytes: size(dated(LINE.freezeBytes), LINE.freezeBytes.value, '4096B', '1MiB'),
  packets: count(dated(LINE.packets), LINE.packets.value, 10, 1_000),
  burst: count(dated(LINE.burst), LINE.burst.value, 2, 100),
  burstWindow: duration(dated(LINE.burstWindow), LINE.burstWindow.value, '50ms', '1m'),
});
