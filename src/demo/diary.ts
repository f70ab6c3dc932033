import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Diary = z.strictObject({
  foundedAt: z.int(),
  port: z.int().min(0).max(65_535),
  /** When each step was taken, in order. */
  steps: z.array(z.int()),
});
export type Diary = z.infer<typeof Diary>;

/** Where the newsroom of a demo keeps it. */
export const diaryFile = (home: string): string => join(home, 'newsroom.json');

/** What the newsroom did up to now, or null where there is no diary or it cannot be read: the newsroom then opens anew. */
export function readDiary(file: string): Diary | null {
  try {
    return Diary.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

/** Replaces the diary at once, so that a stop in between leaves the old one whole. */
export function writeDiary(file: string, diary: Diary): void {
  writeFileSync(`${file}.tmp`, JSON.stringify(diary));
  renameSync(`${file}.tmp`, file);
}
