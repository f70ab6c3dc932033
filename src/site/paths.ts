import { monthSpan } from '../domain/zoned-time.js';
import type { RelativeHref } from '../render/views.js';
import type { ListScopeQuery } from '../store/list-queries.js';

/** What a list, a feed or a history is of. Its path is its name. */
export type Scope =
  | { kind: 'node' }
  | { kind: 'language'; language: string }
  | { kind: 'publisher'; publisherId: string }
  | { kind: 'section'; publisherId: string; slug: string }
  | { kind: 'tag'; publisherId: string; slug: string }
  | { kind: 'month'; publisherId: string; month: string };

/** Whether feeds and their histories stand in the scope's folder. */
export const hasFeed = (scope: Scope): boolean => scope.kind !== 'month' && scope.kind !== 'tag';

/** Folder of the scope, with a slash at both ends. */
export function scopePath(scope: Scope): string {
  switch (scope.kind) {
    case 'node':
      return '/';
    case 'language':
      return `/${scope.language}/`;
    case 'publisher':
      return `/${scope.publisherId}/`;
    case 'section':
      return `/${scope.publisherId}/s/${scope.slug}/`;
    case 'tag':
      return `/${scope.publisherId}/t/${scope.slug}/`;
    case 'month':
      return `/${scope.publisherId}/${scope.month}/`;
  }
}

/** The scope whose folder `path` is; null where it is none. */
export function parseScope(path: string): Scope | null {
  if (path === '/') return { kind: 'node' };
  const parts = /^\/([a-z0-9-]+)\/(?:([st])\/([a-z0-9-]{1,40})\/|(\d{4}-\d{2})\/)?$/.exec(path);
  const [, name, letter, slug, month] = parts ?? [];
  if (name === undefined) return null;
  if (slug !== undefined) return { kind: letter === 't' ? 'tag' : 'section', publisherId: name, slug };
  if (month !== undefined) return { kind: 'month', publisherId: name, month };
  return name.length === 2 ? { kind: 'language', language: name } : { kind: 'publisher', publisherId: name };
}

/** The scope as a condition on articles; months need the publisher's zone. */
export function scopeQuery(scope: Scope, timeZone: string): ListScopeQuery {
  switch (scope.kind) {
    case 'node':
      return {};
    case 'language':
      return { language: scope.language };
    case 'publisher':
      return { publisherId: scope.publisherId };
    case 'section':
      return { publisherId: scope.publisherId, sectionSlug: scope.slug };
    case 'tag':
      return { publisherId: scope.publisherId, tagSlug: scope.slug };
    case 'month':
      return { publisherId: scope.publisherId, ...monthSpan(scope.month, timeZone) };
  }
}

export const articlePath = (publisherId: string, stableId: string): string => `/${publisherId}/a${stableId}/`;
export const partPath = (article: string, part: number): string =>
  part === 1 ? article : `${article}p${part}/`;
export const articleJsonPath = (publisherId: string, stableId: string, part = 1): string =>
  `/api/v1/articles/${publisherId}/${stableId}${part === 1 ? '' : `.p${part}`}.json`;
export const changesJsonPath = (page: number): string => `/api/v1/changes/${page}.json`;

/** A link from one document of the tree to another, so that the tree can stand under any address and any folder. */
export function relativeHref(from: string, to: string): RelativeHref {
  const fromFolders = from.split('/').slice(1, -1);
  const toParts = to.split('/').slice(1);
  let shared = 0;
  while (
    shared < fromFolders.length &&
    shared < toParts.length - 1 &&
    fromFolders[shared] === toParts[shared]
  )
    shared += 1;
  const up = fromFolders.length - shared;
  const rest = toParts.slice(shared).join('/');
  return up === 0 ? `./${rest}` : (`${'../'.repeat(up)}${rest}` as RelativeHref);
}
