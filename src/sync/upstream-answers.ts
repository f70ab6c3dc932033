import type { StoredPublisher } from '../store/publisher-table.js';
import type { PageDeps } from './page-deps.js';

/** Articles whose pages stand for all the others, spread over the newest that are kept. */
const ASKED = 5;
const NEWEST = 200;

const MOST_GONE = 'most other articles do not answer either';

export type UpstreamCheck = ReturnType<typeof createUpstreamCheck>;

/**
 * Whether the publisher as a whole still answers while one of its pages is gone: its front page, and most of its other articles. A
 * seized, moved or broken site fails this, and then nothing counts as removed. Asked at most once in a pass.
 */
export function createUpstreamCheck(
  publisher: StoredPublisher,
  { store, fetcher, signal }: Pick<PageDeps, 'store' | 'fetcher' | 'signal'>,
) {
  const answers = async (url: string): Promise<boolean> => {
    const called = signal === undefined ? {} : { signal };
    const outcome = await fetcher.fetch({ url, expect: 'page', hosts: publisher.hosts, ...called });
    return outcome.kind === 'fetched';
  };

  async function ask(): Promise<string | null> {
    if (!(await answers(publisher.homepage))) return 'the front page does not answer either';
    const pages = store.work.readPages(publisher.id, NEWEST);
    const there = pages.filter(({ missing }) => missing === 0);
    // The one that is asked about is no other.
    const gone = Math.max(0, pages.length - there.length - 1);
    if (there.length === 0) return gone === 0 ? null : MOST_GONE;
    // The sample stands for all that are not known to be gone; no more are asked than decides it.
    const sample = spread(there, ASKED);
    const enough = Math.ceil((sample.length * (gone + there.length)) / (2 * there.length));
    let answered = 0;
    for (const [index, { url }] of sample.entries()) {
      const left = sample.length - index;
      if (answered >= enough || answered + left < enough) break;
      if (await answers(url)) answered += 1;
    }
    return answered >= enough ? null : MOST_GONE;
  }

  let asked: Promise<string | null> | null = null;
  /** Why the absence of one page says nothing; null where it does. */
  return (): Promise<string | null> => {
    asked ??= ask();
    return asked;
  };
}

/** `count` of them at even distances, the first among them. */
function spread<T>(items: readonly T[], count: number): T[] {
  const step = Math.max(1, items.length / count);
  return items
    .filter((_, index) => Math.floor(index / step) > Math.floor((index - 1) / step))
    .slice(0, count);
}
