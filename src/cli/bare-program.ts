import { Command } from 'commander';
import { VERSION } from '../config/fetch-settings.js';
import type { CliDeps } from './cli-deps.js';

/** The program without its commands: the flags that all of them take, and how it speaks. */
export function createBareProgram(deps: CliDeps): Command {
  return new Command('tamizdat')
    .description('A news mirror that stays readable on a throttled line.')
    .version(VERSION, '-V, --version', 'print the version')
    .option('--home <dir>', 'folder of the database, pictures and keys (TAMIZDAT_HOME)')
    .option('--config <file>', 'configuration file (TAMIZDAT_CONFIG)')
    .option('--listen <host:port>', 'address that readers are served on (TAMIZDAT_LISTEN)')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('Run it with --help for what is allowed.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => deps.stdout.write(text),
      writeErr: (text) => deps.stderr.write(text),
      getOutHelpWidth: () => deps.stdout.columns,
      getErrHelpWidth: () => deps.stderr.columns,
    });
}
