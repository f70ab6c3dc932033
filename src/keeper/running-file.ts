import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const runningFile = (home: string): string => join(home, 'running.json');

const address = z.object({ host: z.string(), port: z.int().min(1).max(65_535) });
const contents = z.object({
  keeper: address,
  readers: address,
  /** As its own system counts: another container sees another one under it, or none. */
  pid: z.int().min(1).optional(),
  /** `settingsMark` of what it was started with. */
  settings: z.string().optional(),
});

/** Where a running node answers its keeper, and readers, and which process with which settings it is. */
export type RunningAddresses = z.output<typeof contents>;

/** Says where the node of this home answers, so that `status` and `doctor` find it. Answers what takes that back. Throws nothing. */
export function announceRunning(
  home: string,
  { keeper, readers, settings }: Omit<RunningAddresses, 'pid'>,
): () => void {
  const file = runningFile(home);
  const plain = ({ host, port }: RunningAddresses['keeper']) => ({ host, port });
  const text = `${JSON.stringify({ keeper: plain(keeper), readers: plain(readers), pid: process.pid, settings })}\n`;
  try {
    writeFileSync(file, text, { mode: 0o600 });
  } catch {
    // A full disk: the node serves all the same, and `status` says that none runs.
  }
  return () => {
    try {
      // A successor that started before this one was gone has written its own.
      if (readFileSync(file, 'utf8') === text) rmSync(file, { force: true });
    } catch {
      // It is gone already.
    }
  };
}

/** Where the node of this home said it answers; null where none did. After a crash the file stays, so ask there. */
export function announcedAddresses(home: string): RunningAddresses | null {
  try {
    return contents.parse(JSON.parse(readFileSync(runningFile(home), 'utf8')));
  } catch {
    return null;
  }
}
