import { z } from 'zod';
import { jcs } from './jcs.js';
import { readJson } from './read-json.js';

/** An open list of everything is a gift to the censor. */
export const MOST_MIRRORS = 40;

const mirrorsDocument = z.object({
  v: z.literal(1),
  repository: z.string().regex(/^[a-z2-7]{16}$/),
  /** Best first. Readers swap the host: every path is the same on each. */
  mirrors: z.array(z.object({ url: z.string().max(500) })).max(MOST_MIRRORS),
});

/** The TUF target `mirrors.json`: public addresses that carry this repository. Private ones travel as cards. */
export type MirrorsDocument = z.infer<typeof mirrorsDocument>;

export const writeMirrorsDocument = (repository: string, urls: readonly string[]): Buffer =>
  jcs({ v: 1, repository, mirrors: urls.map((url) => ({ url })) });

/** Null for what has not that shape. */
export const parseMirrorsDocument = (bytes: Uint8Array): MirrorsDocument | null =>
  readJson(bytes, mirrorsDocument);
