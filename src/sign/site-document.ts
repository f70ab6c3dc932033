import { z } from 'zod';
import { jcs } from './jcs.js';
import { readJson } from './read-json.js';

const siteDocument = z.object({
  v: z.literal(1),
  name: z.string().max(500),
  /** `relay`: the desk signs what it saw on the publisher's site; `publisher`: the publisher signs. */
  attest: z.enum(['relay', 'publisher']),
  contact: z.string().max(500),
  publishers: z.array(z.string().max(40)).max(1_000),
  /** First line of every checkpoint, and the name of the key that signs it. */
  origin: z.string().max(200),
  /** That key, as C2SP signed-note writes a verifier key. */
  vkey: z.string().max(400),
  repository: z.string().regex(/^[a-z2-7]{16}$/),
});

/** The TUF target `site.json`: what the desk's owner says of the desk. */
export type SiteDocument = z.infer<typeof siteDocument>;

export const writeSiteDocument = (site: SiteDocument): Buffer => jcs(site);
export const parseSiteDocument = (bytes: Uint8Array): SiteDocument | null => readJson(bytes, siteDocument);
