import { createHash } from 'node:crypto';
import type { FileFetcher } from '../domain/file-fetcher.js';
import { fromBase64url } from '../sign/base64url.js';
import { parseEntry } from '../sign/entry.js';
import { HEAD_MAX_BYTES, parseHead } from '../sign/head.js';
import { blobPath } from '../sign/repository.js';
import { joinRoot } from '../sign/verify/join-root.js';
import { FreezeAttack, MissingFile, SubstitutedFile, TreeRefusal } from '../sign/verify/refusals.js';
import type { TreeState } from '../sign/verify/tree-state.js';
import { parseMetadata } from '../sign/verify/tuf-metadata.js';
import { type VerifiedHead, verifyHead } from '../sign/verify/verify-head.js';
import { createPeerReader, type PeerReader } from './peer-reader.js';
import { sourceOf } from './peer-source.js';

/** docs/formats.md, "Keys and roles": fresh up to 2 h, then old, alarm after 24 h. */
export const FRESH_MS = 2 * 3_600_000;
export const ALARM_MS = 24 * 3_600_000;

/** `fresh`, `old` and `very-old` hold; `lies` does not; `unproved`: no answer that proves anything either way. */
export type Verdict = 'fresh' | 'old' | 'very-old' | 'lies' | 'unproved';

export interface Finding {
  holds: boolean;
  what: string;
}

export interface MirrorReport {
  /** Where head.json was found. */
  address: string;
  repository: string | null;
  verdict: Verdict;
  /** What stood in the way: the refusal's class and words. */
  attack: string | null;
  reason: string | null;
  issuedAt: number | null;
  /** Its signatures have run out: it was verified as of its own time. */
  isArchive: boolean;
  entries: number | null;
  findings: readonly Finding[];
}

export interface MirrorDeps {
  fetcher: FileFetcher;
  /** Milliseconds. */
  now: number;
}

export interface OpenMirror {
  address: string;
  reader: PeerReader;
  state: TreeState;
  head: VerifiedHead;
  isArchive: boolean;
}

/**
 * Verifies the tree at an address from a pinned root, or from what a follower knows already. Where `ADDRESS/head.json` is not
 * there, `ADDRESS/signed/head.json` is tried. Throws a refusal.
 */
export async function openMirror(
  address: string,
  from: { pin: Buffer } | { state: TreeState },
  { fetcher, now }: MirrorDeps,
): Promise<OpenMirror> {
  const found = await findHead(address, fetcher);
  const { state } = 'state' in from ? from : await joinRoot(from.pin, found.reader.file, now);
  try {
    return {
      ...found,
      state,
      head: await verifyHead(found.head, state, found.reader.file, now),
      isArchive: false,
    };
  } catch (error) {
    const issuedAt = error instanceof FreezeAttack ? claimedIssue(found.head) : null;
    if (issuedAt === null || issuedAt > now) throw error;
    const head = await verifyHead(found.head, state, found.reader.file, issuedAt);
    return { ...found, state, head, isArchive: true };
  }
}

async function findHead(address: string, fetcher: FileFetcher) {
  for (const base of [address, new URL('signed/', address).href]) {
    const reader = createPeerReader(sourceOf(base, fetcher), { throttled: false });
    const head = await reader.file('head.json', HEAD_MAX_BYTES);
    if (head !== null) return { address: base, reader, head };
  }
  throw new MissingFile('head.json', 'there is no signed tree at this address');
}

/** The issue time that the head itself claims; it is then part of what is verified. */
function claimedIssue(bytes: Buffer): number | null {
  const head = parseHead(bytes);
  if (head === null) return null;
  const issued = parseMetadata('timestamp', Buffer.from(head.timestamp, 'utf8')).signed['x-issued'];
  return issued === undefined ? null : issued * 1_000;
}

/** Says of a mirror what holds, what is old and what lies. Never rejects for what the mirror does. */
export async function verifyMirror(
  address: string,
  from: { pin: Buffer } | { state: TreeState },
  deps: MirrorDeps,
): Promise<MirrorReport> {
  const findings: Finding[] = [];
  let opened: OpenMirror | null = null;
  try {
    opened = await openMirror(address, from, deps);
    const { head, reader } = opened;
    findings.push(
      { holds: true, what: `root ${head.rootVersion} leads from the one that is trusted` },
      {
        holds: true,
        what: `timestamp ${head.timestampVersion}, snapshot, targets and edition are signed by their keys`,
      },
      {
        holds: true,
        what: `the log of ${head.checkpoint.size} entries is the signed one, and its newest entries lead to its root`,
      },
    );
    await checkNewest(reader, head, findings);
  } catch (error) {
    if (!(error instanceof TreeRefusal)) throw error;
    findings.push({ holds: false, what: error.message });
    return reportOf(address, opened, findings, error, deps.now);
  }
  return reportOf(address, opened, findings, null, deps.now);
}

async function checkNewest(reader: PeerReader, head: VerifiedHead, findings: Finding[]): Promise<void> {
  let [held, gone] = [0, 0];
  for (const bytes of head.tail.entries) {
    const parsed = parseEntry(bytes);
    const hash = parsed.kind === 'entry' ? fromBase64url(parsed.entry.c) : null;
    if (parsed.kind !== 'entry' || hash === null) continue;
    const blob = await reader.file(blobPath(hash), parsed.entry.n);
    if (blob === null) gone += 1;
    else if (!createHash('sha256').update(blob).digest().equals(hash))
      throw new SubstitutedFile(blobPath(hash), 'is not the file that its hash names');
    else held += 1;
  }
  findings.push({ holds: true, what: `${held} of the newest blobs are those their entries name` });
  if (gone > 0)
    findings.push({
      holds: true,
      what: `${gone} of the newest blobs are not here: expunged, or not copied yet`,
    });
}

function reportOf(
  address: string,
  opened: OpenMirror | null,
  findings: readonly Finding[],
  refusal: TreeRefusal | null,
  now: number,
): MirrorReport {
  const issuedAt = opened?.head.issuedAt ?? null;
  const facts = {
    address: opened?.address ?? address,
    repository: opened?.state.repository ?? null,
    issuedAt,
    isArchive: opened?.isArchive ?? false,
    entries: opened?.head.checkpoint.size ?? null,
    findings,
  };
  if (refusal !== null) {
    const verdict: Verdict =
      refusal.blame === 'nobody' ? 'unproved' : refusal.blame === 'stale' ? 'old' : 'lies';
    return { ...facts, verdict, attack: refusal.name, reason: refusal.message };
  }
  const age = issuedAt === null ? Number.POSITIVE_INFINITY : now - issuedAt;
  const verdict: Verdict = facts.isArchive || age > ALARM_MS ? 'very-old' : age > FRESH_MS ? 'old' : 'fresh';
  return { ...facts, verdict, attack: null, reason: null };
}
