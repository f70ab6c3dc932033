import type { PassSummary } from '../../src/sync/progress.js';
import { type BenchHome, createBenchHome } from './bench-home.js';
import { cpuSeconds, residentBytes } from './process-figures.js';

/** What issue and docs/performance.md speak of. */
const ARTICLES = 1_000;
/** How often a running pass is looked at: its last look is missed by as much at most. */
const LOOK_MS = 50;

interface PassFigures {
  wallSeconds: number;
  cpuSeconds: number;
  peakBytes: number;
  summary: PassSummary;
}

/** `npm run bench sync [ARTICLES]`: a first sync and two unchanged passes against a publisher on loopback. */
export async function run(args: string[]): Promise<void> {
  const articles = Number(args[0] ?? ARTICLES);
  const home = await createBenchHome(articles);
  try {
    console.log(
      `${articles} articles of 900 words (each tenth 2,520), summary feed and a page each, no pictures; \`sync --once\``,
    );
    console.log(
      'pass          new  unchanged  requests   wall s    CPU s  articles/s  articles/CPU s   peak MB',
    );
    for (const name of ['first', 'unchanged', 'unchanged']) {
      const before = home.standIn.requests();
      const figures = await pass(home);
      console.log(row(name, articles, figures, home.standIn.requests() - before));
    }
  } finally {
    await home.remove();
  }
}

function pass(home: BenchHome): Promise<PassFigures> {
  const startedAt = performance.now();
  const child = home.start(['sync', '--once', '--json']);
  const { pid = 0 } = child;
  let output = '';
  let cpu = 0;
  let peak = 0;
  const look = () => {
    cpu = Math.max(cpu, cpuSeconds(pid));
    peak = Math.max(peak, residentBytes(pid, 'peak') ?? 0);
  };
  const looking = setInterval(look, LOOK_MS);
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) => {
      clearInterval(looking);
      if (code !== 0) reject(new Error(`sync ended with code ${code}: ${output}`));
      else
        resolve({
          wallSeconds: (performance.now() - startedAt) / 1_000,
          cpuSeconds: cpu,
          peakBytes: peak,
          summary: JSON.parse(output),
        });
    });
  });
}

function row(name: string, articles: number, figures: PassFigures, requests: number): string {
  const [publisher] = figures.summary.publishers;
  const cells: [string | number, number][] = [
    [publisher?.fresh ?? 0, 7],
    [publisher?.unchanged ?? 0, 11],
    [requests, 10],
    [figures.wallSeconds.toFixed(1), 9],
    [figures.cpuSeconds.toFixed(1), 9],
    [(articles / figures.wallSeconds).toFixed(0), 12],
    [(articles / figures.cpuSeconds).toFixed(0), 16],
    [(figures.peakBytes / 1e6).toFixed(0), 10],
  ];
  return name.padEnd(10) + cells.map(([text, width]) => String(text).padStart(width)).join('');
}
