import { type Reply, startMirror } from './mirror-server.js';
import type { Tree } from './test-desk.js';

export type Replies = ReadonlyMap<string, Reply>;

/** A mirror that is told beforehand how to lie, so that it may be a process of its own. */
export interface AttackMirror {
  readonly url: string;
  readonly pair: string;
  /** What it hands out from now on, and what it answers in the place of some files. */
  show(tree: Tree, replies?: Replies): Promise<void>;
  /** Paths that were asked for since. */
  asked(): Promise<string[]>;
  close(): Promise<void>;
}

export const NONE: Replies = new Map();

export async function mirrorHere(): Promise<AttackMirror> {
  const { url, pair, asked, serve, twist, close } = await startMirror(new Map());
  return {
    url,
    pair,
    show: async (tree, replies = NONE) => {
      asked.length = 0;
      serve(tree);
      twist((path) => replies.get(path) ?? null);
    },
    asked: async () => [...asked],
    close,
  };
}

/** To `tests/support/mirror-process.ts`, which answers each with a message, in order. */
export type Order = { show: [Tree, Replies] } | 'asked';
