import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { BUILTIN_PUBLISHERS_DIR, loadPublishers } from '../config/load-publishers.js';
import { UsageError } from '../domain/errors.js';
import type { Publisher } from '../domain/publisher.js';
import { createConversation, type Question, yesOrNo } from './ask.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples, aligned } from './examples.js';
import {
  askAll,
  DEFAULT_ANSWERS,
  type InitAnswers,
  readContact,
  readGigabytes,
  readName,
  readSources,
  readUrl,
} from './init-answers.js';
import { configOf, writeConfig, writeTeasers } from './init-files.js';

interface InitOptions {
  name?: string;
  contact?: string | null;
  publishers?: string;
  join?: string;
  url?: string | null;
  pictures?: boolean;
  gb?: number;
  teaser?: true;
  yes?: true;
  force?: true;
  json?: true;
}

/** A flag read as the answer to its question would be. */
const asFlag =
  <T>(read: Question<T>['read']) =>
  (text: string): T => {
    const result = read(text);
    if ('value' in result) return result.value;
    throw new InvalidArgumentError(result.wrong);
  };

async function init(options: InitOptions, self: Command, deps: CliDeps): Promise<void> {
  const globals = self.optsWithGlobals<Record<'home' | 'config', string | undefined>>();
  const home = globals.home ?? (deps.env.TAMIZDAT_HOME || 'data/state');
  const file = globals.config ?? (deps.env.TAMIZDAT_CONFIG || join(home, 'config.yaml'));
  const known = [...loadPublishers({ builtinDir: BUILTIN_PUBLISHERS_DIR, homeDir: home }).values()];
  const given = fromFlags(options, known);
  const answers = options.yes ? given : await converse(file, known, given, options, deps);
  if (answers === null) {
    deps.stdout.write('Left as it is.\n');
    return;
  }
  if (options.yes && existsSync(file) && !options.force) {
    throw new UsageError('init-there', `${file} is there already; nothing was written`, {
      hint: 'Add --force to put a new one in its place; the old one stays beside it as config.yaml.old.',
    });
  }
  writeConfig(file, configOf(answers));
  const { left } = answers.publish === 'teaser' ? writeTeasers(home, answers.publishers) : { left: [] };
  if (options.json) deps.stdout.write(`${JSON.stringify({ file, left, ...answers })}\n`);
  else deps.stdout.write(nextSteps(file, home, answers, left, globals));
}

function fromFlags(options: InitOptions, known: readonly Publisher[]): InitAnswers {
  const sources = readSources(known)(
    options.join ?? options.publishers ?? DEFAULT_ANSWERS.publishers.join(','),
  );
  if ('wrong' in sources) {
    throw new UsageError('init-publishers', sources.wrong, {
      hint: '`tamizdat publishers list` names them.',
    });
  }
  return {
    ...DEFAULT_ANSWERS,
    ...sources.value,
    name: options.name ?? DEFAULT_ANSWERS.name,
    contact: options.contact ?? null,
    url: options.url ?? null,
    pictures: options.pictures ?? true,
    gigabytes: options.gb ?? DEFAULT_ANSWERS.gigabytes,
    publish: options.teaser ? 'teaser' : 'full',
  };
}

/** The answers of somebody at a terminal; null where they keep the file that is there. */
async function converse(
  file: string,
  known: readonly Publisher[],
  given: InitAnswers,
  options: InitOptions,
  deps: CliDeps,
): Promise<InitAnswers | null> {
  if (deps.stdin.isTTY !== true) {
    throw new UsageError('init-no-terminal', 'init asks questions, and there is no terminal to ask them on', {
      hint: "Answer with flags: tamizdat init --yes --name 'Example Mirror' --contact keeper@example.org --publishers moscow-times --url https://mirror.example.org/ --gb 50",
    });
  }
  const talk = createConversation(deps);
  try {
    if (existsSync(file) && !options.force) {
      const replace = yesOrNo(
        `${file} is there already. Put a new one in its place? The old one stays as .old`,
        'no',
      );
      if (!(await talk.ask(replace))) return null;
    }
    return await askAll(talk, known, given);
  } finally {
    await talk.close();
  }
}

function nextSteps(
  file: string,
  home: string,
  { url, publish, publishers, join: followed }: InitAnswers,
  left: readonly string[],
  globals: Record<'home' | 'config', string | undefined>,
): string {
  const flags = [
    globals.home === undefined ? '' : ` --home ${globals.home}`,
    globals.config === undefined ? '' : ` --config ${globals.config}`,
  ].join('');
  const teasers = publishers.map((id) => join(home, 'publishers', `${id}.yaml`));
  return [
    `\nWritten to ${file}.\n`,
    publish === 'teaser' && followed.length === 0
      ? `Teasers: ${teasers.filter((path) => !left.includes(path)).join(', ') || 'nothing to write'}.\n`
      : '',
    ...left.map((path) => `${path} is yours: put \`publish: teaser\` into it.\n`),
    '\nNext:\n',
    aligned([
      ...(followed.length > 0 ? [] : [[`publishers check${flags}`, 'whether its sources answer'] as const]),
      [`serve${flags}`, 'start it'],
      [`doctor${flags}`, 'what is still to be done'],
    ]),
    url?.startsWith('https:')
      ? '\nThe node listens on 127.0.0.1:8080 and wants a web server with a certificate in front: docs/edge has the files.\n'
      : '',
    url?.includes('.onion') ? '\nPoint the onion service to 127.0.0.1:8080.\n' : '',
    url?.startsWith('http:') && !url.includes('.onion')
      ? '\nOver plain HTTP providers see what is read. A certificate costs nothing: docs/operating.md, Letting readers in.\n'
      : '',
  ].join('');
}

/** `init`: five questions, and the configuration file that stands for the answers. Exit code 2 where it may not or cannot ask. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('init')
    .description('Ask five questions and write the configuration. Never replaces one without asking.')
    .option('--name <text>', 'name of this mirror', asFlag(readName))
    .option('--contact <where>', 'mail address or URL of its keeper', asFlag(readContact))
    .option('--publishers <ids>', 'publishers to mirror, separated by commas')
    .option('--join <line>', 'follow another node instead of publishers: tz1:...')
    .option('--url <url>', 'address that readers use', asFlag(readUrl))
    .option('--gb <number>', 'gigabytes of traffic allowed in a month', asFlag(readGigabytes))
    .option('--no-pictures', 'texts only')
    .option('--teaser', 'two paragraphs and a link instead of whole texts')
    .option('--yes', 'ask nothing: use flags, and defaults for the rest')
    .option('--force', 'replace an existing file')
    .option('--json', 'print JSON')
    .action((options: InitOptions, self: Command) => init(options, self, deps));
  addExamples(command, [
    ['init', 'at a terminal'],
    ['init --home /srv/mirror', 'for the node in that folder'],
    ['init --yes --publishers meduza --url https://mirror.example.org/ --gb 100', 'for a script'],
    ["init --yes --join 'tz1:...'", 'a node that follows another'],
  ]);
}
