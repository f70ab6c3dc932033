import { parseArticleBlob } from '../sign/article-blob.js';
import { blobPath } from '../sign/repository.js';
import { TILE_WIDTH } from '../sign/tiles.js';
import type { TextLine } from '../store/replica-entry-table.js';
import { fetchPage, type Packs } from './fetch-blobs.js';
import type { Limits } from './limits.js';
import type { Peers } from './peers.js';
import type { TakeDeps } from './replica-deps.js';

const LINES_AT_ONCE = 1_024;

/**
 * The line from which on all texts fit below `follow.maxBytes`, counted from the newest; 0 where all of them do. Where only some
 * publishers are followed, a text has to be read to know whose it is: so pages of the log are read from the newest back until
 * theirs fill the room, and what was read waits in the tree's folder to be taken.
 */
export async function firstThatFits(
  all: TakeDeps,
  limitOf: Limits,
  peers: Peers,
  packs: Packs | null,
): Promise<number> {
  const { config, deps, replica, folder } = all;
  const { replicaEntries } = deps.store;
  if (config.maxBytes === null || replicaEntries.dueBytes(replica.id) <= config.maxBytes) return 0;
  let room = config.maxBytes;
  let readTo = replica.size;
  for (let before = replica.size; ; ) {
    const lines = replicaEntries.textsFromNewest(replica.id, before, LINES_AT_ONCE);
    for (const line of lines) {
      if (config.publishers.length > 0 && line.state === 'wanted' && line.position < readTo) {
        readTo = line.position - (line.position % TILE_WIDTH);
        const page = replicaEntries.between(replica.id, readTo, readTo + TILE_WIDTH);
        const wanted = page.filter((entry) => entry.state === 'wanted' && limitOf(entry) === null);
        await fetchPage(page, wanted, peers, folder, packs);
      }
      if (!takesRoom(line, limitOf, all)) continue;
      room -= line.blobBytes;
      if (room < 0) return line.position + 1;
    }
    const last = lines.at(-1);
    if (last === undefined) return 0;
    before = last.position;
  }
}

function takesRoom({ position, state }: TextLine, limitOf: Limits, all: TakeDeps): boolean {
  if (state === 'kept') return true;
  const { config, deps, replica, folder } = all;
  const [entry] = deps.store.replicaEntries.between(replica.id, position, position + 1);
  if (entry === undefined || entry.hash === null || limitOf(entry) !== null) return false;
  if (config.publishers.length === 0) return true;
  const bytes = folder.read(blobPath(entry.hash));
  const blob = bytes === null ? null : parseArticleBlob(bytes);
  return blob !== null && config.publishers.includes(blob.publisher);
}
