import { type Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../domain/clock.js';
import { TamizdatError } from '../domain/errors.js';
import { decisionText } from '../keeper/collect.js';
import { createLog } from '../observe/log.js';
import type { Decision } from '../store/decision-table.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { mirroredPublishers, settingsOf } from './settings.js';
import { renderTable } from './table.js';

const HEADINGS = ['ID', 'PUBLISHER', 'ASKED', 'KIND', 'WHAT'];

const asJson = ({ id, publisherId, kind, detail, askedAt, verdict }: Decision) => ({
  id,
  publisher: publisherId,
  kind,
  detail,
  asked: new Date(askedAt).toISOString(),
  verdict,
});

function number(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('not a number of `decisions list`.');
  return Number(text);
}

/** `decisions list`, `accept ID`, `refuse ID`: what waits for the keeper. Exit code 1 for an id that does not wait. */
export function register(parent: Command, deps: CliDeps): void {
  const list = parent
    .command('list')
    .description('List what waits for your word.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }, self: Command) => {
      const { config } = settingsOf(self, deps);
      const { createReaderSide } = await import('../node.js');
      const { store } = createReaderSide(config, systemClock, () => undefined);
      try {
        const open = store.decisions.open();
        if (options.json) deps.stdout.write(`${JSON.stringify(open.map(asJson))}\n`);
        else if (open.length === 0) deps.stdout.write('Nothing waits for you.\n');
        else deps.stdout.write(table(open, deps));
      } finally {
        store.close();
      }
    });
  addExamples(list, [['decisions list', 'removals past the limit of a day, addresses that moved']]);

  for (const verdict of ['accept', 'refuse'] as const) {
    const command = parent
      .command(verdict)
      .description(
        verdict === 'accept' ? 'Do what waits.' : 'Leave things as they are, and never ask it again.',
      )
      .argument('<id>', 'its number in `decisions list`', number)
      .option('--json', 'print JSON')
      .action(async (id: number, options: { json?: true }, self: Command) => {
        const { config } = settingsOf(self, deps);
        const { createEngine } = await import('../node/engine.js');
        const log = createLog(
          { ...config.log, write: (line) => deps.stderr.write(line) },
          { clock: systemClock },
        );
        const engine = createEngine(config, mirroredPublishers(config), log);
        try {
          engine.prepare();
          const result = await engine.sync.decide(id, verdict);
          if (result.kind !== 'settled')
            throw notWaiting(id, result.kind === 'unknown' ? null : result.decision);
          if (options.json) deps.stdout.write(`${JSON.stringify(asJson(result.decision))}\n`);
          else
            deps.stdout.write(
              `${verdict === 'accept' ? 'Accepted' : 'Refused'}: ${decisionText(result.decision)}\n`,
            );
        } finally {
          await engine.close();
        }
      });
    addExamples(command, [[`decisions ${verdict} 3`, 'the one numbered 3']]);
  }
}

const table = (open: readonly Decision[], deps: CliDeps): string =>
  renderTable(
    HEADINGS,
    open.map((one) => [
      String(one.id),
      one.publisherId,
      `${new Date(one.askedAt).toISOString().slice(0, 16).replace('T', ' ')}Z`,
      one.kind,
      decisionText(one),
    ]),
    deps.stdout,
    deps.env,
  );

const notWaiting = (id: number, before: Decision | null): TamizdatError =>
  new TamizdatError(
    'no-such-decision',
    before === null ? `nothing is numbered ${id}` : `${id} was settled before: ${before.verdict}`,
    { hint: '`tamizdat decisions list` shows what waits.' },
  );
