import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { loadSettings, type Setting } from '../config/load.js';
import { BUILTIN_PUBLISHERS_DIR, choosePublishers, loadPublishers } from '../config/load-publishers.js';
import type { Publisher } from '../domain/publisher.js';
import type { CliDeps } from './cli-deps.js';

/** The configuration as file, environment and this command's flags have it. @throws UsageError */
export function settingsOf(
  command: Command,
  deps: CliDeps,
): { config: Config; settings: readonly Setting[] } {
  const { home, config, listen } = command.optsWithGlobals<Record<string, string | undefined>>();
  return loadSettings({
    argvFlags: { home, config, listen },
    env: deps.env,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
}

/** Ours and the operator's publishers, by id. @throws UsageError */
export const publishersOf = ({ home, fetch }: Config): Map<string, Publisher> =>
  loadPublishers({ builtinDir: BUILTIN_PUBLISHERS_DIR, homeDir: home, allow: fetch.allow });

/** The publishers this node mirrors, in the order of the config. @throws UsageError for an id nobody knows */
export const mirroredPublishers = (config: Config): Publisher[] =>
  choosePublishers(publishersOf(config), config.publishers);
