import { CommanderError } from 'commander';
import { TamizdatError, UsageError } from '../domain/errors.js';
import type { CliDeps } from './cli-deps.js';
import { machineTrouble } from './machine-trouble.js';
import { programFor } from './program-for.js';
import { createStyle } from './style.js';

/** Exit codes, as docs/cli.md has them. 70 is EX_SOFTWARE of sysexits.h: a defect of ours. */
export const EXIT = { ok: 0, failed: 1, usage: 2, defect: 70 } as const;

function report(error: unknown, { stderr, env }: CliDeps): number {
  const style = createStyle(stderr, env);
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof TamizdatError) {
    stderr.write(`${style('red', error.message)}\n`);
    if (error.hint !== null) stderr.write(`${error.hint}\n`);
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
  const trouble = machineTrouble(error);
  const message = error instanceof Error ? error.message : String(error);
  stderr.write(`${style('red', trouble?.message ?? `Something went wrong that should not: ${message}`)}\n`);
  if (trouble !== null) stderr.write(`${trouble.hint}\n`);
  if (env.TAMIZDAT_LOG_LEVEL === 'debug' && error instanceof Error) stderr.write(`${error.stack}\n`);
  else if (trouble === null) stderr.write('TAMIZDAT_LOG_LEVEL=debug shows where.\n');
  return trouble === null ? EXIT.defect : EXIT.failed;
}

/** Runs the one command that `argv` names (without node and script) and answers its exit code. Never throws. */
export async function runCli(argv: readonly string[], deps: CliDeps): Promise<number> {
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await (await programFor(argv, deps)).parseAsync(argv, { from: 'user' });
    // A command that did its work and has bad news says so by the process's code.
    return Number(process.exitCode ?? EXIT.ok);
  } catch (error) {
    return report(error, deps);
  } finally {
    process.exitCode = before;
  }
}
