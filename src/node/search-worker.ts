import { parentPort, workerData } from 'node:worker_threads';
import type { Config } from '../config/config.js';
import { createSearchAnswers } from '../serve/search-answers.js';
import type { SearchOrder } from '../serve/search-thread.js';
import { openTree } from './tree.js';

// The thread that searches, a file of its own in the bundle: it reads the store over a connection of its own. What breaks here ends
// it, and the serving process starts another. Null where the file is only loaded, to be compiled ahead.
if (parentPort !== null) {
  const port = parentPort;
  const { store, site } = openTree(workerData as Config, true);
  const answer = createSearchAnswers({ store, site });
  port.on('message', (order: SearchOrder) => {
    if (order !== null) return port.postMessage(answer(order));
    store.close();
    port.close();
  });
}
