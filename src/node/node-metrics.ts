import { VERSION } from '../config/fetch-settings.js';
import { createStatusMetrics } from '../keeper/metrics.js';
import type { StatusReport } from '../keeper/status.js';
import { createMetrics } from '../observe/metrics.js';
import type { PassSummary } from '../sync/progress.js';
import { createAnswerCounters } from './count-answers.js';

/** Everything a running node counts, in one place: docs/metrics.md lists it, and a test holds the two together. */
export function createNodeMetrics(publishers: readonly string[]) {
  const metrics = createMetrics();
  const onAnswer = createAnswerCounters(metrics);
  const passes = metrics.counter('tamizdat_passes_total', 'Passes over all publishers.', {});
  const outcomes = metrics.counter(
    'tamizdat_publisher_passes_total',
    'Passes over one publisher, by how they ended.',
    { publisher: publishers, outcome: ['news', 'nothing-new', 'trouble'] },
  );
  const started = metrics.gauge(
    'process_start_time_seconds',
    'Start time of the process since unix epoch in seconds.',
    {},
  );
  const memory = metrics.gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', {});
  const showStatus = createStatusMetrics(metrics, { publishers, version: VERSION });

  passes.add({}, 0);
  for (const publisher of publishers)
    for (const outcome of ['news', 'nothing-new', 'trouble'] as const)
      outcomes.add({ publisher, outcome }, 0);

  return {
    onAnswer,
    /** Null: the pass broke, or was cut off. */
    onPass: (summary: PassSummary | null): void => {
      passes.add({});
      for (const { publisherId, outcome } of summary?.publishers ?? [])
        if (publishers.includes(publisherId)) outcomes.add({ publisher: publisherId, outcome });
    },
    /** Prometheus' text format 0.0.4. */
    render: (report: StatusReport): string => {
      started.set({}, Math.floor((Date.now() - process.uptime() * 1_000) / 1_000));
      memory.set({}, process.memoryUsage.rss());
      showStatus(report);
      return metrics.render();
    },
  };
}
