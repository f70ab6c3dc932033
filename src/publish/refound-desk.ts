import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TamizdatError } from '../domain/errors.js';
import { createTreeFiles, type TreeFiles, treeFolder } from '../files/tree-files.js';
import { writeAtomically } from '../files/write-atomically.js';
import { readKeys } from '../sign/keyring.js';
import { EMPTY_FRONTIER } from '../sign/merkle.js';
import { metadataPath, type RootSigned, readOwnMetadata } from '../sign/metadata.js';
import { repositoryOf } from '../sign/repository.js';
import type { Store } from '../store/store.js';
import { adoptTree } from './adopt-tree.js';

/** Set until the articles are back as well: a start that was killed in between goes on with them. */
export const ARTICLES_TO_COME = 'desk:articles-to-come';

/** Beside the keys: the repository they were made for. A database that is lost takes every other note of it along. */
const MARK = 'repository';
const REPOSITORY = /^[a-z2-7]{16}$/;

/** Notes beside the keys whose repository they sign. */
export function markKeys(keysFolder: string, repository: string): void {
  const mark = join(keysFolder, MARK);
  if (existsSync(mark)) return;
  mkdirSync(keysFolder, { recursive: true, mode: 0o700 });
  writeAtomically(mark, `${repository}\n`, { half: `${mark}.half`, mode: 0o600 });
}

/**
 * A desk whose database was lost begins again with the tree it signed before: another first root would be another repository, and
 * whoever follows this node would wait for ever. Answers its name; null where there is nothing of an earlier one. Throws `desk-lost`
 * where there is, and not enough to go on with.
 */
export function refoundDesk(store: Store, home: string, keysFolder: string, at: number): string | null {
  if (store.desk.get() !== null) return null;
  const own = new Set(readKeys([keysFolder]).map(({ id }) => id));
  const trees = treesOf(home).filter((tree) => !isFollowed(store, tree));
  const ours = trees.find(({ root }) => root.roles.snapshot.keyids.some((id) => own.has(id)));
  if (ours === undefined) return refuse(keysFolder, trees);
  const { repository, first, files } = ours;
  store.durably(() => {
    store.signedFiles.put({ path: metadataPath('root', 1), name: 'root', version: 1, bytes: first }, at);
    store.desk.put({
      repository,
      ...{ size: 0, frontier: EMPTY_FRONTIER.hashes, tailStart: 0, tailFrontier: EMPTY_FRONTIER.hashes },
      ...{ publishedSeq: 0, sealedSize: 0, writtenSize: 0 },
    });
    if (store.meta.get('signed:primary') === null) store.meta.put('signed:primary', repository);
    store.meta.put(ARTICLES_TO_COME, '1');
  });
  const state = store.desk.get();
  const adopted = state === null ? null : adoptTree(store, state, files, at);
  if (adopted?.kind !== 'adopted')
    throw lost(
      `${treeFolder(home, repository)} cannot be gone on with: ${adopted?.kind === 'foreign' ? adopted.reason : 'it is not whole'}`,
      `Put a whole copy of it in its place: restore a backup, or copy the files of any mirror of ${repository}.`,
    );
  return repository;
}

interface OldTree {
  repository: string;
  first: Buffer;
  /** The newest. */
  root: RootSigned;
  /** SHA-256 of each root. */
  pins: readonly Buffer[];
  files: TreeFiles;
}

function treesOf(home: string): OldTree[] {
  const folder = join(home, 'signed');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => REPOSITORY.test(name))
    .flatMap((repository) => readOldTree(repository, createTreeFiles(treeFolder(home, repository))) ?? []);
}

function readOldTree(repository: string, files: TreeFiles): OldTree | null {
  const roots: Buffer[] = [];
  for (let next = files.read(metadataPath('root', 1)); next !== null; ) {
    roots.push(next);
    next = files.read(metadataPath('root', roots.length + 1));
  }
  const [first, last] = [roots[0], roots.at(-1)];
  if (first === undefined || last === undefined || repositoryOf(first) !== repository) return null;
  const pins = roots.map((bytes) => createHash('sha256').update(bytes).digest());
  return { repository, first, root: readOwnMetadata<RootSigned>(last), pins, files };
}

/** A tree of another desk, which this node follows: the database may be too new to know its name. */
const isFollowed = (store: Store, { repository, pins }: OldTree): boolean =>
  store.replicas
    .all()
    .some((replica) => replica.repository === repository || pins.some((pin) => pin.equals(replica.pin)));

function refuse(keysFolder: string, trees: readonly OldTree[]): null {
  const [tree] = trees;
  if (tree !== undefined)
    throw lost(
      `the database is empty, and signed/${tree.repository} is the tree of an earlier desk whose keys are not in ${keysFolder}`,
      `Put its keys back, or restore a backup: tamizdat restore FILE. To begin a new repository all the same, which nobody follows yet, move signed/${tree.repository} away.`,
    );
  const mark = join(keysFolder, MARK);
  if (existsSync(mark)) {
    const repository = readFileSync(mark, 'utf8').trim();
    throw lost(
      `the database is empty, and the keys in ${keysFolder} belong to the repository ${repository}, whose tree is not here`,
      `Restore a backup: tamizdat restore FILE; or copy the tree from a mirror into signed/${repository}. To begin a new repository all the same, which nobody follows yet, move ${keysFolder} away.`,
    );
  }
  return null;
}

const lost = (message: string, hint: string): TamizdatError =>
  new TamizdatError('desk-lost', `${message}: nothing is signed`, { hint });
