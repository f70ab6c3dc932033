import type { Article } from '../domain/article.js';
import type { SyncConfig } from './sync-config.js';

/** When the article is to be looked at again: the next of the planned ages that is still ahead; null after the last. */
export function nextLookAt({ publishedAt }: Article, at: number, config: SyncConfig): number | null {
  const ages = [...config.recheckMs].sort((a, b) => a - b);
  return ages.map((age) => publishedAt + age).find((moment) => moment > at) ?? null;
}
