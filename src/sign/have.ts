import { z } from 'zod';
import { jcs } from './jcs.js';
import { readJson } from './read-json.js';

export const HAVE_MAX_BYTES = 4_096;

const have = z.object({
  v: z.literal(1),
  lowest: z.int().min(0),
  size: z.int().min(0).optional(),
  texts: z.int().min(0).optional(),
});

/**
 * `have.json`, a mirror's own unsigned statement. `lowest`: the first line of the log that it holds. `texts`: the first line whose
 * text it still holds, or `size` where it holds none: texts before it fell out there and need not be asked for.
 */
export const haveOf = (lowest: number, size: number, firstText: number | null): Buffer =>
  jcs({ v: 1, lowest, size, texts: Math.max(lowest, firstText ?? size) });

/** Null for what is no such statement. */
export const parseHave = (bytes: Buffer | null): z.infer<typeof have> | null =>
  bytes === null ? null : readJson(bytes, have);
