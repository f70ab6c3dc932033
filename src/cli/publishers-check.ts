import type { Command } from 'commander';
import { fetchSettings } from '../config/fetch-settings.js';
import { choosePublishers } from '../config/load-publishers.js';
import { systemClock } from '../domain/clock.js';
import { TamizdatError, UsageError } from '../domain/errors.js';
import { createLog } from '../observe/log.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { knownStates } from './known-states.js';
import { knownPublishers } from './mirror-of.js';
import { settingsOf } from './settings.js';

async function check(id: string | undefined, options: { json?: true }, self: Command, deps: CliDeps) {
  // Loaded when used, so that a server starts without them.
  const { createFetcher } = await import('../fetch/fetcher.js');
  const { checkPublisher } = await import('./check-publisher.js');
  const { reportJson, reportText } = await import('./publisher-report.js');
  const { known, asked, settingsFor } = await knownPublishers(settingsOf(self, deps).config);
  const publishers = choosePublishers(known, id === undefined ? asked : [id]);
  if (publishers.length === 0)
    throw new UsageError('asks-nobody', 'this node follows others, and asks no publisher itself', {
      hint: 'Name one to check: tamizdat publishers check ID. `tamizdat peers` shows whom it follows.',
    });
  const config = await settingsFor(publishers);
  const clock = systemClock;
  const log = createLog({ ...config.log, write: (line) => deps.stderr.write(line) }, { clock });
  const fetcher = createFetcher(fetchSettings(config), { clock, log });
  const states = await knownStates(
    config,
    publishers.map((one) => one.id),
  );
  const reports: object[] = [];
  let wrong = 0;
  try {
    for (const publisher of publishers) {
      const report = await checkPublisher(publisher, { fetcher, clock });
      wrong += report.wrong.length;
      reports.push(reportJson(report, states));
      if (!options.json) deps.stdout.write(reportText(report, states, clock.now()));
    }
  } finally {
    await fetcher.close();
  }
  if (options.json) deps.stdout.write(`${JSON.stringify(reports)}\n`);
  if (wrong > 0) {
    throw new TamizdatError(
      'publishers-wrong',
      `${wrong} ${wrong === 1 ? 'thing looks' : 'things look'} wrong`,
      {
        hint: 'docs/publishers.md says what each key of a publisher file means.',
      },
    );
  }
}

/** `publishers check [id]`: fetches once and says what came. Exit code 1 where something looks wrong. Writes nothing. */
export function register(parent: Command, deps: CliDeps): void {
  const command = parent
    .command('check')
    .description('Fetch a publisher once, and show what came and what looks wrong. Keeps nothing.')
    .argument('[id]', 'a publisher (default: every mirrored one)')
    .option('--json', 'print JSON')
    .action((id: string | undefined, options: { json?: true }, self: Command) =>
      check(id, options, self, deps),
    );
  addExamples(command, [
    ['publishers check', 'every publisher this node mirrors'],
    ['publishers check moscow-times', 'one, mirrored or not'],
    ['publishers check my-paper --json', 'for a script; exit code 1 where something looks wrong'],
  ]);
}
