import type { Command } from 'commander';
import { fetchSettings } from '../config/fetch-settings.js';
import { systemClock } from '../domain/clock.js';
import { TamizdatError } from '../domain/errors.js';
import type { Finding } from '../keeper/doctor/finding.js';
import type { StatusReport } from '../keeper/status.js';
import { countedText } from '../keeper/units.js';
import { createLog } from '../observe/log.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { mirrorOf } from './mirror-of.js';
import { printable } from './printable.js';
import { nodeSettings } from './settings.js';
import { createStyle } from './style.js';

interface DoctorOptions {
  json?: true;
  offline?: true;
}

async function doctor(options: DoctorOptions, self: Command, deps: CliDeps): Promise<void> {
  const { config, publishers } = await mirrorOf(nodeSettings(self, deps));
  const { createFetcher } = await import('../fetch/fetcher.js');
  const { followsOnlyIn, mailSettings, openKeeperView } = await import('../node.js');
  const { examine } = await import('../keeper/doctor/doctor.js');
  const clock = systemClock;
  const log = createLog({ ...config.log, write: (line) => deps.stderr.write(line) }, { clock });
  const fetcher = createFetcher(fetchSettings(config), { clock, log });
  let findings: Finding[];
  let said: string | null = null;
  try {
    findings = await examine(config, {
      // Whoever follows others may have a reason not to be seen by publishers.
      publishers: orNull(() => followsOnlyIn(config)) === true ? [] : publishers,
      fetcher,
      clock,
      status: orNull(() => statusOf(openKeeperView(config, clock))),
      mail: mailSettings(config),
      extraAuthorities: deps.env.NODE_EXTRA_CA_CERTS,
      offline: options.offline === true,
      onFindings: (found) => {
        if (options.json) return;
        for (const one of found) {
          // Seven sources of one publisher that is away want the same thing done.
          deps.stdout.write(line(one.todo === said ? { ...one, todo: null } : one, deps));
          said = one.todo;
        }
      },
    });
  } finally {
    await fetcher.close();
  }
  const count = (level: Finding['level']): number => findings.filter((one) => one.level === level).length;
  if (options.json) {
    deps.stdout.write(`${JSON.stringify({ ok: count('fail') === 0, findings })}\n`);
  } else {
    deps.stdout.write(
      `\n${count('ok')} ok, ${countedText(count('warn'), 'warning')}, ${countedText(count('fail'), 'failure')}.\n`,
    );
  }
  if (count('fail') > 0) {
    throw new TamizdatError('doctor-found', `${countedText(count('fail'), 'check')} failed`);
  }
}

function statusOf(view: { status(): StatusReport; close(): void }): StatusReport {
  try {
    return view.status();
  } finally {
    view.close();
  }
}

/** The database may be what is ill: then its own check says so. */
function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

const COLORS = { ok: 'green', warn: 'yellow', fail: 'red' } as const;
const CHECK_WIDTH = 'certificate'.length;

function line({ check, level, found, todo }: Finding, deps: CliDeps): string {
  const style = createStyle(deps.stdout, deps.env);
  const head = `${style(COLORS[level], level.padEnd(4))}  ${check.padEnd(CHECK_WIDTH)}  ${printable(found)}\n`;
  return todo === null ? head : `${head}${' '.repeat(CHECK_WIDTH + 8)}${printable(todo)}\n`;
}

/** `doctor`: looks at everything that keeps a mirror from its readers. Exit code 1 where a check fails. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('doctor')
    .description('Check this node and say what to do: clock, disk, database, sources, certificate.')
    .option('--offline', 'leave out whatever needs the network')
    .option('--json', 'print JSON')
    .action((options: DoctorOptions, self: Command) => doctor(options, self, deps));
  addExamples(command, [
    ['doctor', 'every check; it speaks to configured addresses only'],
    ['doctor --offline', 'the machine alone'],
    ['doctor --json', 'for a script; exit code 1 if a check fails'],
  ]);
}
