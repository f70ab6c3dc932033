import { setTimeout as pause } from 'node:timers/promises';
import { request } from 'undici';
import { BENCH_PUBLISHER } from './bench-home.js';
import { keptHome } from './kept-home.js';
import { spread } from './load.js';
import { cpuSeconds, mainThread, residentBytes } from './process-figures.js';
import { fillSearch, searchQuestions } from './search-corpus.js';
import { serve } from './serving.js';

const ARTICLES = 100_000;
const QUESTIONS = 500;
/** Asked before: the first ones meet code that is still being compiled, and are told apart. */
const FIRST_QUESTIONS = 1_000;
/** Between two questions of one reader. */
const THINKING_MS = 40;
const ROUNDS = 5;
const ROUND_MS = 4_000;
const SEARCHERS = 4;

/**
 * `npm run bench search [ARTICLES]`: questions of five languages to a node with 100,000 articles, and how long an article waits
 * beside them, in turns with the same node while nobody searches.
 */
export async function run(args: string[]): Promise<void> {
  const articles = Number(args[0] ?? ARTICLES);
  const home = await keptHome(`search-${articles}`, ({ config }) =>
    fillSearch(config, articles, (done) => {
      if (done % 10_000 === 0) console.error(`${done} of ${articles}`);
    }),
  );
  const article = `/${BENCH_PUBLISHER}/a2/`;
  try {
    const node = await serve(home, article, { TAMIZDAT_HTTP_EDGE: 'proxied' });
    const all = searchQuestions(FIRST_QUESTIONS + QUESTIONS);
    const questions = all.slice(FIRST_QUESTIONS);
    const search = (query: string) => answered(`${node.origin}/search/`, query);
    const first: number[] = [];
    for (const { query } of all.slice(0, FIRST_QUESTIONS)) first.push(await search(query));
    const [cpuBefore, mainBefore] = [cpuSeconds(node.pid), mainThread(node.pid).ranMs];
    const times = new Map<string, number[]>();
    for (const { kind, query } of questions) {
      const tookMs = await search(query);
      times.set(kind, [...(times.get(kind) ?? []), tookMs]);
      await pause(THINKING_MS);
    }
    console.log(`the first ${FIRST_QUESTIONS} searches after a start: ${spread(first)}`);
    console.log(`${QUESTIONS} more in ${articles} articles, from asking to the last byte:`);
    for (const [kind, took] of times) console.log(`  ${kind.padEnd(16)} ${spread(took)}`);
    console.log(`  ${'all'.padEnd(16)} ${spread([...times.values()].flat())}`);

    const each = (ms: number) => (ms / QUESTIONS).toFixed(1);
    const usedMs = (cpuSeconds(node.pid) - cpuBefore) * 1_000;
    const residentMb = ((residentBytes(node.pid, 'now') ?? 0) / 1e6).toFixed(0);
    console.log(
      `processor time of each: ${each(usedMs)} ms, ${each(mainThread(node.pid).ranMs - mainBefore)} ms of it on the thread that serves; memory ${residentMb} MB`,
    );

    const waits = { alone: [] as number[], beside: [] as number[] };
    let asked = 0;
    for (let round = 0; round < ROUNDS; round += 1)
      for (const phase of ['alone', 'beside'] as const) {
        const until = performance.now() + ROUND_MS;
        const searching = Array.from({ length: phase === 'beside' ? SEARCHERS : 0 }, async (_, lane) => {
          for (let at = lane; performance.now() < until; at += SEARCHERS, asked += 1)
            await search(questions[(round * 97 + at) % questions.length]?.query ?? '');
        });
        while (performance.now() < until) {
          waits[phase].push(await answered(node.origin + article));
          await pause(5);
        }
        await Promise.all(searching);
      }
    console.log(`an article, nobody searches:                 ${spread(waits.alone)}`);
    console.log(
      `an article beside ${SEARCHERS} who search without rest: ${spread(waits.beside)} (${asked} searches)`,
    );
    await node.stop();
  } finally {
    await home.remove();
  }
}

/** Milliseconds from asking to the last byte. With a query a search, else a page. */
async function answered(url: string, query?: string): Promise<number> {
  const startedAt = performance.now();
  const { statusCode, body } = await request(url, {
    headers: {
      'accept-encoding': 'br',
      ...(query === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(query === undefined ? {} : { method: 'POST', body: new URLSearchParams({ q: query }).toString() }),
  });
  await body.arrayBuffer();
  if (statusCode !== 200) throw new Error(`${url} answered ${statusCode}`);
  return performance.now() - startedAt;
}
