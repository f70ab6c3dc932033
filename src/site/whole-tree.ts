import { monthOf } from '../domain/zoned-time.js';
import type { DirtyGroup } from '../store/dirty-table.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import { ALL_PAGES, fronts, group, mirrorPages, PRIORITY, sharedPages, single } from './dirty-groups.js';
import { SHARED_LANGUAGES } from './frame.js';
import { type Scope, scopePath } from './paths.js';

/** Every group that there is: another template, another config. `resting`: publishers whose documents go. */
export const wholeTree = (store: Store, resting: readonly StoredPublisher[]): DirtyGroup[] => [
  ...fronts(),
  ...sharedPages(),
  ...mirrorPages(),
  ...single(),
  group('api:changes', PRIORITY.api, ...ALL_PAGES),
  ...[
    { kind: 'node' } as const,
    ...SHARED_LANGUAGES.map((language) => ({ kind: 'language', language }) as const),
  ].flatMap((scope) => wholeScope(scope)),
  ...[...store.publishers.active(), ...resting].flatMap((publisher) => wholePublisher(publisher, store)),
];

function wholeScope(scope: Scope): DirtyGroup[] {
  const path = scopePath(scope);
  return [
    group(`feed:${path}`, PRIORITY.feed),
    group(`history:${path}`, PRIORITY.backlog, ...ALL_PAGES),
    group(`full-history:${path}`, PRIORITY.backlog, ...ALL_PAGES),
  ];
}

function wholePublisher(publisher: StoredPublisher, store: Store): DirtyGroup[] {
  const own: Scope = { kind: 'publisher', publisherId: publisher.id };
  const sections = store.lists
    .sections(publisher.id)
    .map((section): Scope => ({ kind: 'section', publisherId: publisher.id, slug: section.slug }));
  const articles = store.lists
    .fromOldest({ publisherId: publisher.id }, 'taken', 0, Number.MAX_SAFE_INTEGER)
    .filter((article) => !article.pruned);
  const months = new Set(articles.map((article) => monthOf(article.publishedAt, publisher.timeZone)));
  const lists = [
    own,
    ...sections,
    ...store.tags
      .slugs(publisher.id)
      .map((slug): Scope => ({ kind: 'tag', publisherId: publisher.id, slug })),
    ...[...months].map((month): Scope => ({ kind: 'month', publisherId: publisher.id, month })),
  ];
  return [
    ...articles.map((article) => group(`article:${article.id}`, PRIORITY.backlog - 1)),
    ...lists.map((scope) => group(`list:${scopePath(scope)}`, PRIORITY.backlog, ...ALL_PAGES)),
    ...[own, ...sections].flatMap((scope) => wholeScope(scope)),
  ];
}
