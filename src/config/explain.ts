import { z } from 'zod';
import { type KeyFacts, keyFacts } from './keys.js';
import { maskCredentials } from './mask.js';
import { nearest } from './nearest.js';

export type KeyPath = readonly PropertyKey[];

/** `sources[0].url` */
export const pathText = (path: KeyPath): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part),
    '',
  );

const unwrapped = (schema: z.core.$ZodType): z.core.$ZodType =>
  schema instanceof z.ZodPrefault || schema instanceof z.ZodNullable || schema instanceof z.ZodOptional
    ? unwrapped(schema.unwrap())
    : schema;

/** The keys of the section that `schema` stands for; null where it is not a section. */
export function keysOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> | null {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodObject ? inner.shape : null;
}

/** What a list holds; anything else is itself. */
export function itemOf(schema: z.core.$ZodType): z.core.$ZodType {
  const inner = unwrapped(schema);
  return inner instanceof z.ZodArray ? inner.element : schema;
}

function step(schema: z.core.$ZodType, part: PropertyKey): z.core.$ZodType | undefined {
  const inner = unwrapped(schema);
  if (inner instanceof z.ZodArray) return itemOf(inner);
  if (inner instanceof z.ZodRecord) return inner.valueType;
  return keysOf(inner)?.[String(part)];
}

interface Place {
  facts: KeyFacts | undefined;
  /** The section itself, where the path ends in one. */
  schema: z.core.$ZodType | undefined;
}

/** Follows `path` into `schema`: the facts of the nearest key on the way. */
function placeOf(schema: z.core.$ZodType, path: KeyPath): Place {
  let at: z.core.$ZodType | undefined = schema;
  let facts: KeyFacts | undefined;
  for (const part of path) {
    at = at && step(at, part);
    facts = (at && keyFacts.get(at as z.ZodType)) ?? facts;
  }
  return { facts, schema: at };
}

export function valueAt(root: unknown, path: KeyPath): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    root,
  );
}

/** A value as a person may see it: short, on one line, without a secret. */
export function shown(value: unknown, secret = false): string {
  if (secret && value !== null && value !== undefined) return '(not shown)';
  const text = maskCredentials(JSON.stringify(value) ?? String(value));
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}

/** One wrong key, or its section where a key is unknown. */
function explainIssue(schema: z.core.$ZodType, input: unknown, issue: z.core.$ZodIssue): [KeyPath, string][] {
  const { facts, schema: at } = placeOf(schema, issue.path);
  const names = Object.keys((at && keysOf(at)) ?? {});
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => {
      const path = [...issue.path, name];
      const meant = nearest(name, names);
      const advice =
        meant === null ? `allowed: ${names.join(', ')}` : `did you mean ${pathText([...issue.path, meant])}?`;
      return [
        path,
        `${pathText(path)} is ${shown(valueAt(input, path))}, but there is no such key; ${advice}`,
      ];
    });
  }
  const name = pathText(issue.path) || 'the file';
  const given = valueAt(input, issue.path);
  const value = given === undefined ? facts?.fallback : given;
  const is = value === undefined ? `${name} is missing` : `${name} is ${shown(value, facts?.secret)}`;
  if (issue.code === 'custom' && issue.params?.ownWords === true)
    return [[issue.path, `${is}: ${issue.message}`]];
  const allowed = facts?.allowed ?? (names.length > 0 ? `keys ${names.join(', ')}` : issue.message);
  return [[issue.path, `${is}; allowed: ${allowed}`]];
}

/** One line for each thing that is wrong: the key, the value, what is allowed. `origin` says where a value came from. */
export function explainIssues(
  schema: z.core.$ZodType,
  input: unknown,
  issues: readonly z.core.$ZodIssue[],
  origin: (path: KeyPath) => string,
): string[] {
  return issues
    .flatMap((issue) => explainIssue(schema, input, issue))
    .map(([path, line]) => `${line} (${origin(path)})`);
}

/** Refuses a value in words of its own, where "allowed: ..." would not say enough. */
export const refuse = (context: z.core.$RefinementCtx, path: readonly (string | number)[], message: string) =>
  context.addIssue({ code: 'custom', path: [...path], message, params: { ownWords: true } });
