import { nextTryText } from '../keeper/phrases.js';
import { timeText } from '../keeper/units.js';
import type { ArticleReport } from './check-article.js';
import type { PublisherReport } from './check-publisher.js';
import type { SourceReport } from './check-source.js';
import type { Finding } from './findings.js';
import type { KnownState } from './known-states.js';
import { printable } from './printable.js';

const isoOrNull = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** The report as a program reads it: times in ISO 8601 UTC or null. */
export function reportJson(
  { id, sources, article, wrong, notes }: PublisherReport,
  known: ReadonlyMap<string, KnownState>,
): object {
  return {
    id,
    ok: wrong.length === 0,
    sources: sources.map(({ newestAt, ...source }) => ({
      ...source,
      newest: isoOrNull(newestAt),
      here: stateJson(known.get(source.url)),
    })),
    article: article && articleJson(article),
    wrong,
    notes,
  };
}

const stateJson = (known: KnownState | undefined): object | null =>
  known === undefined
    ? null
    : {
        state: known.state,
        since: isoOrNull(known.sinceAt),
        reason: known.reason,
        nextTry: isoOrNull(known.nextTryAt),
      };

function articleJson({ publishedAt, modifiedAt, ...article }: ArticleReport): object {
  return { ...article, published: isoOrNull(publishedAt), modified: isoOrNull(modifiedAt) };
}

/** The report as a person reads it. */
export function reportText(
  { id, sources, article, wrong, notes }: PublisherReport,
  known: ReadonlyMap<string, KnownState>,
  now: number,
): string {
  return [
    `${id}\n`,
    ...sources.map(
      (source) =>
        `  ${source.url}\n    ${sourceLine(source, now)}\n${stateLine(known.get(source.url), source.role, now)}`,
    ),
    article === null ? '  No article could be taken.\n' : articleText(article),
    wrong.length === 0 ? '  Nothing looks wrong.\n' : listed('Wrong:', wrong),
    notes.length === 0 ? '' : listed('Worth knowing:', notes),
  ].join('');
}

function sourceLine({ role, format, entries, medianWords, newestAt }: SourceReport, now: number): string {
  if (format === null) return `${role}: nothing that can be read`;
  const newest = newestAt === null ? 'no dates' : `newest ${ageOf(now - newestAt)}`;
  return `${role}: ${format}, ${entries} entries of ${medianWords ?? 0} words in the middle, ${newest}`;
}

/** How it was doing at this node's last try: empty where none has run here. */
function stateLine(known: KnownState | undefined, role: SourceReport['role'], now: number): string {
  if (known === undefined) return '';
  const { state, sinceAt, reason, nextTryAt } = known;
  const since = state === 'untried' ? '' : ` since ${timeText(sinceAt)}`;
  const why = reason === null ? '' : ` (${printable(reason)})`;
  return `    this node: ${state}${since}${why}, next try: ${nextTryText({ state, role, nextTryAt }, now)}\n`;
}

function ageOf(ms: number): string {
  if (ms < 0) return 'in the future';
  const hours = Math.floor(ms / 3_600_000);
  return hours < 1 ? 'within the hour' : hours < 48 ? `${hours} h old` : `${Math.floor(hours / 24)} days old`;
}

function articleText(article: ArticleReport): string {
  const { lead, foundBy } = article;
  const facts: [string, string | null][] = [
    ['Title', article.title],
    ['Id', article.stableId],
    ['Authors', article.authors.join(', ') || null],
    ['Published', isoOrNull(article.publishedAt)],
    ['Modified', isoOrNull(article.modifiedAt)],
    ['Words', `${article.words}${article.feedWords === 0 ? '' : ` (its feed: ${article.feedWords})`}`],
    ['Found by', foundBy],
    ['Picture', lead && [lead.src, lead.credit, lead.shown ? '' : 'left out'].filter(Boolean).join(' | ')],
  ];
  const head = facts.map(([name, value]) => `    ${`${name}:`.padEnd(11)}${printable(value ?? '-')}\n`);
  const lines = article.firstLines.map((line) => `    | ${printable(line).slice(0, 200)}\n`);
  return `  Article ${printable(article.url)}\n${head.join('')}${lines.join('')}`;
}

const listed = (heading: string, findings: readonly Finding[]): string =>
  `  ${heading}\n${findings.map(({ subject, text }) => `    ${printable(subject)}: ${printable(text)}\n`).join('')}`;
