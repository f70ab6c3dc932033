import { slug } from './slug.js';

/** A publisher's tag, and the path segment of the list of what bears it. */
export interface ArticleTag {
  slug: string;
  name: string;
}

/** More would be no topics any more; each is a list that is rendered anew with the article. */
const MOST_TAGS = 8;

/** The tags of an article that have lists: its first eight, each once, in the publisher's order, but for one that names its section. */
export function listedTags(tags: readonly string[], sectionSlug: string | null): ArticleTag[] {
  const found = new Map<string, string>();
  for (const tag of tags.slice(0, MOST_TAGS)) {
    const name = tag.trim().replace(/\s+/g, ' ');
    const segment = name === '' ? sectionSlug : slug(name);
    if (segment !== null && segment !== sectionSlug && !found.has(segment)) found.set(segment, name);
  }
  return [...found].map(([segment, name]) => ({ slug: segment, name }));
}
