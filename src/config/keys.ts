import { z } from 'zod';
import { parseHostPort } from './addresses.js';
import { parseDurationMs, parseSizeBytes } from './units.js';

/** What a person is told about one key: in `config.example.yaml`, in docs/configuration.md, and when its value is wrong. */
export interface KeyFacts {
  doc: string;
  /** Completes the sentence "allowed: ...". */
  allowed: string;
  /** How the text of an environment variable or flag is read. */
  reads: 'text' | 'number' | 'flag' | 'list';
  /** As it is written in the file; undefined: must be given. */
  fallback?: unknown;
  /** May hold a password: belongs in secrets.yaml and is masked when printed. */
  secret?: boolean;
}

/** Facts about each key's schema, by the schema itself. */
export const keyFacts = z.registry<KeyFacts>();

/** Attaches `facts` to `schema`, and its `fallback` as the value of a key that is left out. */
export function key<S extends z.ZodType>(schema: S, facts: KeyFacts) {
  const withFallback = schema.prefault(facts.fallback as z.input<S>);
  keyFacts.add(withFallback, facts);
  return withFallback;
}

/** A key that must be given. */
export function requiredKey<S extends z.ZodType>(schema: S, facts: Omit<KeyFacts, 'fallback'>): S {
  keyFacts.add(schema, facts);
  return schema;
}

function measured(parse: (text: string) => number | null, min: string, max: string) {
  const [least, most] = [parse(min) ?? 0, parse(max) ?? 0];
  return z.string().transform((text, context): number => {
    const value = parse(text);
    if (value !== null && value >= least && value <= most) return value;
    context.addIssue({ code: 'custom', message: 'out of range' });
    return z.NEVER;
  });
}

const DURATION_UNITS = 'with a unit: ms, s, m, h or d';
const SIZE_UNITS = 'with a unit: B, kB, MB, GB, KiB, MiB or GiB';

export const duration = (doc: string, fallback: string, min: string, max: string) =>
  key(measured(parseDurationMs, min, max), {
    doc,
    fallback,
    reads: 'text',
    allowed: `a duration from ${min} to ${max}, ${DURATION_UNITS}`,
  });

export const durations = (doc: string, fallback: readonly string[], min: string, max: string) =>
  key(z.array(measured(parseDurationMs, min, max)).max(20), {
    doc,
    fallback,
    reads: 'list',
    allowed: `a list of durations from ${min} to ${max}, ${DURATION_UNITS}`,
  });

export const size = (doc: string, fallback: string, min: string, max: string) =>
  key(measured(parseSizeBytes, min, max), {
    doc,
    fallback,
    reads: 'text',
    allowed: `a size from ${min} to ${max}, ${SIZE_UNITS}`,
  });

/** A duration, or null. */
export const optionalDuration = (doc: string, min: string, max: string) =>
  key(measured(parseDurationMs, min, max).nullable(), {
    doc,
    fallback: null,
    reads: 'text',
    allowed: `a duration from ${min} to ${max}, ${DURATION_UNITS}, or null`,
  });

/** A size, or null. */
export const optionalSize = (doc: string, min: string, max: string) =>
  key(measured(parseSizeBytes, min, max).nullable(), {
    doc,
    fallback: null,
    reads: 'text',
    allowed: `a size from ${min} to ${max}, ${SIZE_UNITS}, or null`,
  });

export const count = (doc: string, fallback: number, min: number, max: number) =>
  key(z.int().min(min).max(max), {
    doc,
    fallback,
    reads: 'number',
    allowed: `a whole number from ${min} to ${max}`,
  });

export const share = (doc: string, fallback: number) =>
  key(z.number().min(0).max(1), { doc, fallback, reads: 'number', allowed: 'a number from 0 to 1' });

export const flag = (doc: string, fallback: boolean) =>
  key(z.boolean(), { doc, fallback, reads: 'flag', allowed: 'true or false' });

export const oneOf = <const T extends readonly [string, ...string[]]>(
  doc: string,
  values: T,
  fallback: T[number],
) => key(z.enum(values), { doc, fallback, reads: 'text', allowed: values.join(', ') });

/** A text that passes `test`. */
export const checked = (test: (value: string) => boolean) => z.string().refine(test);

/** An address to listen on, as `{ host, port }`. */
export const listen = (doc: string, fallback: string) =>
  key(
    z.string().transform((text, context) => {
      const address = parseHostPort(text);
      if (address !== null) return address;
      context.addIssue({ code: 'custom', message: 'not HOST:PORT' });
      return z.NEVER;
    }),
    { doc, fallback, reads: 'text', allowed: 'HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080' },
  );

/** A text that passes `test` and has a default. */
export const text = (doc: string, allowed: string, test: (value: string) => boolean, fallback: string) =>
  key(checked(test), { doc, allowed, fallback, reads: 'text' });

/** A text that passes `test`, or null. A `secret` one belongs in secrets.yaml and is covered when printed. */
export const optional = (doc: string, allowed: string, test: (value: string) => boolean, secret = false) =>
  key(checked(test).nullable(), {
    doc,
    allowed: `${allowed}, or null`,
    fallback: null,
    reads: 'text',
    secret,
  });

/** At most 200 texts that pass `test`. */
export const list = (
  doc: string,
  allowed: string,
  test: (value: string) => boolean,
  fallback: readonly string[],
) => key(z.array(checked(test)).max(200), { doc, allowed, fallback, reads: 'list' });

/** Something that is not blank. */
export const given = (value: string) => value.trim() !== '' && value.length <= 4_096;

/** A section may be left out: every key has a fallback. */
export const section = <S extends z.ZodRawShape>(shape: S) => {
  const keys = z.strictObject(shape);
  return keys.prefault({} as z.input<typeof keys>);
};
