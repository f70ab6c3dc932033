import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the mirror of the demo newsroom lies once a test of this run needed it. */
    demoFolder: string;
  }
}

export default function keepDemo({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-demo-'));
  provide('demoFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
