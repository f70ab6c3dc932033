import { HAVE_MAX_BYTES, parseHave } from '../sign/have.js';
import { TreeRefusal } from '../sign/verify/refusals.js';
import type { Peers } from './peers.js';

/** The first line whose text any peer that answers says it still holds; 0 where one says nothing of it, or none answers. */
export const textsKeptFrom = async (peers: Peers): Promise<number> => (await leastSaid(peers, 'texts')) ?? 0;

/** The first line that any peer that answers says it holds; null where none answers. One that lies hides nothing that another has. */
export const linesHeldFrom = (peers: Peers): Promise<number | null> => leastSaid(peers, 'lowest');

async function leastSaid(peers: Peers, what: 'lowest' | 'texts'): Promise<number | null> {
  const silent = peers.opened().flatMap(({ address, row }) => (row.state === 'silent' ? [address] : []));
  const asked = peers.usable().filter(({ address }) => !silent.includes(address));
  const said = await Promise.all(
    asked.map(async (row) => {
      try {
        return parseHave(await peers.open(row).reader.file('have.json', HAVE_MAX_BYTES))?.[what] ?? 0;
      } catch (error) {
        if (error instanceof TreeRefusal) return null;
        throw error;
      }
    }),
  );
  const known = said.filter((line) => line !== null);
  return known.length === 0 ? null : Math.min(...known);
}
