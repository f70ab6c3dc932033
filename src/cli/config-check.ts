import type { Command } from 'commander';
import { choosePublishers } from '../config/load-publishers.js';
import { readSecretPaths } from '../config/secret-paths.js';
import { readCertificate } from '../serve/tls-files.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { publishersOf, settingsOf } from './settings.js';

/** `config check`: reads everything a start would read, and changes nothing. */
export function register(parent: Command, deps: CliDeps): void {
  const command = parent
    .command('check')
    .description('Check the configuration and the publisher files. Changes nothing.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }, self: Command) => {
      const { followsOnlyIn } = await import('../node.js');
      const { config, settings } = settingsOf(self, deps);
      const known = publishersOf(config);
      const chosen = choosePublishers(known, config.publishers);
      if (config.tls !== null) readCertificate(config.tls);
      readSecretPaths(config.home);
      const set = settings.filter(({ origin }) => origin !== 'default');
      if (options.json) {
        const report = {
          ok: true,
          set: set.map(({ key, origin }) => ({ key, origin })),
          publishers: config.publishers,
        };
        deps.stdout.write(`${JSON.stringify(report)}\n`);
        return;
      }
      deps.stdout.write(
        `The configuration is right: ${set.length} of ${settings.length} keys set, the others at their defaults.\n` +
          (followsOnlyIn(config)
            ? 'It follows other nodes, and asks no publisher itself.\n'
            : `${known.size} publishers are described, ${chosen.length} to be mirrored: ${config.publishers.join(', ')}.\n`),
      );
    });
  addExamples(command, [
    ['config check', 'the configuration a start would use'],
    ['config check --config new.yaml', 'a file, before it is put in place'],
    ['config check --json', 'for a script; exit code 2 where something is wrong'],
  ]);
}
