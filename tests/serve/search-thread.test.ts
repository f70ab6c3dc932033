import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { SearchRequest } from '../../src/serve/search-answers.js';
import { createSearchThread, type Searcher } from '../../src/serve/search-thread.js';

/** Answers what it is asked in capitals, and obeys questions that say how it shall break. */
const THREAD = `
  const { parentPort } = require('node:worker_threads');
  parentPort.on('message', (order) => {
    if (order === null) return parentPort.close();
    const { query } = order.question;
    if (query === 'throw') throw new RangeError('cannot answer ' + query);
    if (query === 'exit') process.exit(3);
    if (query === 'hang') for (;;);
    parentPort.postMessage(query.toUpperCase());
  });
`;

const asking = (query: string): SearchRequest => ({
  prefix: '/',
  question: { query, publisherId: null, since: 'any' },
  page: 1,
  now: 0,
});
const page = (html: string) => ({ kind: 'page', html });
const several = (count: number) => Array.from({ length: count }, (_, index) => `word ${index}`);

let searcher: Searcher;
afterEach(() => searcher.close());

/** A searcher, the threads it started, and what it said of those that broke. */
function started(limits?: { longestMs?: number; idleMs?: number }) {
  const threads: Worker[] = [];
  const broken: unknown[] = [];
  searcher = createSearchThread(
    () => {
      const thread = new Worker(THREAD, { eval: true });
      threads.push(thread);
      return thread;
    },
    (error) => broken.push(error),
    limits,
  );
  return { threads, broken, ask: (query: string) => searcher.ask(asking(query)) };
}

const gone = (thread: Worker | undefined): Promise<unknown> =>
  new Promise((resolve) => thread?.once('exit', resolve));

const toldToEnd = (thread: Worker): Promise<void> =>
  new Promise((resolve) => {
    vi.spyOn(thread, 'postMessage').mockImplementationOnce((order) => {
      Worker.prototype.postMessage.call(thread, order);
      resolve();
    });
  });

describe('the thread that searches', () => {
  it('is started by the first question, and answers one after another', async () => {
    const { threads, broken, ask } = started();
    expect(threads).toEqual([]);
    const words = several(20);
    expect(await Promise.all(words.map(ask))).toEqual(words.map((word) => page(word.toUpperCase())));
    expect([threads.length, broken]).toEqual([1, []]);
  });

  it('lets no more than 32 wait, and tells the others that it is busy', async () => {
    const { ask } = started();
    const outcomes = await Promise.all(several(40).map(ask));
    expect(outcomes.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 33 }, () => 'page'),
      ...Array.from({ length: 7 }, () => 'busy'),
    ]);
    expect(await ask('again')).toEqual(page('AGAIN'));
  });

  it.each(['throw', 'exit'])(
    'answers that it broke (%s), and what waits is answered by another',
    async (how) => {
      const { threads, broken, ask } = started();
      const outcomes = await Promise.all(['before', how, 'after'].map(ask));
      expect(outcomes).toEqual([page('BEFORE'), { kind: 'broken' }, page('AFTER')]);
      expect(threads).toHaveLength(2);
      expect(broken).toEqual(how === 'throw' ? [expect.any(RangeError)] : []);
    },
  );

  it('gives up a question that takes too long, together with its thread', async () => {
    const { threads, broken, ask } = started({ longestMs: 300 });
    expect(await ask('hang')).toEqual({ kind: 'broken' });
    expect(broken).toEqual([expect.objectContaining({ code: 'search-too-long' })]);
    expect([await ask('after'), threads.length]).toEqual([page('AFTER'), 2]);
  });

  it('is ready before the first question where one is likely, once', async () => {
    const { threads, ask } = started();
    searcher.prepare();
    searcher.prepare();
    expect(threads).toHaveLength(1);
    expect([await ask('first'), threads.length]).toEqual([page('FIRST'), 1]);
  });

  it('ends where no question followed either', async () => {
    const { threads } = started({ idleMs: 1 });
    searcher.prepare();
    await gone(threads[0]);
    expect(threads).toHaveLength(1);
  });

  it('ends when nothing is asked for a while, and is started again', async () => {
    const { threads, ask } = started({ idleMs: 1 });
    expect(await ask('first')).toEqual(page('FIRST'));
    await gone(threads[0]);
    expect([await ask('second'), threads.length]).toEqual([page('SECOND'), 2]);
  });

  it('answers that it broke where no thread can be started', async () => {
    const reason = new Error('no thread can be had');
    const broken: unknown[] = [];
    searcher = createSearchThread(
      () => {
        throw reason;
      },
      (error) => broken.push(error),
    );
    searcher.prepare();
    expect(await Promise.all(several(2).map((word) => searcher.ask(asking(word))))).toEqual([
      { kind: 'broken' },
      { kind: 'broken' },
    ]);
    expect(broken).toEqual([reason, reason, reason]);
  });

  it('is closed only when a thread that was told to end is gone too', async () => {
    const { threads, ask } = started({ idleMs: 1 });
    await ask('first');
    const [thread] = threads as [Worker];
    const ended = vi.fn();
    thread.once('exit', ended);
    await toldToEnd(thread);
    await searcher.close();
    expect(ended).toHaveBeenCalledOnce();
  });

  it('is closed with what it has in hand answered, what waits told that it is busy, and the thread gone', async () => {
    const { threads, broken, ask } = started();
    const asked = several(3).map(ask);
    const ended = gone(threads[0]);
    await searcher.close();
    await ended;
    expect(await Promise.all([...asked, ask('late')])).toEqual([
      page('WORD 0'),
      { kind: 'busy' },
      { kind: 'busy' },
      { kind: 'busy' },
    ]);
    expect([threads.length, broken]).toEqual([1, []]);
  });
});
