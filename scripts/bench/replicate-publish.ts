import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Article } from '../../src/domain/article.js';
import { systemClock } from '../../src/domain/clock.js';
import type { HttpUrl } from '../../src/domain/http-url.js';
import type { Log } from '../../src/domain/log.js';
import type { Publisher } from '../../src/domain/publisher.js';
import type { SafeHtml } from '../../src/domain/safe-html.js';
import { createDesk } from '../../src/publish/desk.js';
import { openStore } from '../../src/store/store.js';
import { indexText } from '../../src/store/tokenizer.js';
import { testPublisher } from '../../tests/support/test-node.js';

/** An article now and then: one publish of a pass that brought three and changed one. */
const ROUNDS = 20;
const WORDS =
  'harbor keeper lantern ledger tide rope anchor signal captain ferry winter storm island letter'.split(' ');

const silent: Log = {
  debug() {},
  info() {},
  warn() {},
  error: (event, fields) => console.error(event, fields),
};

const publisher: Publisher = testPublisher({
  id: 'bench',
  sources: [{ kind: 'feed', url: 'http://127.0.0.1/feed.xml', text: 'full', role: 'main', section: null }],
});

/** 900 words that gzip does not swallow whole. */
function article(id: number, change: Partial<Article> = {}): Article {
  let state = id * 7_919 + 17;
  const word = (): string => {
    state = (state * 48_271) % 2_147_483_647;
    return `${WORDS[state % WORDS.length]}${state % 97 === 0 ? state : ''}`;
  };
  const paragraphs = Array.from(
    { length: 15 },
    () => `<p>${Array.from({ length: 60 }, word).join(' ')}.</p>`,
  );
  return {
    publisherId: publisher.id,
    stableId: String(id),
    guid: null,
    url: `http://127.0.0.1/${id}` as HttpUrl,
    language: 'en',
    direction: 'ltr',
    title: `Report ${id}`,
    subtitle: '',
    summary: 'What it says.',
    authors: [{ name: 'A Keeper' }],
    publishedAt: Date.UTC(2020, 0, 1) + id * 60_000,
    modifiedAt: null,
    section: 'News',
    tags: [],
    kind: 'article',
    lead: null,
    content: paragraphs.join('') as SafeHtml,
    origin: 'page',
    ...change,
  };
}

/**
 * The `publish` rows: CPU, wall time and memory of one publish with four new lines, in a log of a tenth and of all the articles. On
 * a folder in memory, so that the disk's time to sync is not in it; it is said apart.
 */
export async function run(articles: number): Promise<void> {
  const home = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'tamizdat-bench-'));
  const store = openStore(join(home, 'tamizdat.sqlite'), { tokenizer: { indexText } });
  let ahead = 0;
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  const desk = createDesk(
    { home, name: 'Bench', contact: '', attest: 'relay' },
    { store, clock, log: silent },
  );
  const publish = async (): Promise<void> => {
    ahead += 3_600_000;
    const result = await desk.publish();
    if (result.kind === 'failed') throw new Error(result.reason);
  };
  const save = (id: number, change: Partial<Article> = {}): void => {
    store.articles.save(article(id, change), { at: clock.now(), edition: false });
  };
  try {
    store.transaction(() => {
      for (const id of store.publishers.sync([publisher], clock.now()))
        store.changes.add({
          at: clock.now(),
          kind: 'publisher',
          publisherId: id,
          articleId: null,
          revision: null,
        });
    });
    console.log('publish of 3 new articles and 1 correction, 900 words each');
    console.log('   log lines   CPU ms median   max   wall ms median   RSS MB before   after');
    let saved = 0;
    for (const size of [...new Set([Math.floor(articles / 10), articles])]) {
      const startedAt = process.cpuUsage();
      while (saved < size) {
        const until = Math.min(size, saved + 5_000);
        store.transaction(() => {
          for (; saved < until; saved += 1) save(saved + 1);
        });
        await publish();
      }
      const filled = process.cpuUsage(startedAt);
      globalThis.gc?.();
      const before = process.memoryUsage().rss;
      const rounds: { cpu: number; wall: number }[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        store.transaction(() => {
          for (let one = 0; one < 3; one += 1) {
            saved += 1;
            save(saved);
          }
          save(saved - 50 - round, { title: `Corrected ${round}` });
        });
        const cpu = process.cpuUsage();
        const wall = performance.now();
        await publish();
        const used = process.cpuUsage(cpu);
        rounds.push({ cpu: (used.user + used.system) / 1_000, wall: performance.now() - wall });
      }
      const after = process.memoryUsage().rss;
      const cpus = rounds.map(({ cpu }) => cpu).sort((a, b) => a - b);
      const walls = rounds.map(({ wall }) => wall).sort((a, b) => a - b);
      const middle = ROUNDS / 2;
      console.log(
        [
          String(store.desk.get()?.size ?? 0).padStart(12),
          (cpus[middle] ?? 0).toFixed(1).padStart(16),
          (cpus.at(-1) ?? 0).toFixed(1).padStart(6),
          (walls[middle] ?? 0).toFixed(1).padStart(17),
          (before / 1e6).toFixed(0).padStart(16),
          (after / 1e6).toFixed(0).padStart(8),
          `   (filling it: ${((filled.user + filled.system) / 1e6).toFixed(0)} CPU s)`,
        ].join(''),
      );
    }
  } finally {
    store.close();
    rmSync(home, { recursive: true, force: true });
  }
}
