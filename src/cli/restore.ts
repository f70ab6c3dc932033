import { resolve } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../domain/clock.js';
import { countedText } from '../keeper/units.js';
import { checkBackup, restoreBackup } from '../safety/restore-backup.js';
import { createByteProgress } from './byte-progress.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { settingsOf } from './settings.js';

/** `restore FILE`: checks a backup, then puts it in place of what is there. Exit code 1 where it is refused: nothing was changed then. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('restore')
    .description('Check a backup and restore it. The node must be stopped.')
    .argument('<file>', 'what `backup` wrote')
    .option('--with-keys', 'restore its keys and secrets.yaml too')
    .option('--check', 'only check it, and change nothing')
    .option('--json', 'print JSON')
    .action(
      async (
        given: string,
        options: { withKeys?: true; check?: true; json?: true },
        self: Command,
      ): Promise<void> => {
        const { config } = settingsOf(self, deps);
        const file = resolve(given);
        const bar = createByteProgress(deps.stderr, options.check ? 'check' : 'restore');
        try {
          const common = { home: config.home, file, onProgress: bar.update };
          const manifest = options.check
            ? await checkBackup(common)
            : await restoreBackup({ ...common, withKeys: options.withKeys === true, clock: systemClock });
          bar.finish();
          if (options.json) {
            deps.stdout.write(`${JSON.stringify({ file, restored: options.check !== true, ...manifest })}\n`);
            return;
          }
          deps.stdout.write(
            `${options.check ? 'It is whole' : 'Restored'}: ${countedText(manifest.articles, 'article')} as of ${manifest.created}, ${
              manifest.keys ? 'with' : 'without'
            } keys.\n`,
          );
          if (!options.check)
            deps.stdout.write(
              'The next pass asks every publisher for what came since. Now: tamizdat serve\n',
            );
        } finally {
          bar.finish();
        }
      },
    );
  addExamples(command, [
    ['restore --check tamizdat.tar.gz', 'whether it is whole, and what is in it'],
    ['restore tamizdat.tar.gz', 'put it in place; keys that are here stay'],
    ['restore --with-keys safe.tar.gz', 'put back the keys in it too'],
  ]);
}
