import type { Clock } from '../domain/clock.js';
import type { Fetcher } from '../domain/fetcher.js';
import type { Publisher } from '../domain/publisher.js';
import { type ArticleReport, checkArticle } from './check-article.js';
import { type CheckedSource, checkSource, type SourceReport } from './check-source.js';
import { createFindings, type Finding } from './findings.js';

/** What a look at a publisher found. */
export interface PublisherReport {
  id: string;
  sources: readonly SourceReport[];
  article: ArticleReport | null;
  wrong: readonly Finding[];
  notes: readonly Finding[];
}

/** Fetches each source of a publisher once, and one article; writes nothing down. */
export async function checkPublisher(
  publisher: Publisher,
  { fetcher, clock }: { fetcher: Fetcher; clock: Clock },
): Promise<PublisherReport> {
  const findings = createFindings();
  const sources: CheckedSource[] = [];
  for (const source of publisher.sources)
    sources.push(await checkSource(publisher, source, { fetcher, now: clock.now(), findings }));
  const article = await checkArticle(publisher, sources, { fetcher, findings });
  return { id: publisher.id, sources: sources.map(({ report }) => report), article, ...findings.lists };
}
