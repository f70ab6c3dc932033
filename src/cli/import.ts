import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { UsageError } from '../domain/errors.js';
import type { CliDeps } from './cli-deps.js';
import { withEngine } from './engine-task.js';
import { addExamples } from './examples.js';
import { renderTable } from './table.js';

const HEADINGS = ['REPOSITORY', 'NEW', 'CHANGED', 'REMOVED', 'MISSING', 'OUTCOME'];

/** `import`: news from a tar or folder that another node exported, verified like any peer's. Exit code 1 where it brought nothing good. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('import')
    .description('Take news from an exported tar or folder, verified as if it came from a peer.')
    .argument('<file>', 'FILE.tar, or a folder that holds head.json')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { json?: true }, self: Command) => {
      if (!existsSync(file))
        throw new UsageError('no-such-file', `there is no ${file}`, {
          hint: 'Give the path of a tar or folder that `tamizdat export` wrote; is the stick mounted?',
        });
      const url = pathToFileURL(resolve(file)).href;
      const address = statSync(file).isDirectory() && !url.endsWith('/') ? `${url}/` : url;
      if (!address.endsWith('/') && !address.endsWith('.tar'))
        throw new UsageError('no-tar', `${file} is neither a folder nor a .tar`, {
          hint: '`tamizdat export FILE.tar` writes one; unpack what is compressed first.',
        });
      await withEngine(self, deps, async (engine) => {
        const summaries = await engine.follower.importFrom(address);
        if (summaries.length === 0)
          throw new UsageError(
            'follows-nobody',
            'this node follows nobody, so it cannot tell whom to believe',
            {
              hint: "Join first, with the trust string of the desk: tamizdat join 'tz1:…'",
            },
          );
        await engine.sync.render();
        if (options.json) deps.stdout.write(`${JSON.stringify({ imported: summaries })}\n`);
        else
          deps.stdout.write(
            renderTable(
              HEADINGS,
              summaries.map((one) => [
                one.repository ?? '-',
                ...[one.fresh, one.changed, one.removed, one.missing].map(String),
                one.reason === null ? one.outcome : `${one.outcome}: ${one.reason}`,
              ]),
              deps.stdout,
              deps.env,
            ),
          );
        if (summaries.every(({ outcome }) => outcome === 'trouble' || outcome === 'alarm'))
          process.exitCode = 1;
      });
    });
  addExamples(command, [['import week.tar', 'what a stick brings']]);
}
