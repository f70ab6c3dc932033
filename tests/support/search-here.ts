import { createSearchAnswers } from '../../src/serve/search-answers.js';
import type { Searcher } from '../../src/serve/search-thread.js';

/** Searches in the test's own thread: the one of the program runs compiled. */
export function searchHere(tree: Parameters<typeof createSearchAnswers>[0]): Searcher {
  const answer = createSearchAnswers(tree);
  return {
    ask: async (asked) => ({ kind: 'page', html: answer(asked) }),
    prepare: () => {},
    close: async () => {},
  };
}
