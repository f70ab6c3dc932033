import type { PageRules } from '../domain/publisher.js';
import { parsePage } from './parse-page.js';
import { selectAll } from './select.js';

const KEYS = [
  'title',
  'subtitle',
  'authors',
  'content',
  'lead',
  'leadCaption',
  'leadCredit',
  'tags',
  'section',
  'keep',
  'drop',
] as const;
/** Tried in order until one matches, so that one match is enough; of the others each is meant to match something. */
const EACH = new Set<SelectorKey>(['keep', 'drop']);

export type SelectorKey = (typeof KEYS)[number];

/** The publisher's selectors that match nothing on a page, by the key they stand under. Empty for a page that cannot be read. */
export function unmatchedSelectors(html: string, rules: PageRules): { key: SelectorKey; selector: string }[] {
  const parsed = parsePage(html);
  if (parsed.kind === 'refused') return [];
  const { elements } = parsed;
  return KEYS.flatMap((key) => {
    const unmatched = rules[key].filter((selector) => selectAll(elements, selector).length === 0);
    const matters = EACH.has(key) || unmatched.length === rules[key].length;
    return matters ? unmatched.map((selector) => ({ key, selector })) : [];
  });
}
