import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extractInTime } from '../../src/extract/extract-in-time.js';
import { keepHeapLean } from '../../src/extract/lean-heap.js';
import { readableContent } from '../../src/extract/readability.js';
import { corpusDir } from '../../tests/support/corpus.js';

/*
 * Run by `npm run bench extract`, bundled as what ships is, in a process of its own, which reads pages as a syncing one does: one
 * after another, with the same setting of the heap. Prints how many pages a CPU-second takes, first while the code is still being compiled and then
 * warm, and how much memory the process ever held above what it held idle. What else uses the machine's memory makes a page cost up to
 * twice as much processor time, so the warm figure is given by all passes together, by the slowest and the quickest of them, and by
 * each page's least.
 */
keepHeapLean();
const folder = join(corpusDir() ?? '', 'pages');
const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
  source: string;
  url: string;
  html: string;
}[];
const pages = manifest.filter(({ source }) => source === 'aeb' || source === 'fundus');
const idleBytes = process.memoryUsage.rss();

/** Processor time of each page, in microseconds. */
function readAll(read: (html: string, url: string) => void): number[] {
  return pages.map(({ url, html }) => {
    const bytes = readFileSync(join(folder, html));
    const text = (html.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const before = process.cpuUsage();
    read(text, url);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
}

const ours = (html: string, url: string): void => void extractInTime(html, { url });

const WARM_PASSES = 6;
const rate = (micros: readonly number[]): string =>
  (micros.length / (micros.reduce((sum, value) => sum + value, 0) / 1e6)).toFixed(0);

const cold = readAll(ours);
const warm = Array.from({ length: WARM_PASSES }, () => readAll(ours));
const passes = warm.map(rate).sort((a, b) => Number(a) - Number(b));
const least = pages.map((_, index) => Math.min(...warm.map((pass) => pass[index] ?? 0)));
const aboveIdle = process.resourceUsage().maxRSS * 1024 - idleBytes;
console.log(
  `${pages.length} pages of AEB and fundus, per CPU-second: ${rate(cold)} at first, ${rate(warm.flat())} once warm (passes from ${passes[0]} to ${passes.at(-1)}), ${rate(least)} by each page's least of ${WARM_PASSES} (goal 80); load ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} cores`,
);
console.log(`${(aboveIdle / 1e6).toFixed(0)} MB at most above the idle process (goal 150)`);
readAll(readableContent);
console.log(`Readability on linkedom once warm: ${rate(readAll(readableContent))} per CPU-second`);
