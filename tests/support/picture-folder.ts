import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the pictures of the demo newsroom lie once a test of this run had them encoded. */
    pictureFolder: string;
  }
}

export default function keepPictures({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-pictures-'));
  provide('pictureFolder', folder);
  return () => rmSync(folder, { recursive: true, force: true });
}
