import { join } from 'node:path';
import { parse } from 'yaml';
import { UsageError } from '../domain/errors.js';
import { isMissingFile } from '../domain/missing-file.js';
import { type Config, toConfig } from './config.js';
import { withoutEmptySections } from './empty-sections.js';
import { type GivenKey, KNOWN_KEYS, readEnvironment, readText } from './environment.js';
import { explainIssues, type KeyPath, shown, valueAt } from './explain.js';
import { maskSecret } from './mask.js';
import { configSchema } from './schema.js';

type Tree = Record<string, unknown>;

export interface ConfigInputs {
  /** Key to text as flags gave it: `home`, `listen`, or a dotted key such as `fetch.allow`; `config` is the file. */
  argvFlags: Readonly<Record<string, string | undefined>>;
  env: Readonly<Record<string, string | undefined>>;
  /** Throws as `readFileSync(path, 'utf8')` does. */
  readFile: (path: string) => string;
}

/** One key as it came out: its value as it would be written in the file, secrets covered, and who set it. */
export interface Setting {
  key: string;
  value: unknown;
  origin: string;
}

interface Layer {
  origin: (path: KeyPath) => string;
  values: Tree;
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

function readYaml(path: string, readFile: ConfigInputs['readFile'], required: boolean): Tree {
  let text: string;
  try {
    text = readFile(path);
  } catch (error) {
    if (!required && isMissingFile(error)) return {};
    throw new UsageError('config-unreadable', `${path} cannot be read: ${messageOf(error)}`, {
      hint: required
        ? 'Give the path of a readable YAML file; config.example.yaml shows every key.'
        : 'It belongs to the state folder: name a folder that this user may read with --home or TAMIZDAT_HOME.',
      cause: error,
    });
  }
  let values: unknown;
  try {
    values = withoutEmptySections(configSchema, parse(text) ?? {});
  } catch (error) {
    throw new UsageError('config-not-yaml', `${path} is not YAML: ${messageOf(error).trim()}`, {
      hint: 'Mend that line; config.example.yaml shows how each key is written.',
      cause: error,
    });
  }
  if (isTree(values)) return values;
  throw new UsageError('config-not-yaml', `${path} is ${shown(values)}; allowed: keys and sections`, {
    hint: 'config.example.yaml shows every key.',
  });
}

function fileLayer(path: string, readFile: ConfigInputs['readFile'], required: boolean): Layer {
  return { origin: () => path, values: readYaml(path, readFile, required) };
}

/** `<home>/secrets.yaml` may hold only keys that are secret, so that the other file can be shown to anybody. */
function secretsLayer(home: string, readFile: ConfigInputs['readFile']): Layer {
  const path = join(home, 'secrets.yaml');
  const layer = fileLayer(path, readFile, false);
  for (const [name, section] of Object.entries(layer.values)) {
    for (const inner of isTree(section) ? Object.keys(section) : [null]) {
      const known = KNOWN_KEYS.find((k) => k.path[0] === name && (k.path[1] ?? null) === inner);
      if (known?.facts.secret === true) continue;
      const secrets = KNOWN_KEYS.filter(({ facts }) => facts.secret).map((k) => k.path.join('.'));
      const key = inner === null ? name : `${name}.${inner}`;
      throw new UsageError(
        'config-not-secret',
        `${key} (${path}) is no secret; allowed: ${secrets.join(', ')}`,
        {
          hint: 'Move it to the config file.',
        },
      );
    }
  }
  return layer;
}

function givenLayer(given: readonly GivenKey[], origin: (key: GivenKey) => string): Layer {
  const values: Tree = {};
  for (const { path, value } of given) {
    const [name, inner] = path;
    if (inner === undefined) values[name] = value;
    else values[name] = { ...(isTree(values[name]) ? values[name] : {}), [inner]: value };
  }
  return {
    values,
    origin: (path) => {
      const key = given.find((one) => one.path.every((part, index) => path[index] === part));
      return key === undefined ? 'default' : origin(key);
    },
  };
}

function readFlags(flags: ConfigInputs['argvFlags']): GivenKey[] {
  return Object.entries(flags).flatMap(([name, text]) => {
    const known = KNOWN_KEYS.find(({ path }) => path.join('.') === name);
    return known === undefined || text === undefined
      ? []
      : [{ ...known, value: readText(known.facts, text) }];
  });
}

/** Later layers win key by key; a list is replaced whole. */
function merge(layers: readonly Layer[]): Tree {
  const merged: Tree = {};
  for (const { values } of layers) {
    for (const [name, value] of Object.entries(values)) {
      const before = merged[name];
      merged[name] = isTree(before) && isTree(value) ? { ...before, ...value } : value;
    }
  }
  return merged;
}

function homeOf(layers: readonly Layer[]): string {
  const home = merge(layers).home;
  return typeof home === 'string' && home !== '' ? home : String(configSchema.shape.home.parse(undefined));
}

function readLayers({ argvFlags, env, readFile }: ConfigInputs): Layer[] {
  const flags = givenLayer(readFlags(argvFlags), ({ path }) => `flag --${path.join('.')}`);
  const environment = givenLayer(readEnvironment(env), ({ variable }) => `environment ${variable}`);
  const named = argvFlags.config ?? (env.TAMIZDAT_CONFIG || undefined);
  const path = named ?? join(homeOf([environment, flags]), 'config.yaml');
  const file = fileLayer(path, readFile, named !== undefined);
  return [file, secretsLayer(homeOf([file, environment, flags]), readFile), environment, flags];
}

function originIn(layers: readonly Layer[]): (path: KeyPath) => string {
  return (path) => {
    const layer = layers.findLast(({ values }) => valueAt(values, path) !== undefined);
    return layer?.origin(path) ?? 'default';
  };
}

/**
 * Reads the configuration: file, then `<home>/secrets.yaml`, then `TAMIZDAT_*`, then flags. Only reads.
 * @throws UsageError with one line for each wrong key: the key, the value, what is allowed, where it was set.
 */
export function loadSettings(inputs: ConfigInputs): { config: Config; settings: readonly Setting[] } {
  const layers = readLayers(inputs);
  const merged = merge(layers);
  const origin = originIn(layers);
  const parsed = configSchema.safeParse(merged);
  if (!parsed.success) {
    const lines = explainIssues(configSchema, merged, parsed.error.issues, origin);
    throw new UsageError('config-invalid', lines.join('\n'), {
      hint: 'docs/configuration.md lists every key, config.example.yaml shows how each is written.',
    });
  }
  const settings = KNOWN_KEYS.map(({ path, facts }): Setting => {
    const value = valueAt(merged, path) ?? facts.fallback;
    const covered = facts.secret && typeof value === 'string' ? maskSecret(value) : value;
    return { key: path.join('.'), value: covered, origin: origin(path) };
  });
  return { config: toConfig(parsed.data, origin(['publishers']) !== 'default'), settings };
}

/** The configuration alone; see `loadSettings`. */
export const loadConfig = (inputs: ConfigInputs): Config => loadSettings(inputs).config;
