import { faultPoint } from '../domain/fault-point.js';
import type { PublisherSource } from '../domain/publisher.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import { fetchPictures } from './fetch-pictures.js';
import { fillGap, noticeGap } from './fill-gap.js';
import type { PageDeps } from './page-deps.js';
import { createPassTally } from './pass-tally.js';
import type { PublisherSummary, SyncProgress } from './progress.js';
import { readPages } from './read-page.js';
import { readSource } from './read-source.js';
import { settleSilence } from './silence.js';
import { settleHealth } from './source-health.js';
import { takeEntries } from './take-entries.js';
import { thinPagesReason } from './thin-pages.js';

export type PublisherPass = ReturnType<typeof openPublisherPass>;

/**
 * One pass over one publisher, in three steps that each leave something to read: its feeds, the pages that are due, the pictures
 * that are due. One bad source or article stops nothing else. `end` writes down how it went.
 */
export function openPublisherPass(
  publisher: StoredPublisher,
  deps: PageDeps & { force: boolean },
  onProgress: (progress: SyncProgress) => void,
) {
  const { store, invalidator, clock } = deps;
  const passId = store.passes.begin(publisher.id, clock.now());
  const tally = createPassTally();
  const troubles: string[] = [];
  let answered = false;
  let anyWell = false;
  let moved = false;
  let tried = false;
  let failed = false;

  /** Whether the source answered as it should, or rests because it lately did. */
  async function trySource(source: PublisherSource): Promise<boolean> {
    const before = store.sources.get(publisher.id, source.url);
    const reading = await readSource(publisher, source, deps);
    const tell = (outcome: string) =>
      onProgress({ kind: 'source', publisherId: publisher.id, url: source.url, outcome });
    if (reading.kind === 'resting') {
      tell(`resting until ${new Date(reading.untilAt).toISOString()}`);
      const known = store.sources.get(publisher.id, source.url);
      if (known === null || known.failures === 0) return true;
      // It rests because it failed: the pass must not look quiet, nor its trouble nameless.
      if (known.reason !== null) troubles.push(known.reason);
      return false;
    }
    if (reading.kind === 'called-off') return false;
    tried = true;
    let isTaken = true;
    if (reading.kind === 'entries') {
      if (before !== null) noticeGap(publisher, before, reading.entries, store);
      const most = deps.config.maxArticlesPerPass;
      isTaken = await takeEntries(publisher, source, reading.entries, deps, tally, most);
      if (!isTaken)
        tally.noted(source.url, `more than ${most} new articles: the others are taken in the next pass`);
      for (const problem of reading.problems) tally.noted(source.url, problem);
      tell(`${reading.entries.length} entries`);
    } else tell(reading.kind === 'unchanged' ? 'unchanged' : reading.reason);
    moved = reading.settle(isTaken) || moved;
    faultPoint('sync:source-settled');
    if (reading.kind === 'trouble') {
      failed = true;
      troubles.push(reading.reason);
      tally.failed(source.url, reading.reason);
      return false;
    }
    answered = true;
    return true;
  }

  /** The main sources, each; the fallbacks where none of them answered. */
  async function takeSources(): Promise<void> {
    for (const role of ['main', 'fallback'] as const) {
      if (anyWell) break;
      for (const source of publisher.sources.filter((candidate) => candidate.role === role)) {
        if (deps.signal?.aborted) return;
        anyWell = (await trySource(source)) || anyWell;
      }
    }
    if (!answered) return;
    store.publishers.setHeardAt(publisher.id, clock.now());
    await fillGap(publisher, deps, tally);
  }

  function end(): PublisherSummary {
    const endedAt = clock.now();
    moved = settleHealth(publisher, thinPagesReason(store, publisher.id), store, endedAt) || moved;
    settleSilence(publisher, troubles[0] ?? null, deps, endedAt);
    // A node without articles shows what it tried and when it tries next, which every try moves.
    if (moved || (tried && store.lists.count({}) === 0))
      store.dirty.mark(invalidator.ofPublisher(publisher.id, null));
    else if (failed) store.dirty.mark(invalidator.ofSources());
    const news = tally.counts.fresh + tally.counts.changed + tally.counts.removed > 0;
    // A pass that was called off brings nothing new, and no trouble either.
    const calm = anyWell || deps.signal?.aborted;
    const outcome = news ? 'news' : calm ? 'nothing-new' : 'trouble';
    const reason = troubles[0] ?? null;
    store.passes.end(
      { id: passId, publisherId: publisher.id, endedAt, outcome, reason, ...tally.counts },
      tally.problems,
    );
    return { publisherId: publisher.id, outcome, reason, ...tally.counts, problems: tally.problems };
  }

  return {
    publisherId: publisher.id,
    steps: [
      takeSources,
      () =>
        readPages(publisher, deps, tally, (done, total) =>
          onProgress({ kind: 'pages', publisherId: publisher.id, done, total }),
        ),
      () =>
        fetchPictures(publisher, deps, tally, (done, total) =>
          onProgress({ kind: 'pictures', publisherId: publisher.id, done, total }),
        ),
    ],
    /** A step broke in a way that is no publisher's doing: the rest of this pass is left to the next. */
    broke: (reason: string): void => {
      troubles.push(reason);
      tally.failed(publisher.id, reason);
    },
    end,
  };
}
