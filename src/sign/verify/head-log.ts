import { fromBase64url } from '../base64url.js';
import { type Checkpoint, parseCheckpoint } from '../checkpoint.js';
import type { Head } from '../head.js';
import { appendLeaf, type Frontier, frontierLength, leafHash, rootOf } from '../merkle.js';
import { verifyNote } from '../note.js';
import { originOf } from '../repository.js';
import {
  FalseEntries,
  ForeignTree,
  ForgedSignature,
  ForkedLog,
  MalformedMetadata,
  MixAndMatchAttack,
  ShrunkenLog,
} from './refusals.js';
import type { TrustedSet } from './trusted-set.js';
import { checkBytes, type TargetFile } from './tuf-metadata.js';

/** Newest entries of a log, and the frontier of all before them. */
export interface HeadTail {
  frontier: Frontier;
  entries: Buffer[];
}

/** The checkpoint that the head carries: pinned by the edition, signed with its key, and of this repository. Throws a refusal. */
export function checkpointOf(
  head: Head,
  set: TrustedSet,
  files: ReadonlyMap<string, TargetFile>,
  repository: string,
): Checkpoint {
  const named = files.get('log/checkpoint');
  if (named === undefined) throw new MixAndMatchAttack('log/checkpoint', 'is not signed by the edition');
  checkBytes(Buffer.from(head.checkpoint, 'utf8'), named, 'log/checkpoint');
  const origin = originOf(repository);
  const { delegations } = set.targets('targets')?.signed ?? {};
  const keyids = delegations?.roles?.find(({ name }) => name === 'edition')?.keyids ?? [];
  const texts = keyids.map((id) => {
    const bare = delegations?.keys[id]?.keyval.public ?? '';
    return verifyNote(head.checkpoint, { name: origin, publicBytes: Buffer.from(bare, 'hex') });
  });
  const text = texts.find((one) => one !== null);
  if (text === undefined || text === null) throw new ForgedSignature('log/checkpoint', 0, 1);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint === null) throw new MalformedMetadata('log/checkpoint', 'is no checkpoint');
  if (checkpoint.origin !== origin)
    throw new ForeignTree('log/checkpoint', `is of ${checkpoint.origin}, not of ${origin}`);
  return checkpoint;
}

/** The tail is unsigned; that it leads to the signed root is what makes it true. */
export function tailOf({ tail }: Head, checkpoint: Checkpoint): HeadTail {
  const hashes = tail.frontier.map(fromBase64url);
  const wellFormed = hashes.every((hash): hash is Buffer => hash?.length === 32);
  if (!wellFormed || hashes.length !== frontierLength(tail.start))
    throw new FalseEntries('head.json', 'the frontier of its tail is none');
  const frontier: Frontier = { size: tail.start, hashes: hashes as Buffer[] };
  const entries = tail.entries.map((entry) => Buffer.from(entry, 'utf8'));
  const end = entries.reduce((grown, entry) => appendLeaf(grown, leafHash(entry)), frontier);
  if (end.size !== checkpoint.size || !rootOf(end).equals(checkpoint.root))
    throw new FalseEntries('head.json', 'its newest entries do not lead to the signed root');
  return { frontier, entries };
}

/** @throws ShrunkenLog, ForkedLog where the signed log does not begin with what is known of it */
export function refuseShrunkenOrForked(known: Frontier, checkpoint: Checkpoint, tail: HeadTail): void {
  if (checkpoint.size < known.size) throw new ShrunkenLog(checkpoint.size, known.size);
  const skipped = known.size - tail.frontier.size;
  if (known.size === 0 || skipped < 0) return;
  const grown = tail.entries.slice(skipped).reduce((all, entry) => appendLeaf(all, leafHash(entry)), known);
  if (!rootOf(grown).equals(checkpoint.root)) throw new ForkedLog(known.size, checkpoint.size);
}
