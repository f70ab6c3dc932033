import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createNodeMetrics } from '../../src/node/node-metrics.js';
import { statusReport } from '../support/status-report.js';

const docs = readFileSync(fileURLToPath(new URL('../../docs/metrics.md', import.meta.url)), 'utf8');

function exposition(): string {
  const metrics = createNodeMetrics(['the-quay']);
  metrics.onAnswer(200, 1_000);
  metrics.onPass(null);
  return metrics.render(statusReport);
}

/** A reading of the text format 0.0.4 of its own: name, labels, value; throws where a line is none. */
function parse(text: string) {
  const types = new Map<string, string>();
  const samples: { name: string; labels: Record<string, string>; value: number }[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const type = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line);
    if (type !== null) types.set(type[1] ?? '', type[2] ?? '');
    if (line.startsWith('#')) continue;
    const sample = /^([a-zA-Z_:][\w:]*)(?:\{((?:[a-z_]+="(?:[^"\\]|\\.)*",?)*)\})? (-?[\d.e+]+)$/.exec(line);
    if (sample === null) throw new Error(`no sample: ${line}`);
    const labels = Object.fromEntries(
      [...(sample[2] ?? '').matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
    samples.push({ name: sample[1] ?? '', labels, value: Number(sample[3]) });
  }
  return { types, samples };
}

it('lists every metric in docs/metrics.md with its kind and labels, and no other', () => {
  const rows = [...docs.matchAll(/^\| `(\w+)` \| (\w+) \| ([^|]*)\|/gm)].map(([, name, kind, labels]) => [
    name,
    kind,
    [...(labels ?? '').matchAll(/`(\w+)`/g)].map(([, label]) => label),
  ]);
  const { types, samples } = parse(exposition());
  const exposed = [...types].map(([name, kind]) => [
    name,
    kind,
    Object.keys(samples.find((sample) => sample.name === name)?.labels ?? { none: '' }),
  ]);
  expect(exposed.sort()).toEqual(rows.sort());
});

it('says what the status says', () => {
  const { samples } = parse(exposition());
  const value = (name: string, labels: Record<string, string> = {}) =>
    samples.find((one) => one.name === name && JSON.stringify(one.labels) === JSON.stringify(labels))?.value;
  expect(value('tamizdat_sources', { publisher: 'the-quay', state: 'blocked' })).toBe(1);
  expect(value('tamizdat_articles', { publisher: 'the-quay' })).toBe(7);
  expect(value('tamizdat_decisions_waiting')).toBe(1);
  expect(value('tamizdat_answers_total', { class: '2xx' })).toBe(1);
  expect(value('tamizdat_answers_total', { class: '5xx' })).toBe(0);
  expect(value('tamizdat_key_expiry_timestamp_seconds', { role: 'timestamp' })).toBe(1_801_000_000);
  expect(value('tamizdat_peers', { state: 'liar' })).toBe(0);
});
