import { type Command, InvalidArgumentError } from 'commander';
import { TamizdatError } from '../domain/errors.js';
import { decisionText, waitingDecision } from '../keeper/collect.js';
import type { Decision, Verdict } from '../store/decision-table.js';
import type { Store } from '../store/store.js';
import type { CliDeps } from './cli-deps.js';
import { withEngine } from './engine-task.js';
import { addExamples } from './examples.js';
import { openForReading } from './open-for-reading.js';
import { printable } from './printable.js';
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

/** Called for each id, with those before it. */
function numbers(text: string, before: readonly number[] = []): number[] {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('not a number of `decisions list`.');
  return [...before, Number(text)];
}

/** `decisions list`, `accept ID...`, `refuse ID...`: what waits for the keeper. Exit code 1 for an id that does not wait. */
export function register(parent: Command, deps: CliDeps): void {
  const list = parent
    .command('list')
    .description('List what needs your decision.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }, self: Command) => {
      const { store } = await openForReading(self, deps);
      try {
        const open = store.decisions.open();
        if (options.json) deps.stdout.write(`${JSON.stringify(open.map(asJson))}\n`);
        else if (open.length === 0) deps.stdout.write('Nothing needs your decision.\n');
        else deps.stdout.write(table(open, store, deps));
      } finally {
        store.close();
      }
    });
  addExamples(list, [['decisions list', 'removals past the limit of a day, addresses that moved']]);

  for (const verdict of ['accept', 'refuse'] as const) {
    const command = parent
      .command(verdict)
      .description(
        verdict === 'accept' ? 'Do what was asked.' : 'Leave things as they are, and do not ask again.',
      )
      .argument('<ids...>', 'numbers in `decisions list`', numbers)
      .option('--json', 'print JSON')
      .action((ids: readonly number[], options: { json?: true }, self: Command) =>
        decide(ids, verdict, options, self, deps),
      );
    addExamples(command, [
      [`decisions ${verdict} 3`, 'the one numbered 3'],
      [`decisions ${verdict} 3 4 5`, 'several'],
    ]);
  }
}

async function decide(
  ids: readonly number[],
  verdict: Verdict,
  options: { json?: true },
  self: Command,
  deps: CliDeps,
): Promise<void> {
  await withEngine(self, deps, async ({ sync }) => {
    const settled: Decision[] = [];
    for (const id of ids) {
      const result = await sync.decide(id, verdict);
      if (result.kind !== 'settled') throw notWaiting(id, result.kind === 'unknown' ? null : result.decision);
      settled.push(result.decision);
      if (options.json) continue;
      deps.stdout.write(
        `${verdict === 'accept' ? 'Accepted' : 'Refused'}: ${printable(decisionText(result.decision))}\n`,
      );
    }
    if (!options.json) return;
    const [only] = settled;
    // One stays the object it always was.
    const answer = ids.length === 1 && only !== undefined ? asJson(only) : settled.map(asJson);
    deps.stdout.write(`${JSON.stringify(answer)}\n`);
  }).catch((error: unknown) => {
    if (!(error instanceof TamizdatError) || error.code !== 'writer-busy') throw error;
    throw new TamizdatError(error.code, error.message, {
      hint: "Wait until its pass ends, or say it on the keeper's page, which waits for its turn: `tamizdat status` shows where.",
      retryable: true,
      cause: error,
    });
  });
}

const table = (open: readonly Decision[], store: Store, deps: CliDeps): string =>
  renderTable(
    HEADINGS,
    open.map((one) => [
      String(one.id),
      one.publisherId,
      `${new Date(one.askedAt).toISOString().slice(0, 16).replace('T', ' ')}Z`,
      one.kind,
      waitingDecision(one, store).what,
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
