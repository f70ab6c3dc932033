import type { z } from 'zod';

/** Parses JSON bytes or text and checks it; null for anything else: bad UTF-8, no JSON, another shape. */
export function readJson<T>(json: Uint8Array | string, schema: z.ZodType<T>): T | null {
  try {
    const text = typeof json === 'string' ? json : new TextDecoder('utf-8', { fatal: true }).decode(json);
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
