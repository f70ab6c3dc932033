import { ENTRY_MAX_BYTES } from '../sign/entry.js';
import { appendLeaf, EMPTY_FRONTIER, type Frontier, frontierAt, leafHash } from '../sign/merkle.js';
import { RECENT_PATH } from '../sign/recent.js';
import { bundlePath, parseBundle, TILE_WIDTH, tileWidth } from '../sign/tiles.js';
import { FalseEntries, ForkedLog, MissingFile } from '../sign/verify/refusals.js';
import type { VerifiedHead } from '../sign/verify/verify-head.js';
import { fetchRecent, isWorthIt } from './fetch-recent.js';
import { type LogTiles, readTiles } from './log-tiles.js';
import type { OpenPeer, Peers } from './peers.js';
import { linesHeldFrom } from './read-have.js';

/** Entries that follow a known frontier, and are those of the signed log. */
export interface FreshEntries {
  /** Where they begin: what was known, or the first entry that anybody still holds. */
  before: Frontier;
  entries: Buffer[];
}

interface Page {
  number: number;
  entries: Buffer[];
  peer: OpenPeer;
}

const PAGES_AT_ONCE = 3;

export interface Known {
  frontier: Frontier;
  /** Bytes of the entries known of the page that the frontier ends in: where a piece of its bundle goes on. */
  pageBytes: number;
}

/**
 * All entries from what is known up to the head (docs/formats.md, "Pulling", 4): from its tail where that reaches, else from the
 * file of the newest ones, else from bundles, spread over the peers. They must lead to the tail, which leads to the signed root;
 * where they do not, the tiles tell which bundle, hence which peer, lied. Throws `ForkedLog` where the desk did, `MissingFile` where nobody has them.
 */
export async function fetchEntries(known: Known, head: VerifiedHead, peers: Peers): Promise<FreshEntries> {
  const { tail, checkpoint } = head;
  const before = await beginning(known.frontier, head, peers);
  if (before.size >= tail.frontier.size) {
    return { before, entries: tail.entries.slice(before.size - tail.frontier.size) };
  }
  const recent = isWorthIt(before.size, head) ? await fetchRecent(before.size, head, peers) : null;
  if (recent !== null && leadsTo(before, recent.entries, tail.frontier))
    return { before, entries: [...recent.entries, ...tail.entries] };
  const pages = await fetchPages(before, tail.frontier.size, checkpoint.size, peers, known.pageBytes, null);
  let entries = inOrder(pages, before.size, tail.frontier.size, checkpoint.size);
  if (!leadsTo(before, entries, tail.frontier)) {
    const tiles = await checkedTiles(head, before, peers);
    const honest = await replaceLies(pages, before, head, peers, tiles);
    entries = inOrder(honest, before.size, tail.frontier.size, checkpoint.size);
    if (!leadsTo(before, entries, tail.frontier)) throw new ForkedLog(before.size, checkpoint.size);
  }
  if (recent !== null)
    peers.blame(recent.peer, new FalseEntries(RECENT_PATH, 'are not those of the signed log'));
  return { before, entries: [...entries, ...tail.entries] };
}

const leadsTo = (before: Frontier, entries: readonly Buffer[], end: Frontier): boolean => {
  const grown = entries.reduce((all, entry) => appendLeaf(all, leafHash(entry)), before);
  return grown.size === end.size && grown.hashes.every((hash, at) => hash.equals(end.hashes[at] as Buffer));
};

/** A page read from its middle on lacks the entries that were known. */
const inOrder = (pages: readonly Page[], from: number, to: number, size: number): Buffer[] =>
  [...pages]
    .sort((a, b) => a.number - b.number)
    .flatMap(({ number, entries }) => {
      const first = number * TILE_WIDTH + tileWidth(0, number, size) - entries.length;
      return entries.filter((_, at) => first + at >= from && first + at < to);
    });

/** A new follower begins at the first entry, or, of a stick that holds some days only, at the first that is there. */
async function beginning(known: Frontier, head: VerifiedHead, peers: Peers): Promise<Frontier> {
  if (known.size > 0 || head.tail.frontier.size === 0) return known;
  const lowest = await linesHeldFrom(peers);
  if (lowest === null || lowest === 0 || lowest >= head.checkpoint.size) return EMPTY_FRONTIER;
  const start = lowest - (lowest % TILE_WIDTH);
  if (start >= head.tail.frontier.size) return head.tail.frontier;
  const tiles = await peers.fromAnyone(0, ({ reader }) => readTiles(reader, head, start));
  if (tiles === null) throw new MissingFile('log/tile', 'no peer has the tiles that its entries begin with');
  return frontierAt(start, tiles.nodes);
}

async function fetchPages(
  before: Frontier,
  to: number,
  size: number,
  peers: Peers,
  pageBytes: number,
  tiles: LogTiles | null,
  only?: ReadonlySet<number>,
): Promise<Page[]> {
  const first = Math.floor(before.size / TILE_WIDTH);
  const last = Math.floor((to - 1) / TILE_WIDTH);
  const queue = Array.from({ length: last - first + 1 }, (_, at) => first + at).filter(
    (page) => only === undefined || only.has(page),
  );
  const pages: Page[] = [];
  const work = async (): Promise<void> => {
    for (let number = queue.shift(); number !== undefined; number = queue.shift()) {
      const page = number;
      const known =
        tiles === null && page === first ? { entries: before.size % TILE_WIDTH, bytes: pageBytes } : null;
      const found = await peers.fromAnyone(page, (peer) => readPage(peer, page, size, known, tiles));
      if (found === null) throw await whyMissing(page, before.size, peers);
      pages.push(found);
    }
  };
  await Promise.all(Array.from({ length: Math.min(PAGES_AT_ONCE, queue.length) }, work));
  return pages;
}

/** A stick of some days that begins later than what is known ends is no use, and says so. */
async function whyMissing(page: number, known: number, peers: Peers): Promise<MissingFile> {
  const lowest = await linesHeldFrom(peers);
  return lowest !== null && lowest > known
    ? new MissingFile(
        'log',
        `begins with entry ${lowest}, and this node knows those before ${known}: bring a copy that goes further back (export --days with more days, or without)`,
      )
    : new MissingFile(bundlePath(page), `no peer has the entries from ${page * TILE_WIDTH} on`);
}

async function readPage(
  peer: OpenPeer,
  number: number,
  size: number,
  known: { entries: number; bytes: number } | null,
  tiles: LogTiles | null,
): Promise<Page> {
  const width = tileWidth(0, number, size);
  const path = bundlePath(number, width);
  const most = TILE_WIDTH * (ENTRY_MAX_BYTES + 2);
  const skip = known !== null && known.entries > 0 && peer.reader.isThrottled() ? known : null;
  const bytes =
    skip === null
      ? ((await peer.reader.file(path, most)) ?? (await peer.reader.file(bundlePath(number), most)))
      : await peer.reader.readFrom(path, skip.bytes, most);
  if (bytes === null) throw new MissingFile(path);
  const entries = parseBundle(bytes);
  const due = width - (skip?.entries ?? 0);
  if (entries === null || entries.length < due) throw new FalseEntries(path, `does not hold ${due} entries`);
  const own = entries.slice(0, due);
  if (tiles !== null && !tiles.isPage(number, own))
    throw new FalseEntries(path, 'are not the entries that the tiles of the signed log name');
  return { number, entries: own, peer };
}

async function checkedTiles(head: VerifiedHead, before: Frontier, peers: Peers): Promise<LogTiles> {
  const tiles = await peers.fromAnyone(0, ({ reader }) => readTiles(reader, head, before.size));
  if (tiles === null)
    throw new MissingFile('log/tile', 'no peer has the tiles to tell who changed the entries');
  if (before.size > 0) {
    const theirs = frontierAt(before.size, tiles.nodes);
    if (!theirs.hashes.every((hash, at) => hash.equals(before.hashes[at] as Buffer)))
      throw new ForkedLog(before.size, head.checkpoint.size);
  }
  return tiles;
}

/** Blames whoever gave a page that the tiles do not name, and asks others for it. */
async function replaceLies(
  pages: readonly Page[],
  before: Frontier,
  head: VerifiedHead,
  peers: Peers,
  tiles: LogTiles,
): Promise<Page[]> {
  const { size } = head.checkpoint;
  const suspects = new Set<number>();
  const honest: Page[] = [];
  for (const page of pages) {
    const whole = page.entries.length === tileWidth(0, page.number, size);
    if (whole && tiles.isPage(page.number, page.entries)) {
      honest.push(page);
      continue;
    }
    suspects.add(page.number);
    if (whole)
      peers.blame(page.peer, new FalseEntries(bundlePath(page.number), 'are not those of the signed log'));
  }
  const again = await fetchPages(before, head.tail.frontier.size, size, peers, 0, tiles, suspects);
  return [...honest, ...again];
}
