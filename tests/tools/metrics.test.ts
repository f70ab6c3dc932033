import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { createNodeMetrics } from '../../src/node/node-metrics.js';
import { statusReport } from '../support/status-report.js';
import { describeWith } from '../support/tools.js';

/** Prints every family as JSON; ends with a traceback where the text is no exposition. */
const READ = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families as families
print(json.dumps([[f.name, f.type, f.documentation, [[s.name, s.labels, s.value] for s in f.samples]] for f in families(sys.stdin.read())]))
`;

type Family = [name: string, type: string, help: string, samples: [string, Record<string, string>, number][]];

describeWith(['python3-prometheus-client'], 'metrics', ({ 'python3-prometheus-client': python }) => {
  it('are read by Prometheus’ own parser: every family with kind, help and samples', () => {
    const metrics = createNodeMetrics(['the-quay']);
    metrics.onAnswer(200, 1_000);
    metrics.onAnswer(404, 90);
    metrics.onPass(null);
    const text = metrics.render(statusReport);
    const { status, stdout, stderr } = spawnSync(python, ['-c', READ], { input: text, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
    const families = JSON.parse(stdout) as Family[];
    expect(families.length).toBe(text.match(/^# TYPE /gm)?.length);
    for (const [name, type, help, samples] of families) {
      expect(['counter', 'gauge', 'histogram'], name).toContain(type);
      expect(help, name).not.toBe('');
      for (const [, , value] of samples) expect(Number.isFinite(value), name).toBe(true);
    }
    const samples = new Map(
      families.flatMap(([, , , all]) =>
        all.map(([name, labels, value]) => [name + JSON.stringify(labels), value] as const),
      ),
    );
    expect(samples.get('tamizdat_answers_total{"class":"2xx"}')).toBe(1);
    expect(samples.get('tamizdat_articles{"publisher":"the-quay"}')).toBe(7);
    expect(samples.get('tamizdat_sources{"publisher":"the-quay","state":"blocked"}')).toBe(1);
  });
});
