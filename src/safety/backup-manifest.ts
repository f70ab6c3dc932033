import { z } from 'zod';

/** The first file of a backup, as JSON: what it is and what follows. */
export const MANIFEST = 'manifest.json';

const manifestSchema = z.object({
  format: z.literal('tamizdat-backup'),
  v: z.literal(1),
  /** Version of the program that wrote it. */
  program: z.string().max(40),
  /** Schema number of its database. */
  schema: z.int().min(1),
  created: z.iso.datetime(),
  /** Whether keys and secrets.yaml are in it. */
  keys: z.boolean(),
  articles: z.int().min(0),
  /** The last number of the change sequence. */
  last: z.int().min(0),
  files: z
    .array(
      z.object({
        name: z.string().max(250),
        bytes: z.int().min(0),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .max(10_000),
});

export type BackupManifest = z.output<typeof manifestSchema>;

/** Null for anything that is no manifest of a backup this program can read. */
export function parseManifest(text: string): BackupManifest | null {
  try {
    return manifestSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
