import { isWithinHosts } from '../config/hosts.js';
import { stableIdOf } from '../domain/article-key.js';
import type { FeedEntry } from '../domain/feed.js';
import type { FetchOutcome } from '../domain/fetch-outcome.js';
import type { Fetcher } from '../domain/fetcher.js';
import type { PublisherSource } from '../domain/publisher.js';
import { parseSitemap } from '../parse/parse-sitemap.js';
import { parseWordPress } from '../parse/parse-wordpress.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import { describeOutcome } from './describe-outcome.js';
import { parseInTime } from './parse-in-time.js';

export type ArchiveStep =
  /** `cursor`: what to go on with after these; `reachedAt`: how far back the walk has come, null where nothing says. */
  | { kind: 'entries'; entries: readonly FeedEntry[]; cursor: string; reachedAt: number | null }
  | { kind: 'trouble'; reason: string };

export interface ArchiveWalk {
  sinceAt: number;
  /** Of an earlier walk over the same source; null: from the newest on. */
  cursor: string | null;
  /** Requests at most; the walk then ends as if there were no more. */
  mostRequests: number;
  signal?: AbortSignal;
}

type Kept = Extract<FetchOutcome, { kind: 'fetched' }>;

/** Walks a publisher's archive from the newest article back to `sinceAt`, one polite request a step. Only articles come out. */
export async function* walkArchive(
  publisher: StoredPublisher,
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
    const dated = entries.map(withDate).filter((entry) => isArticle(publisher, entry));
    const times = dated.flatMap(({ publishedAt }) => publishedAt ?? []);
    return {
      kind: 'entries',
      entries: dated.filter(({ publishedAt }) => publishedAt === null || publishedAt >= walk.sinceAt),
      cursor,
      reachedAt: times.length === 0 ? null : Math.min(...times),
    };
  };

  /** WordPress REST API handbook, "Pagination": `page` counts from 1, newest first; past the last page it answers 400. */
  async function* wordPress(): AsyncGenerator<ArchiveStep> {
    for (let page = Number(walk.cursor ?? 1); left > 0; page += 1) {
      const url = new URL(source.url);
      url.searchParams.set('page', String(page));
      url.searchParams.set('after', new Date(walk.sinceAt).toISOString().slice(0, 19));
      const outcome = await get(url.href, 'json');
      if (outcome.kind === 'failed' && outcome.reason === 'bad-status' && page > 1) return;
      if (outcome.kind !== 'fetched') return yield { kind: 'trouble', reason: describeOutcome(outcome) };
      const parsed = parseInTime(() => parseWordPress(outcome.body, context(outcome)));
      if (parsed.kind === 'no-feed') return yield { kind: 'trouble', reason: `no-feed: ${parsed.reason}` };
      if (parsed.feed.entries.length === 0) return;
      const found = step(parsed.feed.entries, String(page + 1));
      yield found;
      if (found.reachedAt !== null && found.reachedAt < walk.sinceAt) return;
    }
  }

  /** sitemaps.org: an index names sitemaps, and may name further indexes. The cursor lists those that are done. */
  async function* sitemaps(): AsyncGenerator<ArchiveStep> {
    const done = new Set(walk.cursor === null ? [] : (JSON.parse(walk.cursor) as string[]));
    const queue = [source.url];
    const seen = new Set(queue);
    for (let url = queue.shift(); url !== undefined && left > 0; url = queue.shift()) {
      if (done.has(url)) continue;
      const outcome = await get(url, 'feed');
      if (outcome.kind !== 'fetched') return yield { kind: 'trouble', reason: describeOutcome(outcome) };
      const parsed = parseInTime(() => parseSitemap(outcome.body, context(outcome)));
      if (parsed.kind === 'no-feed') return yield { kind: 'trouble', reason: `no-feed: ${parsed.reason}` };
      if (parsed.kind === 'index') {
        const named = parsed.sitemaps.filter((one) => !seen.has(one.url) && reaches(one, walk.sinceAt));
        for (const one of named) seen.add(one.url);
        queue.unshift(...named.sort(newestFirst).map((one) => one.url));
        continue;
      }
      done.add(url);
      yield step(
        [...parsed.feed.entries].sort((a, b) => timeOf(b) - timeOf(a)),
        JSON.stringify([...done]),
      );
    }
  }

  yield* source.kind === 'wordpress' ? wordPress() : sitemaps();
}

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

/** Archives list fronts, tags and authors too: an article is what the publisher's own patterns know, by its address or guid. */
function isArticle(publisher: StoredPublisher, { url, id }: FeedEntry): boolean {
  if (url === null || !isWithinHosts(url, publisher.hosts)) return false;
  const patterns = publisher.identity.patterns.map((pattern) => new RegExp(pattern));
  const names = { url, guid: id };
  return patterns.length === 0 || stableIdOf(patterns, names) !== stableIdOf([], names);
}
