import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { BENCH_PUBLISHER, type BenchHome, createBenchHome, freePort, untilEnded } from './bench-home.js';
import { median, perCpuSecond } from './load.js';
import { anyCertificate, type Captured, startNginx } from './nginx.js';
import { residentBytes } from './process-figures.js';
import { serve } from './serving.js';

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

const tlsFile = (name: string) =>
  fileURLToPath(new URL(`../../tests/fixtures/tls-ec/${name}`, import.meta.url));
/** ECDSA P-256, a chain of two. */
const CERTIFICATE = { cert: tlsFile('chain.pem'), key: tlsFile('server.key') };

interface Way {
  title: string;
  edge: 'proxied' | 'direct';
  tls: typeof CERTIFICATE | null;
  scenarios: readonly Scenario[];
}

const WAYS: Readonly<Record<string, Way>> = {
  kept: { title: 'Connections kept alive (edge: proxied)', edge: 'proxied', tls: null, scenarios: SCENARIOS },
  new: {
    title: 'A new connection for each answer (edge: direct)',
    edge: 'direct',
    tls: null,
    scenarios: SCENARIOS,
  },
  // wrk resumes no session, and what an answer weighs hardly counts beside a handshake.
  tls: {
    title: 'HTTPS, a full TLS 1.3 handshake for each answer (edge: direct, ECDSA P-256, X25519)',
    edge: 'direct',
    tls: CERTIFICATE,
    scenarios: SCENARIOS.filter(({ page }) => page === 'article'),
  },
};

/**
 * `npm run bench serve [CPU_SECONDS] [kept|new|tls|start]`: answers per second of the server's processor time, as a ratio to nginx
 * serving the same bytes in the same run; memory; start-up. CPU_SECONDS is what each of the five alternating runs of a row makes the
 * server use.
 */
export async function run(args: string[]): Promise<void> {
  const missing = ['nginx', 'wrk'].filter((command) => !hasCommand(command));
  if (missing.length > 0) {
    console.log(`not run: needs Debian's ${missing.join(' and ')} (apt-get install ${missing.join(' ')})`);
    return;
  }
  const cpuSeconds = Number(args[0] ?? RUN_CPU_SECONDS);
  const only = args[1];
  const home = await createBenchHome(ARTICLES);
  try {
    await untilEnded(home.start(['sync', '--once', '--json']));
    for (const [name, way] of Object.entries(WAYS))
      if (only === undefined || only === name) await rates(home, way, cpuSeconds);
    if (only === undefined || only === 'start') await startUp(home);
  } finally {
    await home.remove();
  }
}

async function rates(
  home: BenchHome,
  { title, edge, tls, scenarios }: Way,
  cpuSeconds: number,
): Promise<void> {
  const node = await serve(home, PATHS.article, {
    TAMIZDAT_HTTP_EDGE: edge,
    ...(tls === null ? {} : { TAMIZDAT_TLS_CERT: tls.cert, TAMIZDAT_TLS_KEY: tls.key }),
  });
  const captured = await Promise.all(Object.keys(PATHS).map((name) => capture(node.origin, name as Page)));
  const nginx = await startNginx(captured, await freePort(), { keepAlive: edge === 'proxied', tls });
  const idle = residentBytes(node.pid, 'now') ?? 0;
  try {
    console.log(
      `\nAnswers per CPU-second, median of ${RUNS} alternating runs of ${cpuSeconds} CPU-s, gzip, Node ${process.version}. ${title}`,
    );
    console.log('                      node    nginx   ratio    bytes');
    for (const scenario of scenarios) {
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
    const node = await serve(home, PATHS.article, { TAMIZDAT_HTTP_EDGE: 'direct' });
    times.push(node.startedInMs);
    await node.stop();
  }
  console.log(
    `\nstart to first answer, ${ARTICLES} articles kept: ${median(times).toFixed(0)} ms (median of ${RUNS})`,
  );
}

async function capture(origin: string, name: Page): Promise<Captured> {
  // Not fetch(): it would unpack the bytes.
  const answer = await request(origin + PATHS[name], {
    dispatcher: anyCertificate,
    headers: { 'accept-encoding': 'gzip' },
  });
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
  const head = async (headers: Record<string, string>) => {
    const {
      statusCode,
      headers: answered,
      body,
    } = await request(url, { dispatcher: anyCertificate, headers });
    await body.dump();
    return { statusCode, etag: String(answered.etag ?? '') };
  };
  const plain = { 'Accept-Encoding': 'gzip' };
  const asked = answer === 200 ? plain : { ...plain, 'If-None-Match': (await head(plain)).etag };
  const { statusCode } = await head(asked);
  if (statusCode !== answer) throw new Error(`${url} answered ${statusCode} where ${answer} was due`);
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

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;
