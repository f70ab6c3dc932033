import { describe } from 'vitest';
import { ON_HEADS, secondVersions } from './attacks/on-heads.js';
import { attacks } from './attacks/suffer.js';

describe('what bad heads get', () => {
  attacks(ON_HEADS, { articles: 6, known: secondVersions, fresh: 0 });
});
