import { stableIdOf } from '../domain/article-key.js';
import type { FeedEntry } from '../domain/feed.js';
import type { Fetcher } from '../domain/fetcher.js';
import type { Publisher, PublisherSource } from '../domain/publisher.js';
import { plainText } from '../sanitize/safe-text.js';
import { describeOutcome } from '../sync/describe-outcome.js';
import { readIndex } from '../sync/read-index.js';
import { READERS } from '../sync/read-source.js';
import { countWords } from './count-words.js';
import type { Findings } from './findings.js';

/** What one source of a publisher sent. Times in milliseconds since the epoch. */
export interface SourceReport {
  url: string;
  role: PublisherSource['role'];
  kind: PublisherSource['kind'];
  /** What its file says it carries. */
  declaredText: PublisherSource['text'];
  /** Null where nothing that could be read came. */
  format: string | null;
  entries: number;
  /** Words of an entry's longest text, in the middle of them all. */
  medianWords: number | null;
  newestAt: number | null;
}

export interface CheckedSource {
  source: PublisherSource;
  report: SourceReport;
  entries: readonly FeedEntry[];
}

/** A source of whole texts whose entries hold fewer words in the middle only carries teasers: the shortest news are about 100. */
const FULL_TEXT_WORDS = 100;
/** A daily's feed that is older has stopped; a weekly's has missed an issue. */
const OLD_MS = 14 * 86_400_000;

/** Fetches one source once and reads it as a sync would. */
export async function checkSource(
  publisher: Publisher,
  source: PublisherSource,
  deps: { fetcher: Fetcher; now: number; findings: Findings },
): Promise<CheckedSource> {
  const { fetcher, now, findings } = deps;
  const { url, role, kind, text: declaredText } = source;
  const nothing: SourceReport = {
    url,
    role,
    kind,
    declaredText,
    format: null,
    entries: 0,
    medianWords: null,
    newestAt: null,
  };
  const outcome = await fetcher.fetch({
    url,
    expect: kind === 'wordpress' ? 'json' : 'feed',
    hosts: publisher.hosts,
  });
  if (outcome.kind !== 'fetched') {
    const blocked = outcome.kind === 'blocked' ? 'blocked, ' : '';
    findings.wrong(url, blocked + describeOutcome(outcome));
    return { source, report: nothing, entries: [] };
  }
  const { contentType } = outcome;
  const context = { contentType, url: outcome.url, timeZone: publisher.timeZone };
  const found = READERS[kind](outcome.body, context);
  const read =
    found.kind === 'index' ? await readIndex(publisher, source, { fetcher, now, lookedAt: null }) : found;
  if (read.kind === 'no-feed') {
    findings.wrong(url, `no-feed: ${read.reason}`);
    return { source, report: nothing, entries: [] };
  }
  const { entries, problems, format } = read.feed;
  for (const problem of problems) findings.note(url, problem);
  const times = entries.flatMap(({ publishedAt, updatedAt }) => publishedAt ?? updatedAt ?? []);
  const report: SourceReport = {
    ...nothing,
    format,
    entries: entries.length,
    medianWords: median(entries.map((entry) => countWords(longestText(entry)))),
    newestAt: times.length === 0 ? null : Math.max(...times),
  };
  if (entries.length === 0) findings.wrong(url, 'it holds no entry');
  else judge(report, now, findings);
  judgeIdentity(publisher, url, entries, findings);
  return { source, report, entries };
}

function judge(
  { url, declaredText, medianWords, newestAt }: SourceReport,
  now: number,
  findings: Findings,
): void {
  if (declaredText === 'full' && (medianWords ?? 0) < FULL_TEXT_WORDS) {
    findings.wrong(
      url,
      `declared as text: full, but half of its entries hold ${medianWords ?? 0} words or fewer: text: summary would be true`,
    );
  }
  if (newestAt === null) findings.wrong(url, 'no entry has a date that can be read');
  else if (now - newestAt > OLD_MS)
    findings.wrong(url, `its newest entry is ${Math.floor((now - newestAt) / 86_400_000)} days old`);
}

/** Ids that the patterns do not give, that are missing, or that two articles share. */
function judgeIdentity(
  { identity }: Publisher,
  url: string,
  entries: readonly FeedEntry[],
  findings: Findings,
): void {
  const patterns = identity.patterns.map((pattern) => new RegExp(pattern));
  const unmatched: string[] = [];
  const owners = new Map<string, string>();
  for (const entry of entries) {
    const name = entry.url ?? entry.id ?? entry.title ?? 'an entry without a name';
    const names = { url: entry.url, guid: entry.id };
    const id = stableIdOf(patterns, names);
    if (id === null) {
      findings.wrong(url, `${name}: it has neither a guid nor a link, so it cannot be told from another`);
      continue;
    }
    if (patterns.length > 0 && id === stableIdOf([], names)) unmatched.push(name);
    const owner = owners.get(id);
    if (owner !== undefined && bare(owner) !== bare(name))
      findings.wrong(url, `the id ${id} is that of both ${owner} and ${name}`);
    owners.set(id, owner ?? name);
  }
  const [first] = unmatched;
  if (first !== undefined) {
    findings.wrong(
      url,
      `${unmatched.length} of ${entries.length} entries match no pattern of identity.patterns, such as ${first}`,
    );
  }
}

const bare = (url: string): string => url.replace(/[?#].*$/, '').replace(/\/$/, '');

const longestText = ({ contentHtml, summaryHtml }: FeedEntry): string =>
  [contentHtml, summaryHtml].map((html) => plainText(html ?? '')).sort((a, b) => b.length - a.length)[0] ??
  '';

function median(values: readonly number[]): number | null {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null;
}
