import { isWithinHosts } from '../config/hosts.js';
import { stableIdOf } from '../domain/article-key.js';
import type { FeedEntry } from '../domain/feed.js';
import type { FetchOutcome } from '../domain/fetch-outcome.js';
import type { Fetcher } from '../domain/fetcher.js';
import type { Publisher, PublisherSource } from '../domain/publisher.js';
import { parseSitemap } from '../parse/parse-sitemap.js';
import { parseWordPress } from '../parse/parse-wordpress.js';
import { describeOutcome } from './describe-outcome.js';
import { parseInTime } from './parse-in-time.js';

export type ArchiveStep =
  /** `cursor`: what to go on with after these; `reachedAt`: how far back the walk has come, null where nothing says. */
  | { kind: 'entries'; entries: readonly FeedEntry[]; cursor: string; reachedAt: number | null }
  /** A part of the archive that no later try will bring: the walk goes on without it. */
  | { kind: 'lost'; url: string; reason: string }
  /** The walk ends before its end. `isLimit`: it made all the requests it may, and nothing is wrong. */
  | { kind: 'trouble'; reason: string; isLimit?: true };

export interface ArchiveWalk {
  sinceAt: number;
  /** Of an earlier walk over the same source; null: from the newest on. */
  cursor: string | null;
  /** Requests at most: a step of trouble says that there is more. */
  mostRequests: number;
  signal?: AbortSignal;
}

/** As many as one index may name (sitemaps.org): enough for any archive, and a bound where indexes name each other without end. */
const MOST_SITEMAPS = 50_000;

type Kept = Extract<FetchOutcome, { kind: 'fetched' }>;

/** Walks a publisher's archive from the newest article back to `sinceAt`, one polite request a step. Only articles come out. */
export async function* walkArchive(
  publisher: Publisher,
  source: PublisherSource,
  walk: ArchiveWalk,
  fetcher: Fetcher,
): AsyncGenerator<ArchiveStep> {
  let left = walk.mostRequests;
  const get = (url: string, expect: 'feed' | 'json'): Promise<FetchOutcome> => {
    left -= 1;
    const signal = walk.signal === undefined ? {} : { signal: walk.signal };
    return fetcher.fetch({ url, expect, hosts: publisher.hosts, ...signal });
  };
  const context = ({ contentType, url }: Kept) => ({ contentType, url, timeZone: publisher.timeZone });
  const step = (entries: readonly FeedEntry[], cursor: string): ArchiveStep & { kind: 'entries' } => {
    const dated = articlesAmong(publisher, entries);
    const times = dated.flatMap(({ publishedAt }) => publishedAt ?? []);
    return {
      kind: 'entries',
      entries: dated.filter(({ publishedAt }) => publishedAt === null || publishedAt >= walk.sinceAt),
      cursor,
      reachedAt: times.length === 0 ? null : Math.min(...times),
    };
  };

  /** WordPress REST API handbook, "Pagination": `page` counts from 1, newest first; past the last page it answers 400. Without its `Z`, `after` were the site's own time. */
  async function* wordPress(): AsyncGenerator<ArchiveStep> {
    let before = '';
    for (let page = Number(walk.cursor ?? 1); ; page += 1) {
      if (left === 0) return yield outOfRequests;
      const url = new URL(source.url);
      url.searchParams.set('page', String(page));
      url.searchParams.set('after', new Date(walk.sinceAt).toISOString().replace(/\.\d+/, ''));
      const outcome = await get(url.href, 'json');
      if (outcome.kind === 'failed' && outcome.reason === 'bad-status' && page > 1) return;
      if (outcome.kind !== 'fetched') return yield { kind: 'trouble', reason: describeOutcome(outcome) };
      const parsed = parseInTime(() => parseWordPress(outcome.body, context(outcome)));
      if (parsed.kind === 'no-feed') return yield { kind: 'trouble', reason: `no-feed: ${parsed.reason}` };
      if (parsed.feed.entries.length === 0) return;
      const named = parsed.feed.entries.map(({ id, url }) => url ?? id).join(' ');
      if (named === before)
        return yield {
          kind: 'trouble',
          reason: `no-feed: page ${page} brings the same posts as the one before`,
        };
      before = named;
      const found = step(parsed.feed.entries, String(page + 1));
      yield found;
      if (found.reachedAt !== null && found.reachedAt < walk.sinceAt) return;
    }
  }

  async function sitemapAt(url: string) {
    const outcome = await get(url, 'feed');
    if (outcome.kind !== 'fetched')
      return { kind: 'failed', reason: describeOutcome(outcome), mayPass: mayPass(outcome) } as const;
    const parsed = parseInTime(() => parseSitemap(outcome.body, context(outcome)));
    return parsed.kind === 'no-feed'
      ? ({ kind: 'failed', reason: `no-feed: ${parsed.reason}`, mayPass: false } as const)
      : parsed;
  }

  /** sitemaps.org: an index names sitemaps, and may name further indexes. The cursor lists those that are done. */
  async function* sitemaps(): AsyncGenerator<ArchiveStep> {
    const done = new Set(walk.cursor === null ? [] : (JSON.parse(walk.cursor) as string[]));
    const queue = [source.url];
    const seen = new Set(queue);
    for (let url = queue.shift(); url !== undefined; url = queue.shift()) {
      if (done.has(url)) continue;
      if (left === 0) return yield outOfRequests;
      const read = await sitemapAt(url);
      if (read.kind === 'failed') {
        if (url === source.url || read.mayPass) return yield { kind: 'trouble', reason: read.reason };
        yield { kind: 'lost', url, reason: read.reason };
        continue;
      }
      if (read.kind === 'index') {
        const named = read.sitemaps
          .filter((one) => !seen.has(one.url) && reaches(one, walk.sinceAt))
          .sort(newestFirst)
          .slice(0, MOST_SITEMAPS - seen.size);
        for (const one of named) seen.add(one.url);
        queue.unshift(...named.map((one) => one.url));
        continue;
      }
      done.add(url);
      yield step(
        [...read.feed.entries].sort((a, b) => timeOf(b) - timeOf(a)),
        JSON.stringify([...done]),
      );
    }
  }

  yield* source.kind === 'wordpress' ? wordPress() : sitemaps();
}

const outOfRequests: ArchiveStep = {
  kind: 'trouble',
  reason: 'it is longer than what is asked for in one go',
  isLimit: true,
};

/** Whether the same request may bring more at another time. */
const mayPass = (outcome: FetchOutcome): boolean =>
  outcome.kind === 'rate-limited' ||
  outcome.kind === 'blocked' ||
  (outcome.kind === 'failed' && (outcome.retryable || outcome.reason === 'robots'));

interface NamedSitemap {
  url: string;
  modifiedAt: number | null;
}

/** By what they say of themselves, else by the numbers in their names: `2026-11` comes before `2026-2`. */
const newestFirst = (a: NamedSitemap, b: NamedSitemap): number =>
  (b.modifiedAt ?? 0) - (a.modifiedAt ?? 0) || b.url.localeCompare(a.url, 'en', { numeric: true });

/** Whether a sitemap may name something as new as that. One named after a month ends with it. */
function reaches({ url, modifiedAt }: NamedSitemap, sinceAt: number): boolean {
  const [, year, month] = /(?:^|\D)((?:19|20)\d\d)[-_/](\d{1,2})(?=\D|$)/.exec(new URL(url).pathname) ?? [];
  if (year !== undefined && month !== undefined && Date.UTC(Number(year), Number(month), 2) < sinceAt)
    return false;
  return modifiedAt === null || modifiedAt >= sinceAt;
}

const timeOf = (entry: FeedEntry): number => withDate(entry).publishedAt ?? 0;

/** Archives often give no date of publishing: the day in the address is one, and `lastmod` is no earlier than it. */
function withDate(entry: FeedEntry): FeedEntry {
  if (entry.publishedAt !== null) return entry;
  const [, year, month, day] = /\/((?:19|20)\d\d)\/(\d\d?)\/(\d\d?)\//.exec(entry.url ?? '') ?? [];
  const inUrl = year === undefined ? null : Date.UTC(Number(year), Number(month) - 1, Number(day));
  return { ...entry, publishedAt: inUrl ?? entry.updatedAt };
}

/** The articles that an archive names, each with the best date it has. */
export const articlesAmong = (publisher: Publisher, entries: readonly FeedEntry[]): FeedEntry[] =>
  entries.map(withDate).filter((entry) => isArticle(publisher, entry));

/** Archives list fronts, tags and authors too: an article is what the publisher's own patterns know, by its address or guid. */
function isArticle(publisher: Publisher, { url, id }: FeedEntry): boolean {
  if (url === null || !isWithinHosts(url, publisher.hosts)) return false;
  const patterns = publisher.identity.patterns.map((pattern) => new RegExp(pattern));
  const names = { url, guid: id };
  return patterns.length === 0 || stableIdOf(patterns, names) !== stableIdOf([], names);
}
