import type { Worker } from 'node:worker_threads';
import { TamizdatError } from '../domain/errors.js';
import type { SearchRequest } from './search-answers.js';

/** What becomes of a question: the page that answers it, or why there is none. */
export type SearchOutcome = { kind: 'page'; html: string } | { kind: 'busy' } | { kind: 'broken' };

export interface Searcher {
  ask(asked: SearchRequest): Promise<SearchOutcome>;
  /** A question is likely to come: what answers it gets ready. */
  prepare(): void;
  /** What is being answered still is; what waits is told that it is busy. Resolves when nothing reads the store any more. */
  close(): Promise<void>;
}

/** Those that wait beyond this are told to come again: at some 10 ms each the last would wait a third of a second. */
const MOST_WAITING = 32;
/** No question takes a hundredth of it: one that does is given up together with its thread. */
const LONGEST_MS = 10_000;
/** A thread holds some 40 MB, and starts in a tenth of a second or three. */
const IDLE_MS = 5 * 60_000;
const CLOSE_GRACE_MS = 3_000;

/** What the thread is told: a question, each to be answered by a page before the next comes, or null: to end. */
export type SearchOrder = SearchRequest | null;

interface Turn {
  asked: SearchRequest;
  settle: (outcome: SearchOutcome) => void;
}

/**
 * Answers questions one after another in a thread of its own, so that no page waits for one. The thread is started by `prepare`, or
 * else by the first question, and ends after minutes without either. Where it breaks, the question it had in hand is `broken`, `onBroken`
 * hears why, and the next one is answered by a new thread.
 */
export function createSearchThread(
  start: () => Worker,
  onBroken: (error: unknown) => void,
  { longestMs = LONGEST_MS, idleMs = IDLE_MS } = {},
): Searcher {
  const waiting: Turn[] = [];
  /** Those that have not ended, the one let go of among them. */
  const running = new Set<Worker>();
  let thread: Worker | null = null;
  let inHand: Turn | null = null;
  let closed = false;
  let alarm: NodeJS.Timeout | undefined;

  function startThread(): Worker {
    const started = start();
    running.add(started);
    started.on('message', (html: string) => {
      if (thread === started) finish({ kind: 'page', html });
    });
    started.on('error', onBroken);
    started.on('exit', () => {
      running.delete(started);
      if (thread !== started) return;
      thread = null;
      finish({ kind: 'broken' });
    });
    // It is not what keeps a program running.
    started.unref();
    return started;
  }

  /** Null where none can be started. */
  function readyThread(): Worker | null {
    try {
      thread ??= startThread();
    } catch (error) {
      onBroken(error);
    }
    return thread;
  }

  function finish(outcome: SearchOutcome): void {
    inHand?.settle(outcome);
    inHand = null;
    takeNext();
  }

  function takeNext(): void {
    clearTimeout(alarm);
    inHand = waiting.shift() ?? null;
    if (inHand === null) {
      alarm = setTimeout(end, idleMs).unref();
      return;
    }
    alarm = setTimeout(giveUp, longestMs);
    const searching = readyThread();
    if (searching === null) finish({ kind: 'broken' });
    else searching.postMessage(inHand.asked satisfies SearchOrder);
  }

  function giveUp(): void {
    onBroken(new TamizdatError('search-too-long', `a question took more than ${longestMs} ms`));
    void thread?.terminate();
    thread = null;
    finish({ kind: 'broken' });
  }

  /** Lets go of the thread, which ends by itself after what it has in hand. */
  function end(): void {
    thread?.postMessage(null satisfies SearchOrder);
    if (inHand === null) thread = null;
  }

  return {
    prepare: () => {
      if (closed || inHand !== null) return;
      readyThread();
      takeNext();
    },
    ask: (asked) =>
      new Promise((settle) => {
        if (closed || waiting.length >= MOST_WAITING) return settle({ kind: 'busy' });
        waiting.push({ asked, settle });
        if (inHand === null) takeNext();
      }),
    close: async () => {
      closed = true;
      for (const { settle } of waiting.splice(0)) settle({ kind: 'busy' });
      end();
      const hurry = setTimeout(() => {
        for (const one of running) void one.terminate();
      }, CLOSE_GRACE_MS);
      await Promise.all([...running].map((one) => new Promise((resolve) => one.once('exit', resolve))));
      clearTimeout(hurry);
      clearTimeout(alarm);
    },
  };
}
