import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { demoHome, hasDemoAlone } from '../config/demo-home.js';
import { loadSettings, type Setting } from '../config/load.js';
import { BUILTIN_PUBLISHERS_DIR, choosePublishers, loadPublishers } from '../config/load-publishers.js';
import type { Publisher } from '../domain/publisher.js';
import { undoCutOffRestore } from '../safety/restore-backup.js';
import type { CliDeps } from './cli-deps.js';

/**
 * The configuration as file, environment and this command's flags have it. Where a restore was killed before its end, what was there
 * before is put back first: the configuration is part of it. @throws UsageError
 */
export function settingsOf(
  command: Command,
  deps: CliDeps,
): { config: Config; settings: readonly Setting[] } {
  const { home, config, listen } = command.optsWithGlobals<Record<string, string | undefined>>();
  const load = () =>
    loadSettings({
      argvFlags: { home, config, listen },
      env: deps.env,
      readFile: (path) => readFileSync(path, 'utf8'),
    });
  const settings = load();
  return undoCutOffRestore(settings.config.home) ? load() : settings;
}

/** The configuration of the node that has run here: where nothing but the demo has, the demo is meant. @throws UsageError */
export const nodeSettings = (command: Command, deps: CliDeps): Config =>
  ofTheNode(settingsOf(command, deps).config);

export const ofTheNode = (config: Config): Config =>
  hasDemoAlone(config.home) ? { ...config, home: demoHome(config.home) } : config;

/** Ours and the operator's publishers, by id. @throws UsageError */
export const publishersOf = ({ home, fetch }: Config): Map<string, Publisher> =>
  loadPublishers({ builtinDir: BUILTIN_PUBLISHERS_DIR, homeDir: home, allow: fetch.allow });

/** The publishers this node mirrors, in the order of the config. @throws UsageError for an id nobody knows */
export function mirroredPublishers(config: Config): Publisher[] {
  const { home, fetch, publishers: only } = config;
  const wanted = loadPublishers({
    builtinDir: BUILTIN_PUBLISHERS_DIR,
    homeDir: home,
    only,
    allow: fetch.allow,
  });
  // What a wrong id may have meant takes all of them to say.
  return choosePublishers(only.every((id) => wanted.has(id)) ? wanted : publishersOf(config), only);
}
