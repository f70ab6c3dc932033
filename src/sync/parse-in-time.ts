import { withinTime } from '../extract/within-time.js';

/** What a parser makes of somebody's bytes, or that it took longer than `limitMs` (`withinTime`'s own unless told). */
export function parseInTime<Result>(
  parse: () => Result,
  limitMs?: number,
): Result | { kind: 'no-feed'; reason: string } {
  const reading = withinTime(parse, limitMs);
  return reading.kind === 'done' ? reading.value : { kind: 'no-feed', reason: reading.reason };
}
