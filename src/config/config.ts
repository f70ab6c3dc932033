import { join, resolve } from 'node:path';
import type { z } from 'zod';
import type { configSchema } from './schema.js';

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T;

/** The configuration as rooms read it: durations in `...Ms`, sizes in `...Bytes`, paths absolute. */
export type Config = DeepReadonly<ReturnType<typeof withUnits>>;

/** From the file's key names, whose values carry their unit, to names that carry it. */
function withUnits(file: z.output<typeof configSchema>, publishersGiven: boolean) {
  const { maxAge: followMaxAge, ...restOfFollow } = file.follow;
  const { home, follow, sync, fetch, tls, pictures, line, staleness, backup, retention, ...same } = file;
  const { jitter, childMemory, recheck, ...restOfSync } = sync;
  const { timeout, politeness, ...restOfFetch } = fetch;
  const { maxAge, ...restOfPictures } = pictures;
  const { burstWindow, ...restOfLine } = line;
  return {
    ...same,
    home: resolve(home),
    /** Whether somebody chose the publishers, or they are the ones a fresh node begins with. */
    publishersGiven,
    follow: { ...restOfFollow, maxAgeMs: followMaxAge },
    sync: { ...restOfSync, jitterMs: jitter, childMemoryBytes: childMemory, recheckMs: recheck },
    fetch: { ...restOfFetch, timeoutMs: timeout, politenessMs: politeness },
    tls: tls.cert === null || tls.key === null ? null : { cert: resolve(tls.cert), key: resolve(tls.key) },
    pictures: { ...restOfPictures, maxAgeMs: maxAge },
    line: { ...restOfLine, burstWindowMs: burstWindow },
    retention: { maxAgeMs: retention.maxAge, maxBytes: retention.maxBytes },
    backup: { ...backup, dir: resolve(backup.dir ?? join(home, 'backups')) },
    staleness: { quietAfterMs: staleness.quietAfter, silentAfterMs: staleness.silentAfter },
  };
}

function freeze<T>(value: T): DeepReadonly<T> {
  if (typeof value === 'object' && value !== null) {
    for (const part of Object.values(value)) freeze(part);
    Object.freeze(value);
  }
  return value as DeepReadonly<T>;
}

export const toConfig = (file: z.output<typeof configSchema>, publishersGiven: boolean): Config =>
  freeze(withUnits(file, publishersGiven));
