import { createHash } from 'node:crypto';

/** RFC 6962 section 2.1: the hash of no entries. */
const EMPTY_ROOT = createHash('sha256').digest();

/** RFC 6962 section 2.1: SHA-256(0x00 || entry). */
export const leafHash = (entry: Uint8Array): Buffer =>
  createHash('sha256')
    .update(Buffer.from([0]))
    .update(entry)
    .digest();

/** RFC 6962 section 2.1: SHA-256(0x01 || left || right). */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256')
    .update(Buffer.from([1]))
    .update(left)
    .update(right)
    .digest();

/**
 * The whole subtrees that a log of `size` entries is made of, the largest (leftmost) first: one for each bit of `size`. All that
 * appending and the root need.
 */
export interface Frontier {
  size: number;
  hashes: readonly Buffer[];
}

export const EMPTY_FRONTIER: Frontier = { size: 0, hashes: [] };

/** How many hashes a frontier of that size has. */
export function frontierLength(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}

/** The frontier after one more leaf. `onNode` is told of every subtree that this leaf completes, itself (level 0) included. */
export function appendLeaf(
  frontier: Frontier,
  leaf: Buffer,
  onNode?: (level: number, index: number, hash: Buffer) => void,
): Frontier {
  const hashes = [...frontier.hashes];
  let hash = leaf;
  let level = 0;
  let index = frontier.size;
  onNode?.(0, index, hash);
  while (index % 2 === 1) {
    hash = nodeHash(hashes.pop() as Buffer, hash);
    level += 1;
    index = (index - 1) / 2;
    onNode?.(level, index, hash);
  }
  hashes.push(hash);
  return { size: frontier.size + 1, hashes };
}

/** RFC 6962 section 2.1, the Merkle tree head. */
export function rootOf({ hashes }: Frontier): Buffer {
  if (hashes.length === 0) return EMPTY_ROOT;
  return hashes.reduceRight((right, left) => nodeHash(left, right));
}

/** Gives the hash of a whole subtree: `index` counts the subtrees of 2^level leaves from the left. */
export type NodeReader = (level: number, index: number) => Buffer;

/** The frontier of the first `size` entries, out of a tree that holds at least so many. */
export function frontierAt(size: number, read: NodeReader): Frontier {
  const hashes: Buffer[] = [];
  let start = 0;
  for (let level = 52; level >= 0; level -= 1) {
    const width = 2 ** level;
    if (size - start >= width) {
      hashes.push(read(level, start / width));
      start += width;
    }
  }
  return { size, hashes };
}

/** RFC 6962 section 2.1: the root of leaves [from, to), `from` at a boundary of that subtree. */
function rangeRoot(from: number, to: number, read: NodeReader): Buffer {
  const length = to - from;
  const level = Math.log2(length);
  if (Number.isInteger(level) && from % length === 0) return read(level, from / length);
  const split = splitOf(length);
  return nodeHash(rangeRoot(from, from + split, read), rangeRoot(from + split, to, read));
}

/** The largest power of two smaller than `length`. */
const splitOf = (length: number): number => 2 ** Math.ceil(Math.log2(length) - 1);

/** RFC 6962 section 2.1.1: the audit path of leaf `index` in a tree of `size` leaves, lowest sibling first. */
export function inclusionProof(index: number, size: number, read: NodeReader): Buffer[] {
  const path = (m: number, from: number, to: number): Buffer[] => {
    if (to - from === 1) return [];
    const middle = from + splitOf(to - from);
    return m < middle
      ? [...path(m, from, middle), rangeRoot(middle, to, read)]
      : [...path(m, middle, to), rangeRoot(from, middle, read)];
  };
  return path(index, 0, size);
}

/** RFC 6962 section 2.1.2: that the tree of `size` leaves begins with the tree of `before` leaves. */
export function consistencyProof(before: number, size: number, read: NodeReader): Buffer[] {
  const prove = (m: number, from: number, to: number, whole: boolean): Buffer[] => {
    if (m === to) return whole ? [] : [rangeRoot(from, to, read)];
    const middle = from + splitOf(to - from);
    return m <= middle
      ? [...prove(m, from, middle, whole), rangeRoot(middle, to, read)]
      : [...prove(m, middle, to, false), rangeRoot(from, middle, read)];
  };
  return before === 0 || before === size ? [] : prove(before, 0, size, true);
}

/** RFC 9162 section 2.1.3.2: whether `proof` leads from the leaf at `index` to `root`. */
export function verifyInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  proof: readonly Buffer[],
  root: Buffer,
): boolean {
  if (index >= size) return false;
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(sibling, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn / 2, half(sn)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && hash.equals(root);
}

/** RFC 9162 section 2.1.4.2: whether the tree of `size` leaves and `root` begins with the one of `before` leaves and `rootBefore`. */
export function verifyConsistency(
  before: number,
  size: number,
  proof: readonly Buffer[],
  rootBefore: Buffer,
  root: Buffer,
): boolean {
  if (before > size) return false;
  if (before === size) return proof.length === 0 && rootBefore.equals(root);
  if (before === 0) return proof.length === 0 && rootBefore.equals(EMPTY_ROOT);
  const path = Number.isInteger(Math.log2(before)) ? [rootBefore, ...proof] : [...proof];
  const first = path.shift();
  if (first === undefined) return false;
  let [fn, sn] = [before - 1, size - 1];
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  let [fr, sr] = [first, first];
  for (const hash of path) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(hash, fr);
      sr = nodeHash(hash, sr);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      sr = nodeHash(sr, hash);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && fr.equals(rootBefore) && sr.equals(root);
}

const half = (value: number): number => Math.floor(value / 2);
