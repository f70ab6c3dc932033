import { faultPoint } from '../domain/fault-point.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import { describeOutcome } from './describe-outcome.js';
import type { PageDeps } from './page-deps.js';
import type { PassTally } from './pass-tally.js';

const RETRY_MS = [3_600_000, 24 * 3_600_000] as const;
/** Pictures fetched and encoded per publisher in one pass: each costs some 0.4 s of processor. */
const MOST_PICTURES = 60;

/** Fetches the pictures that are due, encodes their ladder and stores it. A bad picture never costs the article. */
export async function fetchPictures(
  publisher: StoredPublisher,
  deps: PageDeps,
  tally: PassTally,
  onPicture: (done: number, total: number) => void,
): Promise<void> {
  const { store, clock } = deps;
  const due = store.media.due(publisher.id, clock.now(), MOST_PICTURES);
  for (const [index, picture] of due.entries()) {
    if (deps.signal?.aborted) return;
    const outcome = await deps.fetcher.fetch({
      url: picture.src,
      expect: 'picture',
      hosts: publisher.hosts,
      ...(deps.signal === undefined ? {} : { signal: deps.signal }),
    });
    const at = clock.now();
    const settle = (
      state: 'stored' | 'failed' | 'denied',
      reason: string | null,
      dueAt: number | null = null,
    ) => store.media.settle({ articleId: picture.articleId, src: picture.src, state, reason, dueAt });
    if (outcome.kind !== 'fetched') {
      const wait = RETRY_MS[picture.tries];
      settle('failed', describeOutcome(outcome), wait === undefined ? null : at + wait);
      tally.noted(picture.src, `picture: ${describeOutcome(outcome)}`);
    } else {
      const encoded = await deps.encodePicture(outcome.body);
      if (encoded.kind === 'refused') {
        settle('denied', encoded.reason);
        tally.noted(picture.src, `picture: ${encoded.reason}`);
      } else {
        const article = store.articles.get(picture.articleId);
        store.transaction(() => {
          const { blur, steps } = encoded;
          store.media.put(
            picture.articleId,
            picture.src,
            [
              { step: 'blur', ...blur },
              ...steps.map((step) => ({
                ...step,
                step: step.role === 'inline' ? `inline-${step.width}` : step.role,
              })),
            ],
            at,
          );
          settle('stored', null);
          if (article !== null) store.dirty.mark(deps.invalidator.ofArticle(article, 'edition', null));
        });
      }
    }
    faultPoint('sync:picture-stored');
    onPicture(index + 1, due.length);
  }
}
