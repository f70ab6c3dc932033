import { UsageError } from '../domain/errors.js';
import type { Decision, Verdict } from '../store/decision-table.js';
import { parseMove } from '../store/moved-sources.js';
import type { TakeDeps } from './page-deps.js';
import { removeArticle } from './remove-article.js';

export type DecisionResult =
  | { kind: 'settled'; decision: Decision }
  | { kind: 'unknown' }
  /** The keeper had spoken before; a word is not taken back here. */
  | { kind: 'settled-before'; decision: Decision };

/** Writes down the keeper's word and, where it is yes, does what waited for it. What is refused is not asked again. */
export function settleDecision(id: number, verdict: Verdict, deps: TakeDeps): DecisionResult {
  const { store, clock } = deps;
  return store.transaction((): DecisionResult => {
    const decision = store.decisions.get(id);
    if (decision === null) return { kind: 'unknown' };
    if (decision.verdict !== null) return { kind: 'settled-before', decision };
    if (decision.kind === 'sign-removals' && verdict === 'accept') throw needsKey();
    store.decisions.settle(id, verdict, clock.now());
    if (verdict === 'accept') apply(decision, deps);
    return { kind: 'settled', decision: { ...decision, verdict } };
  });
}

const needsKey = (): UsageError =>
  new UsageError('needs-targets-key', 'removals past the limit of a day are signed with the targets key', {
    hint: 'Run `tamizdat keys sign-removals --keys DIR`, DIR being where that key is kept.',
  });

function apply({ publisherId, kind, detail }: Decision, deps: TakeDeps): void {
  const { store, invalidator, clock } = deps;
  const at = clock.now();
  if (kind === 'moved') {
    // The publisher's effective sources follow from the accepted moves; the state of the old address goes.
    store.sources.move(publisherId, parseMove(detail), at);
    const seq = store.changes.add({ at, kind: 'publisher', publisherId, articleId: null, revision: null });
    store.dirty.mark(invalidator.ofPublisher(publisherId, seq));
    return;
  }
  const article = store.articles.find(publisherId, { stableId: detail, guid: null, url: null });
  if (article === null || article.state !== 'live') return;
  if (kind === 'rewrite') {
    // Its page or its feed is read again, and this time what it says is taken.
    if (article.page.state === 'read') store.work.put(article.id, { ...article.page, dueAt: at });
    else
      for (const source of store.sources.of(publisherId))
        store.sources.put({ ...source, etag: null, lastModified: null, bodyHash: null });
    return;
  }
  const state = store.publishers.get(publisherId)?.removal === 'tombstone' ? 'tombstone' : 'withdrawn';
  removeArticle(article, state, 'removed by the publisher', deps, at);
}
