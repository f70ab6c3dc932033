import { faultPoint } from '../domain/fault-point.js';
import type { PublisherSource } from '../domain/publisher.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import { fetchPictures } from './fetch-pictures.js';
import { createPassTally } from './pass-tally.js';
import type { PublisherSummary, SyncProgress } from './progress.js';
import { type PageDeps, readPages } from './read-page.js';
import { readSource } from './read-source.js';
import { settleSilence } from './silence.js';
import { takeEntries } from './take-entries.js';

/** One pass over one publisher: its feeds, then the pages and pictures that are due. One bad source or article stops nothing else. */
export async function syncPublisher(
  publisher: StoredPublisher,
  deps: PageDeps & { force: boolean },
  onProgress: (progress: SyncProgress) => void,
): Promise<PublisherSummary> {
  const { store, invalidator, clock } = deps;
  const passId = store.passes.begin(publisher.id, clock.now());
  const tally = createPassTally();
  const troubles: string[] = [];
  let answered = false;
  let moved = false;

  /** Whether the source answered as it should, or rests because it lately did. */
  async function trySource(source: PublisherSource): Promise<boolean> {
    const reading = await readSource(publisher, source, deps);
    const tell = (outcome: string) =>
      onProgress({ kind: 'source', publisherId: publisher.id, url: source.url, outcome });
    if (reading.kind === 'resting') {
      tell(`resting until ${new Date(reading.untilAt).toISOString()}`);
      return store.sources.get(publisher.id, source.url)?.state === 'fresh';
    }
    if (reading.kind === 'entries') {
      takeEntries(publisher, source, reading.entries, deps, tally);
      for (const problem of reading.problems) tally.noted(source.url, problem);
      tell(`${reading.entries.length} entries`);
    } else tell(reading.kind === 'unchanged' ? 'unchanged' : reading.reason);
    moved = reading.settle() || moved;
    faultPoint('sync:source-settled');
    if (reading.kind === 'trouble') {
      troubles.push(reading.reason);
      tally.failed(source.url, reading.reason);
      return false;
    }
    answered = true;
    return true;
  }

  let anyWell = false;
  for (const source of publisher.sources.filter((candidate) => candidate.role === 'main')) {
    if (deps.signal?.aborted) break;
    anyWell = (await trySource(source)) || anyWell;
  }
  if (!anyWell) {
    for (const source of publisher.sources.filter((candidate) => candidate.role === 'fallback')) {
      if (deps.signal?.aborted) break;
      await trySource(source);
    }
  }
  if (answered) store.publishers.setHeardAt(publisher.id, clock.now());

  await readPages(publisher, deps, tally, (done, total) =>
    onProgress({ kind: 'pages', publisherId: publisher.id, done, total }),
  );
  await fetchPictures(publisher, deps, tally, (done, total) =>
    onProgress({ kind: 'pictures', publisherId: publisher.id, done, total }),
  );

  const endedAt = clock.now();
  settleSilence(publisher, troubles[0] ?? null, deps, endedAt);
  if (moved) store.dirty.mark(invalidator.ofPublisher(publisher.id, null));
  const news = tally.counts.fresh + tally.counts.changed + tally.counts.removed > 0;
  const outcome = news ? 'news' : troubles.length > 0 && !anyWell ? 'trouble' : 'nothing-new';
  const reason = troubles[0] ?? null;
  store.passes.end(
    { id: passId, publisherId: publisher.id, endedAt, outcome, reason, ...tally.counts },
    tally.problems,
  );
  return { publisherId: publisher.id, outcome, reason, ...tally.counts, problems: tally.problems };
}
