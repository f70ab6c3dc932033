import { gunzipSync, gzipSync } from 'node:zlib';
import type { Blame } from '../../../src/sign/verify/refusals.js';
import type { Reply } from '../../support/mirror-server.js';
import type { TestDesk, Tree } from '../../support/test-desk.js';

/** A row of the table: what one mirror of two does, and what becomes of it. The other one is honest and has news. */
export interface Attack {
  name: string;
  /** Class that is named after the attack, and kept with the proof; null where nobody is accused. */
  refusal: string | null;
  blame: Blame;
  /** `desk` holds every key, and nobody else has this copy of it. */
  lie(desk: TestDesk, trees: Trees): Lie;
  /** What whoever looks at the peers is told of it. */
  says?: RegExp;
  /** By how much the follower's clock is off. */
  clockOffMs?: number;
}

/** What the desk published so far: `known` is what the follower verified before, `older` came before that. Empty for a stranger. */
export interface Trees {
  older: Tree;
  known: Tree;
  news: Tree;
}

/** Another tree, or other answers in the place of the files that `files` names. */
export type Lie = Tree | Twisted;

export interface Twisted {
  files: RegExp;
  twist(bytes: Buffer, path: string): Reply;
}

/** Stands in what a mirror makes up, and nowhere else. */
export const EVIL = 'a lie that must never be seen';

type Lying = Attack['lie'];

export const liar = (name: string, refusal: string, lie: Lying): Attack => ({
  name,
  refusal,
  blame: 'liar',
  lie,
});
export const desk = (name: string, refusal: string, lie: Lying): Attack => ({
  name,
  refusal,
  blame: 'desk',
  lie,
});
/** The same row, with the words that a volunteer must read. */
export const saying = (says: RegExp, row: Attack): Attack => ({ ...row, says });
export const stale = (name: string, lie: Lying): Attack => ({ name, refusal: null, blame: 'stale', lie });
export const nobody = (name: string, lie: Lying): Attack => ({ name, refusal: null, blame: 'nobody', lie });

/** Answers with other bytes in the place of these files. */
export const instead =
  (files: RegExp, twist: Twisted['twist']): Lying =>
  () => ({ files, twist });

/** The same, once more packed, for what is packed. */
export const repacked = (files: RegExp, change: (unpacked: Buffer) => Buffer | string): Lying =>
  instead(files, (bytes) => ({ body: gzipSync(change(gunzipSync(bytes))) }));
