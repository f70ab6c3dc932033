import { z } from 'zod';
import { readJson } from './read-json.js';

const targets = z.object({
  signed: z.object({
    delegations: z.object({
      keys: z.record(z.string(), z.object({ keyval: z.object({ public: z.string() }) })),
      roles: z.array(z.object({ name: z.string(), keyids: z.array(z.string()) })),
    }),
  }),
});

/** The keys that may sign a repository's mirror list and cards, 32 bytes each. `targetsJson` must have been verified. */
export function mirrorKeysOf(targetsJson: Uint8Array): Uint8Array[] {
  const delegations = readJson(targetsJson, targets)?.signed.delegations;
  const ids = delegations?.roles.find((role) => role.name === 'mirrors')?.keyids ?? [];
  return ids
    .map((id) => delegations?.keys[id]?.keyval.public ?? '')
    .filter((hex) => /^[0-9a-f]{64}$/.test(hex))
    .map((hex) => Buffer.from(hex, 'hex'));
}
