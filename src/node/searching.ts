import { Worker } from 'node:worker_threads';
import type { Config } from '../config/config.js';
import type { Log } from '../domain/log.js';
import { describeError } from '../observe/crash.js';
import { createSearchThread, type Searcher } from '../serve/search-thread.js';

/** Beside the file that this one is in when it runs: the bundle's parts lie in one folder. */
const WORKER = new URL('./search-worker.js', import.meta.url);
/** It uses some 30 of them. Past the first the thread ends, not the process; the second is what fills before garbage is looked for. */
const HEAP = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 };

/** Searches in a thread of their own, over a connection of its own to the store. A broken one is told without its message, which may quote the question. */
export const createSearching = (config: Config, log: Log): Searcher =>
  createSearchThread(
    () => {
      const worker = new Worker(WORKER, {
        workerData: config,
        resourceLimits: HEAP,
        // What a library prints there may quote the question, and goes nowhere.
        stdout: true,
        stderr: true,
      });
      worker.stdout.resume();
      worker.stderr.resume();
      return worker;
    },
    (error) => log.error('search-broke', describeError(error)),
  );
