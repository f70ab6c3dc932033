import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { TrafficDay } from '../domain/traffic.js';

const counter = z.int().min(0);
const contents = z.object({
  days: z.array(
    z.object({
      day: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
      bytes: counter,
      answers: z.object({ '2xx': counter, '3xx': counter, '4xx': counter, '5xx': counter }),
    }),
  ),
});

/** The serving process's own small file: it reads the database and never writes it, so that nothing can hold up an answer. */
export const trafficFile = (home: string): string => join(home, 'traffic.json');

/** The days in the file, oldest first; none where there is no file, or it is not one of ours. */
export function readTrafficFile(file: string): TrafficDay[] {
  try {
    return contents.parse(JSON.parse(readFileSync(file, 'utf8'))).days;
  } catch {
    return [];
  }
}

/** Writes beside the file and renames, so that a power cut leaves the old one or the new one. Throws what the file system throws. */
export function writeTrafficFile(file: string, days: readonly TrafficDay[]): void {
  const beside = `${file}.new`;
  writeFileSync(beside, `${JSON.stringify({ days })}\n`, { mode: 0o600 });
  renameSync(beside, file);
}
