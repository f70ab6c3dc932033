import type { Log } from '../domain/log.js';
import { sourcePlace } from './source-place.js';

/** What an error is, in words that are ours or the runtime's: never its message, which may quote a request. */
export function describeError(error: unknown): { class: string; code: string; at: string } {
  if (!(error instanceof Error)) return { class: typeof error, code: '', at: '' };
  const code = 'code' in error ? String(error.code) : '';
  return {
    class: wordOr(error.name, 'Error'),
    code: wordOr(code, ''),
    at: framesOf(error.stack ?? '').join(' '),
  };
}

/** Frames told: enough to find the place. */
const MOST_FRAMES = 6;
const FRAME =
  /^\s+at (?:.*? \()?(?:file:\/\/)?((?:\S*\/)?)((?:dist|src|node_modules|node:[\w/]+)\/?[\w@./-]*):(\d+):(\d+)\)?$/;

/** Files and lines of a stack. The message, which stands before them and may run over several lines, matches no frame of ours. */
const framesOf = (stack: string): string[] =>
  stack
    .split('\n')
    .flatMap((text) => {
      const [, folder, file, line, column] = FRAME.exec(text) ?? [];
      if (file === undefined) return [];
      return sourcePlace(`${folder}${file}`, Number(line), Number(column)) ?? `${file}:${line}:${column}`;
    })
    .slice(0, MOST_FRAMES);

const wordOr = (text: string, other: string): string =>
  /^[A-Za-z][A-Za-z0-9_]{0,60}$/.test(text) ? text : other;

/** EX_SOFTWARE of sysexits.h: a defect of ours. */
const DEFECT = 70;

/**
 * From here on nothing that a reader sent can reach the output by way of an error. An exception nobody caught is told by its class and
 * place, and ends the process with 70, since what it left half-done is unknown. A rejection nobody waited for has left nothing
 * half-done that anybody waits for: a process that serves tells it and serves on, any other ends. What libraries say is told by its class.
 */
export function guardOutput(process: NodeJS.Process, log: Log, options: { serving: boolean }): void {
  process.on('uncaughtException', (error) => {
    log.error('crashed', describeError(error));
    process.exit(DEFECT);
  });
  process.on('unhandledRejection', (reason) => {
    log.error('unhandled-rejection', describeError(reason));
    if (!options.serving) process.exit(DEFECT);
  });
  // Node prints a warning with its message; ours come from libraries and may quote what they choke on.
  process.removeAllListeners('warning');
  process.on('warning', (warning) => log.debug('runtime-warning', describeError(warning)));
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace'] as const) {
    console[method] = (...said: unknown[]) =>
      log.debug('library-said', describeError(said.find((one) => one instanceof Error) ?? said[0]));
  }
}
