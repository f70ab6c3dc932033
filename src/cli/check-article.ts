import { stableIdOf } from '../domain/article-key.js';
import type { ExtractedPage } from '../domain/extracted-page.js';
import type { FeedEntry } from '../domain/feed.js';
import type { Fetcher } from '../domain/fetcher.js';
import type { Publisher } from '../domain/publisher.js';
import { extractInTime } from '../extract/extract-in-time.js';
import { unmatchedSelectors } from '../extract/unmatched-selectors.js';
import { isDeniedCredit } from '../media/denied-credit.js';
import { decodeHtml } from '../parse/decode-text.js';
import { textOf } from '../sanitize/safe-text.js';
import { sanitizeHtml } from '../sanitize/sanitize-html.js';
import { describeOutcome } from '../sync/describe-outcome.js';
import { leadOfEntry } from '../sync/feed-lead.js';
import { entryText } from '../sync/feed-text.js';
import { SUSPECT_SHARE } from '../sync/read-page.js';
import type { CheckedSource } from './check-source.js';
import { countWords } from './count-words.js';
import type { Findings } from './findings.js';

/** One article as a sync would take it. Times in milliseconds since the epoch. */
export interface ArticleReport {
  url: string;
  stableId: string | null;
  title: string | null;
  authors: readonly string[];
  publishedAt: number | null;
  modifiedAt: number | null;
  words: number;
  /** Of the text its feed gave; 0 where that was no whole text. */
  feedWords: number;
  /** How the text was found on the page; `feed`: no page is read. */
  foundBy: ExtractedPage['method'] | 'feed';
  lead: { src: string; credit: string; shown: boolean } | null;
  /** Where the text begins. */
  firstLines: readonly string[];
}

const FIRST_LINES = 3;

/** Without these there is no article; the others a true article may lack. */
const NEEDED: readonly string[] = ['title', 'content'];

/** The newest entry with an address, among the sources in order. */
function newestEntry(sources: readonly CheckedSource[]) {
  for (const { source, entries } of sources) {
    const linked = entries.flatMap((entry) =>
      entry.url === null ? [] : [{ source, entry, url: entry.url }],
    );
    const [first] = linked.sort((a, b) => (b.entry.publishedAt ?? 0) - (a.entry.publishedAt ?? 0));
    if (first !== undefined) return first;
  }
  return null;
}

/** Takes one article as a sync would, its page fetched once where the publisher's file wants pages read; null where none can be had. */
export async function checkArticle(
  publisher: Publisher,
  sources: readonly CheckedSource[],
  deps: { fetcher: Fetcher; findings: Findings },
): Promise<ArticleReport | null> {
  const newest = newestEntry(sources);
  if (newest === null) return null;
  const { source, entry, url } = newest;
  const { findings } = deps;
  const feedHtml = entryText(entry.contentHtml ?? entry.summaryHtml ?? '', entry, url);
  const { lead, content } = leadOfEntry(entry, feedHtml, publisher.rights);
  const feedText = textOf(content);
  const isWhole = source.text === 'full' && feedText !== '';
  const fromFeed: ArticleReport = {
    url,
    stableId: stableIdOf(
      publisher.identity.patterns.map((pattern) => new RegExp(pattern)),
      { url, guid: entry.id },
    ),
    title: entry.title,
    authors: entry.authors.map(({ name }) => name),
    publishedAt: entry.publishedAt,
    modifiedAt: entry.updatedAt,
    words: countWords(feedText),
    feedWords: isWhole ? countWords(feedText) : 0,
    foundBy: 'feed',
    lead: null,
    firstLines: feedText.split('\n').slice(0, FIRST_LINES),
  };
  const withFeedsPicture = (): ArticleReport => ({
    ...fromFeed,
    lead: lead && leadReport(publisher, lead, url, findings),
  });
  const { fetch } = publisher.page;
  if (fetch === 'never' || (fetch === 'when-summary' && isWhole)) {
    if (!isWhole)
      findings.wrong(url, 'neither its feed nor its page gives the whole text: page.fetch is never');
    return withFeedsPicture();
  }
  const outcome = await deps.fetcher.fetch({ url, expect: 'page', hosts: publisher.hosts });
  if (outcome.kind !== 'fetched') {
    findings.wrong(
      url,
      `its page: ${outcome.kind === 'blocked' ? 'blocked, ' : ''}${describeOutcome(outcome)}`,
    );
    return withFeedsPicture();
  }
  const html = decodeHtml(outcome.body, outcome.contentType).text;
  return fromPage(
    publisher,
    html,
    { entry, url: outcome.url, feedText: isWhole ? feedText : '' },
    fromFeed,
    findings,
  );
}

function fromPage(
  publisher: Publisher,
  html: string,
  { entry, url, feedText }: { entry: FeedEntry; url: string; feedText: string },
  fromFeed: ArticleReport,
  findings: Findings,
): ArticleReport {
  for (const { key, selector } of unmatchedSelectors(html, publisher.page)) {
    const text = `page.${key}: ${selector} matches nothing on its page`;
    if (NEEDED.includes(key)) findings.wrong(url, text);
    else findings.note(url, text);
  }
  const result = extractInTime(html, {
    url,
    rules: publisher.page,
    timeZone: publisher.timeZone,
    feed: {
      title: entry.title,
      contentHtml: feedText === '' ? null : entry.contentHtml,
      publishedAt: entry.publishedAt,
    },
  });
  if (result.kind === 'no-article') {
    findings.wrong(url, `no article on its page: ${result.reason}`);
    return fromFeed;
  }
  const { page } = result;
  const text = textOf(sanitizeHtml(page.contentHtml, { baseUrl: url }));
  if (text.length < feedText.length * SUSPECT_SHARE) {
    const share = Math.round((100 * text.length) / feedText.length);
    findings.wrong(url, `its page yields ${share} % of the text the feed gave, so the feed's would be shown`);
  }
  if (page.title === null && entry.title === null) findings.wrong(url, 'it has no title');
  return {
    ...fromFeed,
    title: page.title ?? entry.title,
    authors: page.authors.map(({ name }) => name),
    publishedAt: page.publishedAt ?? entry.publishedAt,
    modifiedAt: page.modifiedAt,
    words: countWords(text),
    foundBy: page.method,
    lead: page.lead && leadReport(publisher, page.lead, url, findings),
    firstLines: text.split('\n').slice(0, FIRST_LINES),
  };
}

function leadReport(
  { rights, hosts }: Publisher,
  { src, credit, caption }: NonNullable<ExtractedPage['lead']>,
  url: string,
  findings: Findings,
): NonNullable<ArticleReport['lead']> {
  const denied = isDeniedCredit(credit, caption, rights);
  if (denied) {
    const why = rights.images === 'none' ? 'rights.images is none' : `it is credited to ${credit || caption}`;
    findings.note(url, `its picture is left out: ${why}`);
  } else if (!isAmong(hosts, new URL(src).hostname)) {
    findings.wrong(url, `its picture is at ${new URL(src).hostname}, which hosts does not list`);
  }
  return { src, credit, shown: !denied };
}

const isAmong = (hosts: readonly string[], host: string): boolean =>
  hosts.some((one) => (one.startsWith('*.') ? host.endsWith(one.slice(1)) : host === one));
