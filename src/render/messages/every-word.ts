import type { en } from './en.js';
import type { SameWords } from './words.js';

/** All words of the interface in one language. */
export type Messages = SameWords<typeof en>;
