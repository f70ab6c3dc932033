import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { TamizdatError, UsageError } from '../domain/errors.js';
import { countedText } from '../keeper/units.js';
import { DATABASE } from '../safety/home-files.js';
import { removeEmptyHome, type WipeSummary, wipeHome } from '../safety/wipe-home.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { settingsOf } from './settings.js';

const NOT_PROMISED = `What this cannot promise: on an SSD, a memory card, a file system that copies on write, or a virtual disk with
snapshots, old bytes may stay where they were. Where that matters, destroy the disk, or keep it encrypted and
throw the key away. Untouched: backups elsewhere, copies on other mirrors, and what stands outside this folder.
`;

/** `wipe`: removes everything this node holds, keys included, after the name of its folder was typed. Exit code 1 where it was not, or where a node runs. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('wipe')
    .description('Erase everything this node holds: articles, keys, configuration, backups in its folder.')
    .option('--yes-erase-everything <name>', "the state folder's name, instead of typing it")
    .option('--json', 'print JSON')
    .action(async (options: { yesEraseEverything?: string; json?: true }, self: Command) => {
      const { config } = settingsOf(self, deps);
      const { home } = config;
      if (!existsSync(join(home, DATABASE)) && !existsSync(join(home, 'keys')))
        throw new UsageError('wipe-nothing', `no node has been in ${home}: there is nothing to erase`, {
          hint: 'Name the state folder with --home or TAMIZDAT_HOME.',
        });
      const name = basename(home);
      const typed = options.yesEraseEverything ?? (await ask(config, name, deps));
      if (typed !== name)
        throw new TamizdatError('wipe-not-confirmed', `"${typed}" is not "${name}": nothing was erased`, {
          hint: `Type the folder's name, or say it with --yes-erase-everything ${name}.`,
        });
      const summary = wipeHome(home);
      const folderGone = removeEmptyHome(home);
      deps.stdout.write(options.json ? asJson(home, summary, folderGone) : asText(home, summary, folderGone));
    });
  addExamples(command, [
    ['wipe --home /srv/mirror', 'asks for the name of the folder, then erases'],
    ['wipe --home /srv/mirror --yes-erase-everything mirror', 'for a script: no question'],
  ]);
}

async function ask({ home, backup }: Config, name: string, deps: CliDeps): Promise<string> {
  const elsewhere = backup.dir.startsWith(`${home}/`) ? '' : ` Automatic backups in ${backup.dir} stay.`;
  deps.stderr.write(
    `This erases everything in ${home}: articles, pictures, decisions, keys, configuration, backups.${elsewhere}
There is no way back. To go on, type the folder's name, ${name}: `,
  );
  const typed = await firstLine(deps.stdin);
  // Where nobody typed it, nothing ended the line.
  if (!deps.stdin.isTTY) deps.stderr.write('\n');
  return typed;
}

async function firstLine(stdin: CliDeps['stdin']): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const part of stdin) {
    text += decoder.decode(part, { stream: true });
    if (text.includes('\n') || text.length > 1_000) break;
  }
  return (text.split('\n', 1)[0] ?? '').trim();
}

const asJson = (home: string, summary: WipeSummary, folderGone: boolean): string =>
  `${JSON.stringify({ home, ...summary, folder_gone: folderGone })}\n`;

function asText(home: string, { removed, overwritten, left }: WipeSummary, folderGone: boolean): string {
  const others = left.length === 0 ? '' : `Left, since it is not this program's: ${left.join(', ')}\n`;
  return `Erased ${countedText(removed.length, 'thing')} in ${home}${folderGone ? ', and the folder' : ''}. Written over first: ${countedText(overwritten.length, 'file')} of keys and secrets.
${others}\n${NOT_PROMISED}`;
}
