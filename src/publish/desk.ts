import { join } from 'node:path';
import type { Clock } from '../domain/clock.js';
import { TamizdatError } from '../domain/errors.js';
import type { Log } from '../domain/log.js';
import { createTreeFiles, type TreeFiles, treeFolder } from '../files/tree-files.js';
import { readKeys } from '../sign/keyring.js';
import type { Role } from '../sign/metadata.js';
import type { StoredArticle } from '../store/article-row.js';
import type { DeskState } from '../store/desk-table.js';
import type { Store } from '../store/store.js';
import { adoptTree } from './adopt-tree.js';
import { appendChanges } from './append-changes.js';
import { expiriesOf, type RoleExpiry } from './expiries.js';
import { foundDesk } from './found-desk.js';
import {
  holdCeremony,
  type KeyChange,
  type KeyChangeDeps,
  keysNamed,
  moveOffline,
  replaceKeys,
  requireSigners,
} from './key-changes.js';
import { markKeys, refoundDesk } from './refound-desk.js';
import { sealAll } from './seal.js';
import type { Seal, SealConfig } from './signed-roles.js';
import { writeTree } from './write-tree.js';

export interface DeskConfig extends SealConfig {
  /** The node's state folder: keys lie in `keys/`, the tree in `signed/<repository>/`. */
  home: string;
}

export interface DeskDeps {
  store: Store;
  clock: Clock;
  log: Log;
  /** Its keys are an experiment's, and nobody need be told to look after them. */
  isDemo?: boolean;
  /** The node became a desk: what said that nothing is signed is out of date. */
  onFounded?: () => void;
  /** An article got an entry: what shows its place in the log is out of date. */
  onEntry?: (article: StoredArticle) => void;
}

export type PublishResult =
  | { kind: 'published'; entries: number; size: number }
  | { kind: 'nothing-new' }
  /** What is missing is caught up by the next pass; serving and syncing go on. */
  | { kind: 'failed'; reason: string };

/** What a keeper's command adds to a publish. */
export interface PublishExtra extends Pick<Seal, 'renew' | 'signRemovals'> {
  /** Folders of keys that were moved away. */
  away?: readonly string[];
}

export type Desk = ReturnType<typeof createDesk>;

export const keysFolder = (home: string): string => join(home, 'keys');

/** The signing half of a node: keeps its log, and the tree of signed files, up to the store. */
export function createDesk(config: DeskConfig, deps: DeskDeps) {
  const { store, clock, log } = deps;
  const { home, ...sealConfig } = config;

  /**
   * Goes on with the tree of an earlier desk, where the database was lost and the tree and its keys were not. Answers its repository,
   * null where there was nothing to go on with. Throws `desk-lost` where it cannot go on.
   */
  function recover(): string | null {
    const repository = refoundDesk(store, home, keysFolder(home), clock.now());
    if (repository === null) return null;
    deps.onFounded?.();
    log.warn('desk-recovered', {
      repository,
      entries: store.desk.get()?.size ?? 0,
      note: 'the database was lost; the log goes on from the signed files',
    });
    return repository;
  }

  /** Makes the desk where there is none. Answers whether it was made just now. */
  function open(): boolean {
    recover();
    const founded = foundDesk(store, keysFolder(home), clock.now());
    if (founded) {
      deps.onFounded?.();
      log[deps.isDemo === true ? 'debug' : 'warn']('desk-keys-made', {
        folder: keysFolder(home),
        note: 'this node now signs what it publishes: back this folder up, and move root and targets away with `tamizdat keys offline DIR`; until then all keys lie together',
      });
    }
    const { repository = '' } = store.desk.get() ?? {};
    markKeys(keysFolder(home), repository);
    return founded;
  }

  /** One publish: the log up to the change sequence, a new head where anything changed or the old one has aged. */
  async function publish(
    onProgress: (left: number) => void = () => {},
    extra: PublishExtra = {},
  ): Promise<PublishResult> {
    try {
      open();
      const state = store.desk.get();
      if (state === null) return { kind: 'nothing-new' };
      const files = createTreeFiles(treeFolder(home, state.repository));
      const adopted = adoptTree(store, state, files, clock.now());
      if (adopted.kind === 'foreign')
        return failed(
          `the files in ${treeFolder(home, state.repository)} are newer than the database, and ${adopted.reason}: nothing is signed, lest there be two logs under one name`,
        );
      if (adopted.kind === 'adopted')
        log.warn('signed-tree-ahead', {
          entries: adopted.entries,
          note: 'the database was older than the signed files, as after a restore; the log goes on from the files',
        });
      if (state.writtenSize > 0 && !files.has('head.json')) {
        log.warn('signed-tree-lost', {
          note: 'its files are written again; blobs that articles no longer say are gone',
        });
        startOver(state);
      }
      const entries = await appendChanges(
        { store, files, clock, log, onEntry: deps.onEntry ?? (() => {}) },
        onProgress,
      );
      const { away = [], ...wishes } = extra;
      const keys = readKeys([keysFolder(home), ...away]);
      const at = clock.now();
      const sealed = store.durably(() => sealAll({ store, keys, config: sealConfig, log, at, ...wishes }));
      if (sealed.kind === 'no-key') return failed(`the ${sealed.role} key is not in ${keysFolder(home)}`);
      const written = writeTree({ store, files }, at);
      warnOfExpiry(at);
      return written
        ? { kind: 'published', entries, size: store.desk.get()?.size ?? 0 }
        : { kind: 'nothing-new' };
    } catch (error) {
      const hint = error instanceof TamizdatError && error.hint !== undefined ? `. ${error.hint}` : '';
      return failed(`${error instanceof Error ? error.message : String(error)}${hint}`);
    }
  }

  /** The folder was lost: every file is written again, every article is looked at for a blob that can be made again. */
  function startOver(state: DeskState): void {
    store.transaction(() => {
      store.desk.put({ ...state, writtenSize: 0 });
      store.desk.wantAll();
      store.signedFiles.rewriteAll();
      for (const { id } of store.publishers.active())
        store.changes.add({
          at: clock.now(),
          kind: 'publisher',
          publisherId: id,
          articleId: null,
          revision: null,
        });
    });
  }

  function failed(reason: string): PublishResult {
    log.error('publish-failed', { reason, hint: 'readers are served on; the next pass tries again' });
    return { kind: 'failed', reason };
  }

  function warnOfExpiry(at: number): void {
    for (const { role, expiresAt, isNear, where } of expiries(at)) {
      if (!isNear) continue;
      log.warn('signature-expires', {
        role,
        expires: new Date(expiresAt).toISOString(),
        hint:
          where === 'online'
            ? 'run `tamizdat keys renew`'
            : `run \`tamizdat keys renew --keys DIR\` with the ${role} key`,
      });
    }
  }

  /** When each role's signature ends and where its key is; empty on a node that is no desk. */
  const expiries = (at = clock.now()): RoleExpiry[] => expiriesOf(store, keysFolder(home), at);

  const changes = (away: readonly string[]): KeyChangeDeps => ({
    store,
    folder: keysFolder(home),
    away,
    at: clock.now(),
  });

  return {
    open,
    recover,
    /** The tree of this desk, once there is one. */
    files: (): TreeFiles | null => {
      const state = store.desk.get();
      return state === null ? null : createTreeFiles(treeFolder(home, state.repository));
    },
    publish,
    expiries,
    /** The keeper's commands over keys. Each is followed by a publish, which puts the change into the tree. */
    replaceKeys: (name: string, to: string | null, away: readonly string[]): KeyChange[] =>
      replaceKeys(keysNamed(store, name), to, changes(away)),
    holdCeremony: (folders: readonly string[], threshold: number, away: readonly string[]): string[] =>
      holdCeremony(folders, threshold, changes(away)),
    /** Throws `key-away` where too few keys of the role are at hand. */
    requireKeys: (role: Role, away: readonly string[]): void =>
      requireSigners(store, readKeys([keysFolder(home), ...away]), role),
    moveOffline: (to: string): string[] => moveOffline(to, changes([])),
  };
}
