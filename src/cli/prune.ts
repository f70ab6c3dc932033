import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { systemClock } from '../domain/clock.js';
import { UsageError } from '../domain/errors.js';
import { countedText } from '../keeper/units.js';
import type { Falling } from '../sync/retention.js';
import { inBytes } from './byte-words.js';
import type { CliDeps } from './cli-deps.js';
import { abortedByUser, withEngine } from './engine-task.js';
import { addExamples } from './examples.js';
import { createProgress } from './progress.js';
import { nodeSettings } from './settings.js';
import { renderTable } from './table.js';

const HEADINGS = ['PUBLISHER', 'WHY', 'ARTICLES', 'ABOUT', 'FROM', 'TO'];
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** `prune`: what `retention` lets fall out, now instead of with the next pass. `--dry-run` only tells. Exit code 2 where no limit is set. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('prune')
    .description('Drop articles past the limits of `retention` now, as every pass does.')
    .option('--dry-run', 'only show what would be dropped')
    .option('--json', 'print JSON')
    .action(async (options: { dryRun?: true; json?: true }, self: Command) => {
      const config = nodeSettings(self, deps);
      refuseWithoutLimits(config);
      const { openTree } = await import('../node.js');
      // A look needs no lock: it may run beside a pass. It also says so where no node has run here yet.
      const { store } = openTree(config, true);
      let planned: readonly Falling[];
      try {
        const { planRetention } = await import('../sync/retention.js');
        const limits = {
          retentionMaxAgeMs: config.retention.maxAgeMs,
          retentionMaxBytes: config.retention.maxBytes,
        };
        planned = planRetention(store, limits, systemClock.now());
      } finally {
        store.close();
      }
      if (options.dryRun) {
        deps.stdout.write(options.json ? asJson(planned, true) : asText(planned, deps, 'would be dropped'));
        return;
      }
      const bar = createProgress(deps.stderr, 'prune', planned.length);
      await withEngine(self, deps, async ({ sync }) => {
        const gone = await sync
          .prune({ onPruned: (done) => bar.update(done), signal: abortedByUser() })
          .finally(bar.finish);
        deps.stdout.write(options.json ? asJson(gone, false) : asText(gone, deps, 'were dropped'));
      });
    });
  addExamples(command, [
    ['prune --dry-run', 'what would go, by publisher'],
    ['prune --dry-run --json', 'every article of it'],
    ['prune', 'do it now'],
  ]);
}

function refuseWithoutLimits({ retention }: Config): void {
  if (retention.maxAgeMs !== null || retention.maxBytes !== null) return;
  throw new UsageError('prune-no-limit', 'no limit is set, so nothing is ever dropped', {
    hint: 'Set retention.maxAge or retention.maxBytes, or try TAMIZDAT_RETENTION_MAX_AGE=365d with --dry-run.',
  });
}

const asJson = (planned: readonly Falling[], dryRun: boolean): string =>
  `${JSON.stringify({
    dry_run: dryRun,
    articles: planned.map(({ publisherId, stableId, url, publishedAt, bytes, reason }) => ({
      path: `/${publisherId}/a${stableId}/`,
      url,
      published: new Date(publishedAt).toISOString(),
      bytes,
      reason,
    })),
  })}\n`;

function asText(planned: readonly Falling[], deps: CliDeps, verb: string): string {
  if (planned.length === 0) return 'Nothing is past the limits.\n';
  const groups = new Map<string, Falling[]>();
  for (const one of planned) {
    const key = `${one.publisherId} ${one.reason}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const rows = [...groups.values()].map((group) => [
    group[0]?.publisherId ?? '',
    group[0]?.reason ?? '',
    group.length.toLocaleString('en'),
    inBytes(group.reduce((sum, { bytes }) => sum + bytes, 0)),
    dayOf(group[0]?.publishedAt ?? 0),
    dayOf(group.at(-1)?.publishedAt ?? 0),
  ]);
  return `${countedText(planned.length, 'article')} ${verb}:\n\n${renderTable(HEADINGS, rows, deps.stdout, deps.env)}`;
}
