import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { request } from 'undici';
import { BENCH_PUBLISHER, type BenchHome, createBenchHome, freePort } from './bench-home.js';
import { median, perCpuSecond } from './load.js';
import { type Captured, startNginx, untilAnswers } from './nginx.js';
import { hasChildren, residentBytes } from './process-figures.js';

const ARTICLES = 200;
const RUNS = 5;
const RUN_CPU_SECONDS = 1;

const PATHS = {
  article: `/${BENCH_PUBLISHER}/a${ARTICLES}/`,
  // The stand-in's long one: its page is as full as the line allows.
  longArticle: `/${BENCH_PUBLISHER}/a${ARTICLES - 1}/`,
  feed: `/${BENCH_PUBLISHER}/rss.xml`,
} as const;
type Page = keyof typeof PATHS;
const TITLES: Readonly<Record<Page, string>> = {
  article: 'article',
  longArticle: 'long article',
  feed: 'feed',
};

interface Scenario {
  page: Page;
  answer: 200 | 304;
}

const SCENARIOS: readonly Scenario[] = [
  { page: 'article', answer: 200 },
  { page: 'longArticle', answer: 200 },
  { page: 'feed', answer: 200 },
  { page: 'article', answer: 304 },
  { page: 'feed', answer: 304 },
];

interface Serving {
  pid: number;
  origin: string;
  /** From the start of the program to its first answer. */
  startedInMs: number;
  stop(): Promise<void>;
}

/**
 * `npm run bench serve [CPU_SECONDS]`: answers per second of the server's processor time, as a ratio to nginx serving the same bytes
 * in the same run; memory; start-up. CPU_SECONDS is what each of the five alternating runs of a row makes the server use.
 */
export async function run(args: string[]): Promise<void> {
  const missing = ['nginx', 'wrk'].filter((command) => !hasCommand(command));
  if (missing.length > 0) {
    console.log(`not run: needs Debian's ${missing.join(' and ')} (apt-get install ${missing.join(' ')})`);
    return;
  }
  const cpuSeconds = Number(args[0] ?? RUN_CPU_SECONDS);
  const home = await createBenchHome(ARTICLES);
  try {
    await untilEnded(home.start(['sync', '--once', '--json']));
    await rates(home, 'proxied', cpuSeconds);
    await rates(home, 'direct', cpuSeconds);
    await startUp(home);
  } finally {
    await home.remove();
  }
}

async function rates(home: BenchHome, edge: 'proxied' | 'direct', cpuSeconds: number): Promise<void> {
  const node = await serve(home, edge);
  const captured = await Promise.all(Object.keys(PATHS).map((name) => capture(node.origin, name as Page)));
  const nginx = await startNginx(captured, await freePort(), { keepAlive: edge === 'proxied' });
  const idle = residentBytes(node.pid, 'now') ?? 0;
  try {
    console.log(
      edge === 'proxied'
        ? `\nAnswers per CPU-second, median of ${RUNS} alternating runs of ${cpuSeconds} CPU-s, gzip. Connections kept alive (edge: proxied)`
        : '\nThe same with a new connection for each answer (edge: direct)',
    );
    console.log('                      node    nginx   ratio    bytes');
    for (const scenario of SCENARIOS) {
      const page = captured.find(({ name }) => name === scenario.page);
      if (page === undefined) continue;
      const urls = { node: node.origin + PATHS[scenario.page], nginx: nginx.urlOf(page.name) };
      const ratesOf: Record<keyof typeof urls, number[]> = { node: [], nginx: [] };
      for (let round = 0; round <= RUNS; round += 1) {
        for (const [server, pid] of [
          ['node', node.pid],
          ['nginx', nginx.pid],
        ] as const) {
          const url = urls[server];
          const rate = await perCpuSecond(pid, { url, headers: await ask(url, scenario.answer), cpuSeconds });
          // The first round warms up.
          if (round > 0) ratesOf[server].push(rate);
        }
      }
      const [ours, theirs] = [median(ratesOf.node), median(ratesOf.nginx)];
      const bytes = scenario.answer === 200 ? page.gzip.length : 0;
      console.log(
        `${`${TITLES[scenario.page]} ${scenario.answer}`.padEnd(17)}${ours.toFixed(0).padStart(9)}${theirs.toFixed(0).padStart(9)}` +
          `${(ours / theirs).toFixed(2).padStart(8)}${String(bytes).padStart(9)}`,
      );
    }
    const peak = residentBytes(node.pid, 'peak') ?? 0;
    console.log(
      `memory of the serving process: ${megabytes(idle)} idle, ${megabytes(peak)} at most under load`,
    );
  } finally {
    await nginx.stop();
    await node.stop();
  }
}

async function startUp(home: BenchHome): Promise<void> {
  const times: number[] = [];
  for (let round = 0; round < RUNS; round += 1) {
    const node = await serve(home, 'direct');
    times.push(node.startedInMs);
    await node.stop();
  }
  console.log(
    `\nstart to first answer, ${ARTICLES} articles kept: ${median(times).toFixed(0)} ms (median of ${RUNS})`,
  );
}

async function serve(home: BenchHome, edge: string): Promise<Serving> {
  const [listen, admin] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const startedAt = performance.now();
  const child = home.start(['serve', '--listen', listen], {
    TAMIZDAT_ADMIN_LISTEN: admin,
    TAMIZDAT_HTTP_EDGE: edge,
  });
  child.stdout?.resume();
  const { pid = 0 } = child;
  await untilAnswers(`http://${listen}${PATHS.article}`);
  const startedInMs = performance.now() - startedAt;
  // The first pass has a process of its own; we measure serving.
  do await new Promise((resolve) => setTimeout(resolve, 500));
  while (hasChildren(pid));
  return {
    pid,
    origin: `http://${listen}`,
    startedInMs,
    stop: async () => {
      const ended = untilEnded(child);
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function capture(origin: string, name: Page): Promise<Captured> {
  // Not fetch(): it would unpack the bytes.
  const answer = await request(origin + PATHS[name], { headers: { 'accept-encoding': 'gzip' } });
  const headers = Object.fromEntries(
    Object.entries(answer.headers).map(([header, value]) => [header, String(value)]),
  );
  const gzip = Buffer.from(await answer.body.arrayBuffer());
  if (answer.statusCode !== 200 || headers['content-encoding'] !== 'gzip') {
    throw new Error(
      `${PATHS[name]} answered ${answer.statusCode} ${headers['content-encoding'] ?? 'unpacked'}`,
    );
  }
  return { name, gzip, headers };
}

/** What a client sends to get that answer; each server has its own ETag. */
async function ask(url: string, answer: Scenario['answer']): Promise<Record<string, string>> {
  const headers = { 'Accept-Encoding': 'gzip' };
  const etag = (await fetch(url, { headers })).headers.get('etag') ?? '';
  const asked = answer === 200 ? headers : { ...headers, 'If-None-Match': etag };
  const { status } = await fetch(url, { headers: asked });
  if (status !== answer) throw new Error(`${url} answered ${status} where ${answer} was due`);
  return asked;
}

function hasCommand(command: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${command}`]);
    return true;
  } catch {
    return false;
  }
}

function untilEnded(child: ChildProcess): Promise<void> {
  child.stdout?.resume();
  return new Promise((resolve, reject) => {
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`ended with code ${code}`))));
  });
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
