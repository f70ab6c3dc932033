import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { extractInTime } from '../../src/extract/extract-in-time.js';
import { keepHeapLean } from '../../src/extract/lean-heap.js';
import { corpusDir } from '../../tests/support/corpus.js';

/*
 * Run by `npm run bench extract` in a process of its own, which reads pages as a syncing one does: one after another, with the
 * same setting of the heap. Prints how many pages a CPU-second takes, first while the code is still being compiled and then
 * warm, and how much memory the process ever held above what it held idle.
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

function pagesPerCpuSecond(): number {
  let micros = 0;
  for (const { url, html } of pages) {
    const bytes = readFileSync(join(folder, html));
    const text = (html.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const before = process.cpuUsage();
    extractInTime(text, { url });
    const { user, system } = process.cpuUsage(before);
    micros += user + system;
  }
  return pages.length / (micros / 1e6);
}

const cold = pagesPerCpuSecond();
const warm = pagesPerCpuSecond();
const aboveIdle = process.resourceUsage().maxRSS * 1024 - idleBytes;
console.log(
  `${pages.length} pages of AEB and fundus: ${cold.toFixed(0)} per CPU-second at first, ${warm.toFixed(0)} once warm (goal 80)`,
);
console.log(`${(aboveIdle / 1e6).toFixed(0)} MB at most above the idle process (goal 150)`);
