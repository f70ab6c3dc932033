import { UsageError } from '../domain/errors.js';
import { keysOf } from './explain.js';
import { type KeyFacts, keyFacts } from './keys.js';
import { nearest } from './nearest.js';
import { configSchema } from './schema.js';

export interface KnownKey {
  path: readonly [string] | readonly [string, string];
  variable: string;
  facts: KeyFacts;
}

const upperSnake = (name: string) => name.replace(/[A-Z]/g, '_$&').toUpperCase();

function collect(): KnownKey[] {
  const known: KnownKey[] = [];
  for (const [name, schema] of Object.entries(configSchema.shape)) {
    const facts = keyFacts.get(schema);
    if (facts !== undefined) known.push({ path: [name], variable: `TAMIZDAT_${upperSnake(name)}`, facts });
    for (const [inner, innerSchema] of Object.entries(keysOf(schema) ?? {})) {
      const innerFacts = keyFacts.get(innerSchema as typeof schema);
      if (innerFacts === undefined) continue;
      const variable = `TAMIZDAT_${upperSnake(name)}_${upperSnake(inner)}`;
      known.push({ path: [name, inner], variable, facts: innerFacts });
    }
  }
  return known;
}

/** Every key of the configuration with its environment variable, in the schema's order. */
export const KNOWN_KEYS: readonly KnownKey[] = collect();

/** A trust string has commas of its own: the next one begins where its form does. */
const LIST_COMMA = /,(?=\s*tz1:)|(?<!tz1:\S*),/;

/** Text from a flag or the environment as the kind of value its key has; what does not fit is left for the schema to refuse. */
export function readText(facts: KeyFacts, text: string): unknown {
  const plain = text.trim();
  if (facts.reads === 'list')
    return plain
      .split(LIST_COMMA)
      .map((part) => part.trim())
      .filter((part) => part !== '');
  if (facts.reads === 'number') return /^-?\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : plain;
  if (facts.reads === 'flag') return plain === 'true' ? true : plain === 'false' ? false : plain;
  return plain;
}

const isOurs = (name: string) =>
  name.startsWith('TAMIZDAT_') &&
  name !== 'TAMIZDAT_CONFIG' &&
  !name.startsWith('TAMIZDAT_TEST_') &&
  !name.startsWith('TAMIZDAT_CORPUS');

export interface GivenKey extends KnownKey {
  value: unknown;
}

/**
 * The keys that `TAMIZDAT_*` variables set. An empty variable counts as not set, as compose files write it.
 * @throws UsageError naming a variable that stands for no key.
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): GivenKey[] {
  const given: GivenKey[] = [];
  for (const [name, text] of Object.entries(env)) {
    if (!isOurs(name)) continue;
    const known = KNOWN_KEYS.find(({ variable }) => variable === name);
    if (known === undefined) {
      const meant = nearest(
        name.slice('TAMIZDAT_'.length),
        KNOWN_KEYS.map(({ variable }) => variable.slice('TAMIZDAT_'.length)),
      );
      const advice = meant === null ? 'unset it' : `did you mean TAMIZDAT_${meant}?`;
      throw new UsageError('config-unknown-variable', `${name} (environment) stands for no key; ${advice}`, {
        hint: 'docs/configuration.md lists every variable.',
      });
    }
    if (text !== undefined && text.trim() !== '')
      given.push({ ...known, value: readText(known.facts, text) });
  }
  return given;
}
