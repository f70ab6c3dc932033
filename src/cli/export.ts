import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { TamizdatError, UsageError } from '../domain/errors.js';
import { makeFolder } from '../files/make-folder.js';
import type { TreeFiles } from '../files/tree-files.js';
import type { ExportSummary } from '../replicate/export-tree.js';
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
    .description(
      'Write the signed files into a tar (FILE.tar) or a folder, for a USB stick or any web server.',
    )
    .argument('<file>', 'FILE.tar, or a folder')
    .option('--days <n>', 'only the last N days (default: everything)', days)
    .option('--repository <name>', 'which one, if this node has several')
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
        const { createTreeFiles, treeFolder } = await import('../files/tree-files.js');
        if (options.repository !== undefined && !existsSync(treeFolder(config.home, repository)))
          throw new UsageError('no-such-repository', `this node has no repository ${repository}`, {
            hint: '`tamizdat keys list --json` and `tamizdat peers` name those it signs and follows.',
          });
        const since = options.days === undefined ? 0 : Date.now() - options.days * 86_400_000;
        const tree = createTreeFiles(treeFolder(config.home, repository));
        const summary = await (file.endsWith('.tar') ? writeTar : writeFolder)(tree, since, file);
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

/** The tar appears under its name when it is whole; what was cut off leaves nothing. */
async function writeTar(tree: TreeFiles, sinceAt: number, file: string): Promise<ExportSummary> {
  const { exportTree } = await import('../replicate/export-tree.js');
  const { createTar } = await import('../replicate/tar.js');
  const part = `${file}.part`;
  try {
    const tar = createTar(part);
    const summary = exportTree(tree, sinceAt, tar.add);
    tar.close();
    renameSync(part, file);
    return summary;
  } finally {
    rmSync(part, { force: true });
  }
}

async function writeFolder(tree: TreeFiles, sinceAt: number, folder: string): Promise<ExportSummary> {
  const { exportTree } = await import('../replicate/export-tree.js');
  return exportTree(tree, sinceAt, (path, bytes) => {
    const file = join(folder, path);
    makeFolder(dirname(file), 0o755);
    writeFileSync(file, bytes);
  });
}
