import type { Command } from 'commander';
import { createBareProgram } from './bare-program.js';
import type { CliDeps } from './cli-deps.js';

/** Flags of the program itself whose value is the next word. */
const WITH_VALUE: ReadonlySet<string> = new Set(['--home', '--config', '--listen']);

/** Commands that others wait for to start: a node, its sync process at every pass, and what a timer of the system's runs instead. */
const IN_A_HURRY: Readonly<
  Record<string, () => Promise<{ register: (program: Command, deps: CliDeps) => void }>>
> = {
  serve: () => import('./serve.js'),
  sync: () => import('./sync.js'),
  worker: () => import('./worker.js'),
};

/** The program as `argv` needs it. Reading the files of every command takes a third of a second, so a node reads only its own. */
export async function programFor(argv: readonly string[], deps: CliDeps): Promise<Command> {
  const name = argv.find((word, at) => !word.startsWith('-') && !WITH_VALUE.has(argv[at - 1] ?? '')) ?? '';
  const load = Object.hasOwn(IN_A_HURRY, name) ? IN_A_HURRY[name] : undefined;
  if (load === undefined) return (await import('./program.js')).createProgram(deps);
  const program = createBareProgram(deps);
  (await load()).register(program, deps);
  return program;
}
