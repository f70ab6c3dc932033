import { toBase64url } from '../sign/base64url.js';
import { writeCheckpoint } from '../sign/checkpoint.js';
import { jcs } from '../sign/jcs.js';
import { rootOf } from '../sign/merkle.js';
import { fileInfo } from '../sign/metadata.js';
import { writeNote } from '../sign/note.js';
import { originOf } from '../sign/repository.js';
import type { Store } from '../store/store.js';
import { putTarget, type Seal, sealRole, signersOf } from './signed-roles.js';

/** Newest live articles that log/front names: a screen for a reader who holds nothing yet. */
const FRONT_ENTRIES = 30;

/** The edition: the checkpoint of the log as it stands, and what a reader sees first of it. */
export function sealEdition(seal: Seal): 'same' | 'signed' | 'no-key' {
  const { store } = seal;
  const state = store.desk.get();
  const keys = signersOf(seal, 'edition');
  if (state === null || keys === null) return 'no-key';
  const origin = originOf(state.repository);
  const root = rootOf({ size: state.size, hashes: state.frontier });
  // Ed25519 gives the same bytes for the same text and key, so nothing new means nothing changed.
  const note = Buffer.from(
    writeNote(writeCheckpoint({ origin, size: state.size, root }), origin, ...keys),
    'utf8',
  );
  const front = frontOf(store, state.size);
  const signed = sealRole(seal, 'edition', (common) => ({
    _type: 'targets',
    ...common,
    targets: { 'log/checkpoint': fileInfo(note), 'log/front': fileInfo(front) },
  }));
  if (signed === 'no-key') return signed;
  putTarget(seal, 'log/checkpoint', note);
  putTarget(seal, 'log/front', front);
  const mutable = store.signedFiles.current('checkpoint');
  if (!mutable?.bytes.equals(note))
    store.signedFiles.put(
      { path: 'log/checkpoint', name: 'checkpoint', version: (mutable?.version ?? 0) + 1, bytes: note },
      seal.at,
    );
  return signed;
}

/** The newest live articles by ids and hashes alone: nothing in it need ever be taken back. */
function frontOf(store: Store, size: number): Buffer {
  const articles = store.log.newest(FRONT_ENTRIES).map(({ position, articleKey, hash, bytes }) => ({
    a: toBase64url(articleKey),
    c: toBase64url(hash),
    i: position,
    n: (JSON.parse(bytes.toString('utf8')) as { n: number }).n,
  }));
  return jcs({ v: 1, size, articles });
}
