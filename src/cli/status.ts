import type { Command } from 'commander';
import { demoHome } from '../config/demo-home.js';
import { systemClock } from '../domain/clock.js';
import { factLines, nextTryText, passText } from '../keeper/phrases.js';
import { hostPort, reachableHost, runningNode } from '../keeper/probe.js';
import type { StatusReport } from '../keeper/status.js';
import { statusJson } from '../keeper/status-json.js';
import { agoText, countText } from '../keeper/units.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { printable } from './printable.js';
import { nodeSettings } from './settings.js';
import { createStyle } from './style.js';
import { renderTable } from './table.js';

/** A seized site brings hundreds of questions; the first tell what it is about. */
const MOST_WAITING = 5;

async function status(options: { json?: true }, self: Command, deps: CliDeps): Promise<void> {
  const config = nodeSettings(self, deps);
  const { openKeeperView } = await import('../node.js');
  const view = openKeeperView(config, systemClock);
  try {
    const report = view.status();
    const running = await runningNode(config.home);
    if (options.json) {
      deps.stdout.write(`${JSON.stringify(statusJson(report, running !== null))}\n`);
      return;
    }
    const page =
      running && `http://${hostPort({ ...running.keeper, host: reachableHost(running.keeper.host) })}/`;
    deps.stdout.write(statusText(report, page, deps));
    const demo = demoHome(config.home);
    if (running === null && (await runningNode(demo)) !== null)
      deps.stdout.write(`\nThe demo runs beside it: tamizdat status --home ${demo}\n`);
  } finally {
    view.close();
  }
}

function statusText(report: StatusReport, page: string | null, deps: CliDeps): string {
  const style = createStyle(deps.stdout, deps.env);
  const { at, name, version, home, publishers } = report;
  const head = [
    `${style('bold', printable(name))}, ${home}, version ${version}\n`,
    page === null
      ? `${style('yellow', 'No node is running here')}: tamizdat serve starts it. This is its last state.\n`
      : `Running. More at ${style('bold', page)}\n`,
  ];
  const unsaid = report.waiting.length - MOST_WAITING;
  const waiting = report.waiting
    .slice(0, MOST_WAITING)
    .flatMap(({ id, publisherId, what, askedAt, accept, refuse }) => [
      `  ${id}  ${publisherId}: ${printable(what)} (asked ${agoText(askedAt, at)})\n`,
      `     ${accept}   or   ${refuse}\n`,
    ]);
  const troubles = report.troubles.flatMap(({ level, what, todo }) => [
    `  ${level === 'fail' ? style('red', 'fail') : style('yellow', 'warn')}  ${printable(what)}\n`,
    `        ${printable(todo)}\n`,
  ]);
  const table = (
    headings: readonly string[],
    rows: readonly (readonly string[])[],
    notes: readonly (string | null)[] = [],
  ): string =>
    // A node that follows others has no sources, one that has just begun no publishers.
    rows.length === 0 ? '' : `\n${renderTable(headings, rows, deps.stdout, deps.env, notes)}`;
  const sources = publishers.flatMap((publisher) => publisher.sources);
  const facts = factLines(report);
  const width = Math.max(...facts.map(([label]) => label.length));
  return [
    ...head,
    ...(waiting.length === 0 ? [] : [`\n${style('bold', 'NEEDS YOUR DECISION')}\n`, ...waiting]),
    ...(unsaid > 0 ? [`  and ${unsaid} more: tamizdat decisions list\n`] : []),
    ...(troubles.length === 0
      ? ['\nNothing is wrong.\n']
      : [`\n${style('bold', 'NEEDS ATTENTION')}\n`, ...troubles]),
    table(
      ['PUBLISHER', 'ARTICLES', 'HEARD', 'LAST PASS', 'BROUGHT'],
      publishers.map((one) => [
        one.id,
        countText(one.articles),
        agoText(one.heardAt, at),
        agoText(one.lastPass?.endedAt ?? null, at),
        passText(one, at),
      ]),
    ),
    table(
      ['STATE', 'SINCE', 'NEXT TRY', 'SOURCE'],
      sources.map((source) => [
        source.state,
        source.state === 'untried' ? '-' : agoText(source.sinceAt, at),
        nextTryText(source, at),
        source.url,
      ]),
      // Seven sources of one publisher that is away have one reason.
      sources.map(({ reason }, index) => (reason === sources[index - 1]?.reason ? null : reason)),
    ),
    '\n',
    ...facts.map(([label, text]) => `${label.padEnd(width)}  ${printable(text)}\n`),
  ].join('');
}

/** `status`: what the node does and what needs its keeper. Reads beside a running node; exit code 1 where there is no database. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('status')
    .description(
      'Show how the mirror is doing: what needs your decision, what is wrong, sources, disk, traffic.',
    )
    .option('--json', 'print JSON')
    .action((options: { json?: true }, self: Command) => status(options, self, deps));
  addExamples(command, [
    ['status', 'what waits for you and what is wrong stand first'],
    ['status --home /srv/mirror', 'of the node in that folder, running or not'],
    ['status --json', 'all of it, for a script'],
  ]);
}
