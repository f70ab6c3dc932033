import { TamizdatError } from '../domain/errors.js';
import type { FeedEntry, ParsedFeed } from '../domain/feed.js';
import { withinTime } from '../extract/within-time.js';
import { countedText } from '../keeper/units.js';
import { toInspectFeed } from '../parse/inspect-feed.js';
import { parseFeed } from '../parse/parse-feed.js';
import { type BatchFailure, type BatchLine, failureOf, readLineInput } from './batch.js';
import type { CliDeps } from './cli-deps.js';
import type { Input, InputReader } from './inspect-input.js';
import { printable } from './printable.js';
import { renderTable } from './table.js';

/** @throws TamizdatError with the reason when it is no feed */
function feedIn({ bytes, contentType, url }: Input): ParsedFeed {
  const reading = withinTime(() => parseFeed(bytes, { contentType, url }));
  const result = reading.kind === 'done' ? reading.value : { ...reading, kind: 'no-feed' as const };
  if (result.kind === 'feed') return result.feed;
  throw new TamizdatError('inspect-no-feed', `no feed: ${result.reason}`);
}

const wordsIn = ({ contentHtml, summaryHtml }: FeedEntry) =>
  (contentHtml ?? summaryHtml ?? '')
    .replace(/<[^>]*>/g, ' ')
    .split(/\s+/)
    .filter(Boolean).length;

/** The feed as a program reads it, one line of JSON. @throws TamizdatError with the reason when it is no feed */
export const feedJson = (input: Input): string => `${JSON.stringify(toInspectFeed(feedIn(input)))}\n`;

/** The feed as a person reads it. @throws TamizdatError with the reason when it is no feed */
export function feedText(input: Input, { stdout, env }: CliDeps): string {
  const feed = feedIn(input);
  const rows = feed.entries.map((entry) => [
    entry.publishedAt === null ? '-' : new Date(entry.publishedAt).toISOString().slice(0, 16),
    entry.contentHtml === null ? 'summary' : 'content',
    String(wordsIn(entry)),
    entry.title ?? entry.url ?? entry.id ?? '-',
  ]);
  const problems = feed.problems.map((problem) => `Odd: ${printable(problem)}\n`).join('');
  return (
    `${printable(feed.title ?? '(no title)')}\n${feed.format}, ${printable(feed.language ?? 'no language')}, ` +
    `${feed.link ?? 'no link'}, ${countedText(feed.entries.length, 'entry', 'entries')}\n${problems}\n` +
    renderTable(['PUBLISHED', 'TEXT', 'WORDS', 'TITLE'], rows, stdout, env)
  );
}

/** The answer to one line of a batch. */
export const feedAnswer = (line: BatchLine | BatchFailure, reader: InputReader): Promise<string> =>
  'error' in line
    ? Promise.resolve(`${JSON.stringify(line)}\n`)
    : readLineInput(line, reader, 'feed')
        .then(feedJson)
        .catch((error: unknown) => `${JSON.stringify(failureOf(error))}\n`);
