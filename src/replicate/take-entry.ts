import { TreeRefusal } from '../sign/verify/refusals.js';
import { parseStrictJson } from '../sign/verify/strict-json.js';
import type { ReplicaEntry } from '../store/replica-entry-table.js';
import type { TakeDeps } from './replica-deps.js';
import { takeArticle } from './take-article.js';
import { takeCard } from './take-card.js';
import { takeRemoval } from './take-removal.js';
import { skipped, type Taken } from './taken.js';

/**
 * Does what an entry says, its blob having been verified by hash. `blob` null: nobody has it. Inside one transaction with the note
 * of it. What a signed blob itself has wrong is skipped, with the reason: that is the desk's doing, not the peer's.
 */
export function takeEntry(entry: ReplicaEntry, blob: Buffer | null, all: TakeDeps): Taken {
  if (blob !== null && !isPlainJson(blob)) return skipped('hostile-json');
  switch (entry.kind) {
    case 'd':
      return blob === null ? skipped('missing') : takeCard(entry, blob, all);
    case 'p':
    case 'u':
      return blob === null
        ? { state: 'gone', reason: 'nobody has it', effect: 'nothing' }
        : takeArticle(entry, blob, all);
    case 'r':
    case 'x':
      return takeRemoval(entry, blob, all);
    default:
      return skipped('unknown');
  }
}

function isPlainJson(blob: Buffer): boolean {
  try {
    parseStrictJson(blob, 'blob');
    return true;
  } catch (error) {
    if (error instanceof TreeRefusal) return false;
    throw error;
  }
}
