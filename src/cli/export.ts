import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { TamizdatError } from '../domain/errors.js';
import { inBytes } from './byte-words.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { openForReading } from './open-for-reading.js';

function days(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('not a number of days such as 7.');
  return value;
}

/** `export`: the signed tree as a tar or a folder, for a stick, any web server, or another node. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('export')
    .description('Write the signed tree into a tar (FILE.tar) or a folder: for a stick, for any web server.')
    .argument('<file>', 'FILE.tar, or a folder')
    .option('--days <n>', 'only the last so many days; all of it without', days)
    .option('--repository <name>', 'which, where this node carries several')
    .option('--json', 'print JSON')
    .action(
      async (file: string, options: { days?: number; repository?: string; json?: true }, self: Command) => {
        const { store, config } = await openForReading(self, deps);
        let repository: string | null;
        try {
          repository = options.repository ?? store.meta.get('signed:primary');
        } finally {
          store.close();
        }
        if (repository === null)
          throw new TamizdatError('no-signed-tree', 'this node has no signed tree yet', {
            hint: 'Let it sync once: tamizdat sync --once',
          });
        const { exportTree } = await import('../replicate/export-tree.js');
        const { createTreeFiles, treeFolder } = await import('../files/tree-files.js');
        const { createTar } = await import('../replicate/tar.js');
        const since = options.days === undefined ? 0 : Date.now() - options.days * 86_400_000;
        const folder = createTreeFiles(treeFolder(config.home, repository));
        const isTar = file.endsWith('.tar');
        const tar = isTar ? createTar(`${file}.part`) : null;
        const summary = exportTree(folder, since, (path, bytes) => {
          if (tar !== null) tar.add(path, bytes);
          else {
            mkdirSync(dirname(join(file, path)), { recursive: true });
            writeFileSync(join(file, path), bytes);
          }
        });
        tar?.close();
        if (isTar) renameSync(`${file}.part`, file);
        if (options.json) deps.stdout.write(`${JSON.stringify({ repository, file, ...summary })}\n`);
        else
          deps.stdout.write(
            `${file}: ${summary.files} files, ${inBytes(summary.bytes)}, entries ${summary.lowest} to ${summary.size} of ${repository}\n`,
          );
      },
    );
  addExamples(command, [
    ['export --days 7 week.tar', 'a week for a stick'],
    ['export /srv/www/signed', 'a folder that any web server can hand out'],
  ]);
}
