import { isContact, isRouteUrl, parseHostPort } from '../addresses.js';
import { isCronExpression } from '../cron-expression.js';
import {
  count,
  duration,
  durations,
  flag,
  list,
  oneOf,
  optional,
  section,
  share,
  size,
  text,
} from '../keys.js';

const isAllowEntry = (value: string) => (parseHostPort(value)?.port ?? 0) > 0;

export const sync = section({
  cron: text(
    'When a pass starts: minute, hour, day, month, weekday.',
    'five cron fields such as */10 * * * *',
    isCronExpression,
    '*/10 * * * *',
  ),
  jitter: duration('Each pass is delayed by a random time up to this.', '45s', '0s', '30m'),
  concurrency: count('Publishers synced at the same time.', 2, 1, 16),
  childMemory: size('The sync process is recycled when it grows past this.', '384MiB', '128MiB', '8GiB'),
  recheck: durations(
    'Ages at which an article is checked again for edits and removals.',
    ['1h', '6h', '24h', '7d'],
    '10m',
    '90d',
  ),
  maxArticlesPerPass: count(
    'New or changed articles taken from one source in one pass; the others wait for the next.',
    1_000,
    1,
    100_000,
  ),
  maxPagesPerPass: count('Article pages read per publisher in one pass.', 60, 1, 10_000),
});

export const fetch = section({
  allow: list(
    'Private addresses that may be fetched from, for a local test server. Nothing else allows them.',
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
});

export const pictures = section({
  mode: oneOf('text-only fetches and shows no picture at all.', ['full', 'text-only'], 'full'),
  maxAge: duration('Pictures of older articles are dropped.', '365d', '1d', '3650d'),
  maxBytes: size('Space for all pictures together.', '4GB', '1MB', '1000GB'),
});

export const removal = section({
  dailyLimit: count(
    'Removals or rewrites of old texts in a day that need no decision by the keeper.',
    5,
    0,
    100_000,
  ),
  dailyShare: share('The same as a share of all articles; the larger of both counts.', 0.01),
});

export const staleness = section({
  quietAfter: duration('Silence of a publisher after which its lists say so.', '6h', '10m', '365d'),
  silentAfter: duration('Silence after which they show a stronger banner.', '72h', '1h', '365d'),
});
