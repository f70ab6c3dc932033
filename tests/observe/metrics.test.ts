import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/observe/metrics.js';

describe('metrics', () => {
  it('renders counters, gauges and histograms as Prometheus text', () => {
    const metrics = createMetrics();
    const passes = metrics.counter('sync_passes_total', 'Passes.', { outcome: ['ok', 'failed'] });
    const articles = metrics.gauge('articles', 'Articles stored.', {});
    const seconds = metrics.histogram('sync_seconds', 'Length of a pass.', {}, [1, 10]);
    passes.add({ outcome: 'ok' });
    passes.add({ outcome: 'ok' }, 2);
    articles.set({}, 41);
    articles.set({}, 42);
    seconds.observe({}, 0.5);
    seconds.observe({}, 5);
    seconds.observe({}, 50);
    expect(metrics.render()).toBe(
      `# HELP sync_passes_total Passes.
# TYPE sync_passes_total counter
sync_passes_total{outcome="ok"} 3
# HELP articles Articles stored.
# TYPE articles gauge
articles 42
# HELP sync_seconds Length of a pass.
# TYPE sync_seconds histogram
sync_seconds_bucket{le="1"} 1
sync_seconds_bucket{le="10"} 2
sync_seconds_bucket{le="+Inf"} 3
sync_seconds_sum 55.5
sync_seconds_count 3
`,
    );
  });

  it('refuses a label value that was not declared, since it could be a reader', () => {
    const counter = createMetrics().counter('hits_total', 'Hits.', { kind: ['page'] });
    const fromOutside = '/moscow-times/a89514/' as 'page';
    expect(() => counter.add({ kind: fromOutside })).toThrow(RangeError);
  });

  it('refuses a name that is taken', () => {
    const metrics = createMetrics();
    metrics.gauge('articles', 'Articles.', {});
    expect(() => metrics.gauge('articles', 'Articles.', {})).toThrow(RangeError);
  });
});
