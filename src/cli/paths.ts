import { randomBytes } from 'node:crypto';
import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import {
  isChannelName,
  isSecretWord,
  readSecretPaths,
  type SecretPath,
  type SecretPaths,
  writeSecretPaths,
} from '../config/secret-paths.js';
import { systemClock } from '../domain/clock.js';
import { TamizdatError, UsageError } from '../domain/errors.js';
import { makeFolder } from '../files/make-folder.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { settingsOf } from './settings.js';
import { renderTable } from './table.js';

/** 12 bytes are 96 bits: at 50 guesses a second nobody finds one of a thousand such words in the age of the universe. */
const newWord = (): string =>
  randomBytes(12)
    .toString('base64url')
    .replace(/^[-_]|[-_]$/g, 'x');

const addressesOf = (config: Config, { word }: SecretPath): string[] => {
  const origins = [...new Set(config.site.urls.map((url) => new URL(url).origin))];
  return origins.length === 0 ? [`/${word}/`] : origins.map((origin) => `${origin}/${word}/`);
};

const asJson = (config: Config, path: SecretPath) => ({
  name: path.name,
  path: `/${path.word}/`,
  addedAt: path.addedAt,
  addresses: addressesOf(config, path),
});

const listJson = (config: Config, { quiet, paths }: SecretPaths): string =>
  JSON.stringify({ quiet, paths: paths.map((path) => asJson(config, path)) });

/** `paths add|revoke|list|open`: the secret addresses of a quiet mirror. A running node follows within a second. */
export function register(parent: Command, deps: CliDeps): void {
  const say = (line: string): void => deps.stdout.write(`${line}\n`);
  const configOf = (self: Command): Config => settingsOf(self, deps).config;

  const add = parent
    .command('add')
    .description('Open a secret address for one channel. Once there is one, nothing else answers.')
    .argument('<name>', 'your name for the channel, never shown to readers')
    .option('--word <word>', 'the folder in the address, instead of a random one')
    .option('--json', 'print JSON')
    .action((name: string, options: { word?: string; json?: true }, self: Command) => {
      const config = configOf(self);
      const known = readSecretPaths(config.home);
      const path = newPath(known, name, options.word);
      makeFolder(config.home, 0o700);
      writeSecretPaths(config.home, { quiet: true, paths: [...known.paths, path] });
      if (options.json) return say(JSON.stringify(asJson(config, path)));
      for (const address of addressesOf(config, path)) say(address);
      if (path.word.length < 16)
        say('That is a short word: whoever tries many may find it. Without --word it is made by chance.');
      if (!known.quiet) say('From now on everything outside the secret addresses looks like an idle nginx.');
    });
  addExamples(add, [
    ['paths add telegram', 'a random word'],
    ['paths add friends --word our-long-secret-word', 'a word of your own'],
  ]);

  const revoke = parent
    .command('revoke')
    .description('Close one secret address; the others stay as they are.')
    .argument('<name>', 'the name it was added under')
    .option('--json', 'print JSON')
    .action((name: string, options: { json?: true }, self: Command) => {
      const config = configOf(self);
      const known = readSecretPaths(config.home);
      const gone = known.paths.find((path) => path.name === name);
      if (gone === undefined) throw unknownName(name);
      const left = known.paths.filter((path) => path !== gone);
      writeSecretPaths(config.home, { ...known, paths: left });
      if (options.json) return say(JSON.stringify(asJson(config, gone)));
      say(`/${gone.word}/ is closed.`);
      if (known.quiet && left.length === 0)
        say(
          'No secret address is left, so nobody reaches this mirror now. `paths add NAME` opens one, `paths open` answers everybody at /.',
        );
    });
  addExamples(revoke, [['paths revoke telegram', 'when that address got around']]);

  const list = parent
    .command('list')
    .description('List the secret addresses.')
    .option('--json', 'print JSON')
    .action((options: { json?: true }, self: Command) => {
      const config = configOf(self);
      const known = readSecretPaths(config.home);
      const { quiet, paths } = known;
      if (options.json) return say(listJson(config, known));
      if (paths.length > 0) deps.stdout.write(table(config, paths, deps));
      const { basePath } = config.site;
      if (basePath !== '/') say(`${basePath} answers too, as site.basePath has it.`);
      if (quiet || basePath !== '/') say('Nothing else answers.');
      else say(`This mirror also answers openly at ${basePath}`);
    });
  addExamples(list, [['paths list', 'names, addresses, since when']]);

  const open = parent
    .command('open')
    .description('Answer everybody at / again. Secret addresses keep working.')
    .option('--json', 'print JSON, as `paths list` does')
    .action((options: { json?: true }, self: Command) => {
      const config = configOf(self);
      const known = readSecretPaths(config.home);
      writeSecretPaths(config.home, { ...known, quiet: false });
      if (options.json) say(listJson(config, { ...known, quiet: false }));
      else say(`This mirror answers openly at ${config.site.basePath}`);
    });
  addExamples(open, [['paths open', 'the end of being quiet']]);
}

/** @throws UsageError for a name or word that is taken or cannot be one */
function newPath(known: SecretPaths, name: string, wanted: string | undefined): SecretPath {
  if (!isChannelName(name))
    throw new UsageError('path-name', `"${name}" cannot be a name here`, {
      hint: 'Up to 40 letters, digits, blanks, dots, hyphens and underscores.',
    });
  if (known.paths.some((path) => path.name === name))
    throw new UsageError('path-name', `"${name}" has a secret address already`, {
      hint: '`tamizdat paths list` shows it; `paths revoke` closes it.',
    });
  const word = wanted ?? newWord();
  if (!isSecretWord(word) || known.paths.some((path) => path.word === word))
    throw new UsageError('path-word', `"${word}" cannot be a secret folder, or is one already`, {
      hint: '8 to 64 letters, digits, hyphens and underscores; without --word one is made by chance.',
    });
  return { name, word, addedAt: new Date(systemClock.now()).toISOString() };
}

const unknownName = (name: string): TamizdatError =>
  new TamizdatError('no-such-path', `no secret address is named "${name}"`, {
    hint: '`tamizdat paths list` shows their names.',
  });

const table = (config: Config, paths: readonly SecretPath[], deps: CliDeps): string =>
  renderTable(
    ['NAME', 'SINCE', 'ADDRESS'],
    paths.map((path) => [path.name, path.addedAt.slice(0, 10), addressesOf(config, path).join(' ')]),
    deps.stdout,
    deps.env,
  );
