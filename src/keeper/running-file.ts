import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const runningFile = (home: string): string => join(home, 'running.json');

const contents = z.object({ host: z.string(), port: z.int().min(1).max(65_535) });

/** Says where the node of this home answers its keeper, so that `status` finds it. Answers what takes that back. Throws nothing. */
export function announceRunning(home: string, address: { host: string; port: number }): () => void {
  try {
    const { host, port } = address;
    writeFileSync(runningFile(home), `${JSON.stringify({ host, port })}\n`, { mode: 0o600 });
  } catch {
    // A full disk: the node serves all the same, and `status` says that none runs.
  }
  return () => rmSync(runningFile(home), { force: true });
}

/** Where the node of this home said it answers its keeper; null where none did. After a crash the file stays, so ask there. */
export function announcedAddress(home: string): { host: string; port: number } | null {
  try {
    return contents.parse(JSON.parse(readFileSync(runningFile(home), 'utf8')));
  } catch {
    return null;
  }
}
