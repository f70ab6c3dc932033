import { HAVE_MAX_BYTES, parseHave } from '../sign/have.js';
import { TreeRefusal } from '../sign/verify/refusals.js';
import type { Peers } from './peers.js';

/** The first line whose text any peer that answers says it still holds; 0 where one says nothing of it, or none answers. */
export async function textsKeptFrom(peers: Peers): Promise<number> {
  const said = await Promise.all(
    peers.usable().map(async (row) => {
      try {
        return parseHave(await peers.open(row).reader.file('have.json', HAVE_MAX_BYTES))?.texts ?? 0;
      } catch (error) {
        if (error instanceof TreeRefusal) return null;
        throw error;
      }
    }),
  );
  const known = said.filter((texts) => texts !== null);
  return known.length === 0 ? 0 : Math.min(...known);
}
