import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { VERSION } from '../config/fetch-settings.js';
import { systemClock } from '../domain/clock.js';
import { UsageError } from '../domain/errors.js';
import { countedText } from '../keeper/units.js';
import { DATABASE } from '../safety/home-files.js';
import { writeBackup } from '../safety/write-backup.js';
import { createByteProgress } from './byte-progress.js';
import { inBytes } from './byte-words.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { settingsOf } from './settings.js';

/** `backup FILE`: everything the node holds in one file, while it runs. Exit code 1 where it could not be written, 2 where there is nothing to back up. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('backup')
    .description('Save everything this node holds as one file, while it runs.')
    .argument('<file>', 'where to write it, such as tamizdat.tar.gz')
    .option('--with-keys', 'put keys and secrets.yaml in too: whoever has them can speak for this node')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { withKeys?: true; json?: true }, self: Command) => {
      const { config } = settingsOf(self, deps);
      if (!existsSync(join(config.home, DATABASE)))
        throw new UsageError('backup-nothing', `there is no database in ${config.home}`, {
          hint: 'Name the state folder with --home or TAMIZDAT_HOME.',
        });
      if (statSync(file, { throwIfNoEntry: false })?.isDirectory())
        throw new UsageError('backup-folder', `${file} is a folder, and a backup is one file`, {
          hint: `For example: tamizdat backup ${join(file, 'tamizdat.tar.gz')}`,
        });
      const bar = createByteProgress(deps.stderr, 'backup');
      try {
        const { manifest, bytes, ...written } = await writeBackup({
          home: config.home,
          target: resolve(file),
          withKeys: options.withKeys === true,
          program: VERSION,
          clock: systemClock,
          onProgress: bar.update,
        });
        bar.finish();
        if (options.json)
          deps.stdout.write(`${JSON.stringify({ file: written.file, bytes, ...manifest })}\n`);
        else {
          deps.stdout.write(
            `${written.file}: ${inBytes(bytes)}, ${countedText(manifest.articles, 'article')}, ${countedText(manifest.files.length, 'file')}\n`,
          );
          if (!manifest.keys)
            deps.stdout.write('Keys and secrets.yaml are not in it; --with-keys puts them in.\n');
        }
      } finally {
        bar.finish();
      }
    });
  addExamples(command, [
    ['backup /mnt/stick/tamizdat.tar.gz', 'database, configuration, publisher files'],
    ['backup --with-keys safe.tar.gz', 'keys too: keep that file where nobody else reads'],
  ]);
}
