import type { z } from 'zod';
import { keysOf } from './explain.js';

/** What was read, without sections in which nothing is set: YAML reads one whose lines are all comments as null. */
export function withoutEmptySections(schema: z.core.$ZodType, input: unknown): unknown {
  const keys = keysOf(schema);
  if (keys === null || typeof input !== 'object' || input === null || Array.isArray(input)) return input;
  const isEmptySection = (name: string, value: unknown): boolean => {
    const section = keys[name];
    return value === null && section !== undefined && keysOf(section) !== null;
  };
  return Object.fromEntries(Object.entries(input).filter(([name, value]) => !isEmptySection(name, value)));
}
