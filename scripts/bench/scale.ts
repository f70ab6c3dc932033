import type { Article } from '../../src/domain/article.js';
import { openTree } from '../../src/node.js';
import { createInvalidator } from '../../src/site/invalidate.js';
import { openReader, timedEnv, timesOf, told } from './answering.js';
import { BENCH_PUBLISHER, type BenchHome } from './bench-home.js';
import { fillStore } from './fill.js';
import { keptHome } from './kept-home.js';
import { median, spread } from './load.js';
import { residentBytes } from './process-figures.js';
import { serve } from './serving.js';

const ARTICLES = 200_000;
const STARTS = 5;
const PAGES_READ = 2_000;
/** Pages read before any is timed, none of them again: until then it is the compiler of a process just started that is measured. */
const WARM_UP = 500;
const LOAD_CONNECTIONS = 32;
const LOAD_REQUESTS = 40_000;
const ARTICLES_ADDED = 9;
/** Of the groups that are rendered: an article and the fronts that show it come first. */
const LAST_OF_FRONTS = 2;

/**
 * `npm run bench scale [ARTICLES]`: a node with 200,000 articles stored. How soon it serves, what it weighs, how long a page from
 * stored bytes takes, and how long a new article does to be up.
 */
export async function run(args: string[]): Promise<void> {
  const articles = Number(args[0] ?? ARTICLES);
  const home = await keptHome(`scale-${articles}`, ({ config }) => fillStore(config, articles));
  try {
    await reading(home, articles);
    adding(home);
  } finally {
    await home.remove();
  }
}

async function reading(home: BenchHome, articles: number): Promise<void> {
  const front = `/${BENCH_PUBLISHER}/`;
  const starts: number[] = [];
  const startsCpu: number[] = [];
  for (let round = 0; round < STARTS; round += 1) {
    const node = await serve(home, front, { TAMIZDAT_HTTP_EDGE: 'proxied', ...timedEnv(home) });
    starts.push(node.startedInMs);
    startsCpu.push(node.startedCpuMs);
    if (round === STARTS - 1) {
      console.log(
        `start to first answer: ${median(starts).toFixed(0)} ms, of the processor ${median(startsCpu).toFixed(0)} ms (median of ${STARTS})`,
      );
      console.log(`memory of the serving process, idle: ${memoryOf(node.pid)}`);
      const article = (index: number) => `${front}a9${1 + (index % (articles - 1))}/`;
      const step = Math.max(1, Math.floor((articles - 1) / PAGES_READ));
      const apart = (count: number, from: number) =>
        Array.from({ length: count }, (_, index) => article(index * step + from));
      await timesOf(home, node, apart(WARM_UP, 1));
      const cold = await timesOf(home, node, apart(PAGES_READ, 0));
      console.log(`an article that nobody asked for before, ${PAGES_READ} of them: ${told(cold)}`);
      const fronts = await timesOf(
        home,
        node,
        Array.from({ length: PAGES_READ }, () => front),
      );
      console.log(`the front page, ${PAGES_READ} times: ${told(fronts)}`);
      // 7,919 is prime to the count: all over the tree, and few of them twice.
      const paths = Array.from({ length: LOAD_REQUESTS }, (_, index) =>
        index % 4 === 0 ? front : article(index * 7_919),
      );
      await Promise.all(
        Array.from({ length: LOAD_CONNECTIONS }, async (_, lane) => {
          const reader = await openReader(node.origin);
          for (let index = lane; index < paths.length; index += LOAD_CONNECTIONS)
            await reader.read(paths[index] ?? front);
          reader.close();
        }),
      );
      console.log(
        `memory after ${LOAD_REQUESTS} pages over ${LOAD_CONNECTIONS} connections: ${memoryOf(node.pid)}; ` +
          `the most it ever was: ${megabytes(residentBytes(node.pid, 'peak') ?? 0)}`,
      );
    }
    await node.stop();
  }
}

/** What the sync process does with a new article, in this process: stored, then everything that shows it rendered and compressed. */
function adding(home: BenchHome): void {
  const { store, site } = openTree(home.config, false);
  const invalidator = createInvalidator(store);
  try {
    while (site.renderNext(Date.now()));
    const fronts: number[] = [];
    const rest: number[] = [];
    const frontsCpu: number[] = [];
    const restCpu: number[] = [];
    for (let round = 0; round < ARTICLES_ADDED; round += 1) {
      const newest = store.lists.newest({ publisherId: BENCH_PUBLISHER }, 1)[0];
      const pattern = newest === undefined ? null : store.articles.get(newest.id);
      if (pattern === null) throw new Error('nothing is stored');
      const article: Article = {
        ...pattern,
        stableId: `${Date.now()}${round}`,
        guid: null,
        url: `${pattern.url}-${round}` as Article['url'],
        publishedAt: pattern.publishedAt + 60_000,
      };
      const startedAt = performance.now();
      const usedBefore = process.cpuUsage();
      const usedMs = () => {
        const { user, system } = process.cpuUsage(usedBefore);
        return (user + system) / 1_000;
      };
      store.transaction(() => {
        const saved = store.articles.save(article, { at: Date.now(), edition: false });
        if (saved.kind === 'new') store.dirty.mark(invalidator.ofArticle(saved.article, 'added', saved.seq));
      });
      while ((store.dirty.next()?.priority ?? Number.POSITIVE_INFINITY) <= LAST_OF_FRONTS)
        site.renderNext(Date.now());
      fronts.push(performance.now() - startedAt);
      frontsCpu.push(usedMs());
      while (site.renderNext(Date.now()));
      rest.push(performance.now() - startedAt);
      restCpu.push(usedMs());
    }
    console.log(
      `a new article stored and its fronts rendered: ${spread(fronts)}; of the processor: ${spread(frontsCpu)}`,
    );
    console.log(`everything that shows it rendered: ${spread(rest)}; of the processor: ${spread(restCpu)}`);
  } finally {
    store.close();
  }
}

const memoryOf = (pid: number): string =>
  `${megabytes(residentBytes(pid, 'now') ?? 0)} (${megabytes(residentBytes(pid, 'own') ?? 0)} its own)`;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
