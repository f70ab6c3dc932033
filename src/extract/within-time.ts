import { Script } from 'node:vm';

/** Longest that one page or feed may take to be read, sanitized included, in milliseconds: real ones take a hundredth of it. */
const LIMIT_MS = 8_000;

const HOOK = Symbol.for('tamizdat.work-in-hand');
const call = new Script("globalThis[Symbol.for('tamizdat.work-in-hand')]()", { filename: 'within-time' });

export type InTime<T> = { kind: 'done'; value: T } | { kind: 'too-long'; reason: string };

/**
 * Does synchronous work that somebody else's bytes decide the length of, and ends it where it takes longer than `limitMs` (8 s
 * unless told), wherever it is: in a loop, a pattern or a sort. For work that keeps nothing outside itself half done.
 */
export function withinTime<T>(work: () => T, limitMs = LIMIT_MS): InTime<T> {
  const hooks = globalThis as unknown as Record<symbol, unknown>;
  const outer = hooks[HOOK];
  let value: T | undefined;
  hooks[HOOK] = () => {
    value = work();
  };
  try {
    call.runInThisContext({ timeout: limitMs });
    return { kind: 'done', value: value as T };
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return { kind: 'too-long', reason: `took longer than ${limitMs / 1000} s to read` };
  } finally {
    hooks[HOOK] = outer;
  }
}
