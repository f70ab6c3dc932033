import { z } from 'zod';
import { isPublisherId } from '../domain/publisher.js';
import { isBaseUrl, isContact, isLanguageTag, isRouteUrl, parseHostPort } from './addresses.js';
import { isCronExpression } from './cron-expression.js';
import { refuse } from './explain.js';
import { checked, count, duration, durations, flag, key, oneOf, share, size } from './keys.js';
import { LINE, type LineNumber } from './line.js';

const listen = (doc: string, fallback: string) =>
  key(
    z.string().transform((text, context) => {
      const address = parseHostPort(text);
      if (address !== null) return address;
      context.addIssue({ code: 'custom', message: 'not HOST:PORT' });
      return z.NEVER;
    }),
    { doc, fallback, reads: 'text', allowed: 'HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080' },
  );

const text = (doc: string, allowed: string, test: (value: string) => boolean, fallback: string) =>
  key(checked(test), { doc, allowed, fallback, reads: 'text' });

const optional = (doc: string, allowed: string, test: (value: string) => boolean, secret = false) =>
  key(checked(test).nullable(), {
    doc,
    allowed: `${allowed}, or null`,
    fallback: null,
    reads: 'text',
    secret,
  });

const list = (doc: string, allowed: string, test: (value: string) => boolean, fallback: readonly string[]) =>
  key(z.array(checked(test)).max(200), { doc, allowed, fallback, reads: 'list' });

const given = (value: string) => value.trim() !== '' && value.length <= 4_096;
const isBasePath = (value: string) => /^\/(?:[A-Za-z0-9._~-]+\/)*$/.test(value);
const isCacheControl = (value: string) => /^(?:no-store|no-cache|public, max-age=\d{1,6})$/.test(value);
const isAllowEntry = (value: string) => (parseHostPort(value)?.port ?? 0) > 0;

const dated = ({ doc, asOf, source }: LineNumber) => `${doc} As of ${asOf}: ${source}.`;

/** A section may be left out: every key has a fallback. */
const section = <S extends z.ZodRawShape>(shape: S) => {
  const keys = z.strictObject(shape);
  return keys.prefault({} as z.input<typeof keys>);
};

const keysAndSections = z.strictObject({
  home: text(
    'Folder of the database, pictures and keys. Relative to the working directory.',
    'a path',
    given,
    'data/state',
  ),
  listen: listen('Address that readers are served on.', '127.0.0.1:8080'),
  publishers: list(
    'Publishers to mirror, by id. `publishers list` names those there are.',
    'a list of publisher ids',
    isPublisherId,
    ['moscow-times', 'moscow-times-ru'],
  ),
  site: section({
    name: text('Name of this mirror, shown in the masthead.', 'a text', given, 'Tamizdat'),
    keeper: optional('Who keeps this node, shown on /about/.', 'a text', given),
    contact: optional('How to reach the keeper.', 'a mail address or an http(s) URL', isContact),
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
  }),
  sync: section({
    cron: text(
      'When a pass starts: minute, hour, day, month, weekday.',
      'five cron fields such as */10 * * * *',
      isCronExpression,
      '*/10 * * * *',
    ),
    jitter: duration('Each pass starts up to this much later, by chance.', '45s', '0s', '30m'),
    concurrency: count('Publishers synced at the same time.', 2, 1, 16),
    childMemory: size('The sync process is recycled when it grows past this.', '384MiB', '128MiB', '8GiB'),
    recheck: durations(
      'Ages at which an article is looked at again for edits and removals.',
      ['1h', '6h', '24h', '7d'],
      '10m',
      '90d',
    ),
    maxPagesPerPass: count('Article pages read per publisher in one pass.', 60, 1, 10_000),
  }),
  fetch: section({
    allow: list(
      'Private addresses that may be fetched from, for a local stand-in. Nothing else opens them.',
      'a list of HOST:PORT',
      isAllowEntry,
      [],
    ),
    timeout: duration('Longest a whole fetch may take, redirects included.', '15s', '1s', '5m'),
    maxFeedBytes: size('Largest feed or listing as sent.', '20MB', '64KiB', '64MB'),
    maxPageBytes: size('Largest article page as sent.', '10MB', '64KiB', '64MB'),
    maxPictureBytes: size('Largest picture as sent.', '12MB', '64KiB', '64MB'),
    maxDecompressedBytes: size('Largest answer after decompression.', '32MB', '64KiB', '64MB'),
    maxRedirects: count('Redirects followed, each checked like the first address.', 5, 0, 20),
    politeness: duration('Pause between two requests to one host.', '1s', '0s', '10m'),
    userAgentContact: optional(
      'Contact in the User-Agent, so that a publisher can write instead of blocking.',
      'a mail address or an http(s) URL',
      isContact,
    ),
    route: optional(
      'Proxy that all fetching goes through. May hold a password: keep it in secrets.yaml then.',
      'http://HOST:PORT or socks5://HOST:PORT',
      isRouteUrl,
      true,
    ),
    respectRobots: flag('Honor robots.txt for article pages.', true),
  }),
  http: section({
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
  }),
  tls: section({
    cert: optional(
      'File of the certificate chain (PEM, ECDSA, short). Set together with key.',
      'a path',
      given,
    ),
    key: optional('File of the private key (PEM). Set together with cert.', 'a path', given),
  }),
  pictures: section({
    mode: oneOf('text-only fetches and shows no picture at all.', ['full', 'text-only'], 'full'),
    maxAge: duration('Pictures of older articles are dropped.', '365d', '1d', '3650d'),
    maxBytes: size('Room that all pictures together may take.', '4GB', '1MB', '1000GB'),
  }),
  line: section({
    bodyBytes: size(dated(LINE.bodyBytes), LINE.bodyBytes.value, '2048B', '1MiB'),
    headerBytes: size(dated(LINE.headerBytes), LINE.headerBytes.value, '400B', '16KiB'),
    freezeBytes: size(dated(LINE.freezeBytes), LINE.freezeBytes.value, '4096B', '1MiB'),
    packets: count(dated(LINE.packets), LINE.packets.value, 10, 1_000),
    burst: count(dated(LINE.burst), LINE.burst.value, 2, 100),
    burstWindow: duration(dated(LINE.burstWindow), LINE.burstWindow.value, '50ms', '1m'),
  }),
  admin: section({
    listen: listen(
      'Address of /healthz, metrics and the keeper. Keep it off the open net.',
      '127.0.0.1:8081',
    ),
  }),
  log: section({
    level: oneOf('Least important lines that are written.', ['debug', 'info', 'warn', 'error'], 'info'),
    format: oneOf('text for people, json for programs.', ['text', 'json'], 'text'),
  }),
  removal: section({
    dailyLimit: count(
      'Removals or rewrites of old texts in a day that pass without the keeper.',
      5,
      0,
      100_000,
    ),
    dailyShare: share('The same as a share of all articles; the larger of both counts.', 0.01),
  }),
  staleness: section({
    quietAfter: duration('Silence of a publisher after which its lists say so.', '6h', '10m', '365d'),
    silentAfter: duration('Silence after which they say so loudly.', '72h', '1h', '365d'),
  }),
});

/** The configuration as it is written in the file. A key that is not here is an error. */
export const configSchema = keysAndSections.superRefine(({ tls, staleness, line }, context) => {
  if ((tls.cert === null) !== (tls.key === null)) {
    refuse(
      context,
      ['tls', tls.cert === null ? 'cert' : 'key'],
      'tls.cert and tls.key are set together or not at all',
    );
  }
  if (staleness.silentAfter <= staleness.quietAfter) {
    refuse(context, ['staleness', 'silentAfter'], 'it must be longer than staleness.quietAfter');
  }
  if (line.bodyBytes >= line.freezeBytes) {
    refuse(context, ['line', 'bodyBytes'], 'it must be smaller than line.freezeBytes');
  }
});
