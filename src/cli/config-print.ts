import type { Command } from 'commander';
import { Document, isMap, isScalar } from 'yaml';
import type { Setting } from '../config/load.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { settingsOf } from './settings.js';

type Sections = Record<string, unknown>;

function nested(settings: readonly Setting[]): Sections {
  const values: Sections = {};
  for (const { key, value } of settings) {
    const [name = '', inner] = key.split('.');
    if (inner === undefined) values[name] = value;
    else values[name] = { ...(values[name] as Sections | undefined), [inner]: value };
  }
  return values;
}

/** The settings as YAML, each that somebody set with a note of who did. */
function asYaml(settings: readonly Setting[]): string {
  const document = new Document(nested(settings), { aliasDuplicateObjects: false });
  for (const { key, origin } of settings) {
    if (origin === 'default') continue;
    const path = key.split('.');
    const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1));
    if (!isMap(parent)) continue;
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1));
    if (isScalar(pair?.key)) pair.key.commentBefore = ` from ${origin}`;
  }
  return document.toString({ lineWidth: 0 });
}

/** `config print`: what is in force and who set it, without a password. */
export function register(parent: Command, deps: CliDeps): void {
  const command = parent
    .command('print')
    .description('Print the settings in effect and where each comes from. Passwords are hidden.')
    .option('--json', 'print JSON')
    .action((options: { json?: true }, self: Command) => {
      const { settings } = settingsOf(self, deps);
      deps.stdout.write(options.json ? `${JSON.stringify(nested(settings))}\n` : asYaml(settings));
    });
  addExamples(command, [
    ['config print', 'every key, with a note above each that was set'],
    ['config print --json', 'the same values for a script'],
    ['config print --listen 0.0.0.0:80', 'what this flag would change'],
  ]);
}
