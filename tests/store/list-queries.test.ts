import { expect, it } from 'vitest';
import type { ListOrder, ListScopeQuery } from '../../src/store/list-queries.js';
import { openStore } from '../../src/store/store.js';
import { indexText } from '../../src/store/tokenizer.js';
import { testPublisher } from '../support/test-node.js';
import { articleOf } from './article-of.js';

const LANGUAGES = ['ru', 'ru-UA', 'en'];
const SECTIONS = ['News', 'Opinion', null];
const SCOPES: readonly ListScopeQuery[] = [
  {},
  { language: 'ru' },
  { publisherId: 'paper' },
  { publisherId: 'paper', sectionSlug: 'news' },
  { publisherId: 'paper', fromAt: 3_000, toAt: 9_000 },
];

it('counts, places and cuts lists as the articles themselves say, after edits and removals too', () => {
  const store = openStore(':memory:', { tokenizer: { indexText } });
  const publishers = ['paper', 'other', 'resting'].map((id) => testPublisher({ id, sources: [] }));
  store.publishers.sync(publishers, 0);
  const save = (number: number, section: string | null) =>
    store.articles.save(
      articleOf({
        stableId: String(number),
        publisherId: ['paper', 'paper', 'other', 'resting'][number % 4] ?? '',
        url: `https://paper.test/${number}` as ReturnType<typeof articleOf>['url'],
        language: LANGUAGES[number % 3] ?? 'en',
        section,
        publishedAt: (number * 37) % 12_000,
      }),
      { at: 1, edition: false },
    ).article;
  store.transaction(() => {
    for (let number = 0; number < 400; number += 1) save(number, SECTIONS[number % 5] ?? null);
    for (let number = 0; number < 400; number += 7) save(number, SECTIONS[(number + 1) % 3] ?? null);
    for (let number = 3; number < 400; number += 40) {
      const found = store.articles.find('paper', { stableId: String(number), guid: null, url: null });
      if (found !== null) store.articles.changeState(found.id, 'withdrawn', 'gone', 2);
    }
  });
  store.publishers.sync(publishers.slice(0, 2), 3);

  for (const scope of SCOPES) {
    const all = (order: ListOrder) =>
      store.lists.fromOldest(scope, order, 0, 1_000).map(({ id, publishedAt }) => ({ id, publishedAt }));
    const published = all('published');
    const taken = all('taken');
    expect(published.length).toBeGreaterThan(10);
    expect(store.lists.count(scope)).toBe(published.length);
    expect(published).toEqual([...published].sort((a, b) => a.publishedAt - b.publishedAt || a.id - b.id));
    expect(taken).toEqual([...published].sort((a, b) => a.id - b.id));
    for (const [place, { id, publishedAt }] of published.entries())
      expect(store.lists.position(scope, publishedAt, id)).toBe(place);
    for (const [place, { id }] of taken.entries()) expect(store.lists.arrival(scope, id)).toBe(place);
    for (const offset of [0, 5, Math.floor(published.length / 2), published.length - 3, published.length])
      expect(store.lists.fromOldest(scope, 'published', offset, 7).map(({ id }) => id)).toEqual(
        published.slice(offset, offset + 7).map(({ id }) => id),
      );
  }
  const live = store.lists
    .fromOldest({ publisherId: 'paper' }, 'taken', 0, 1_000)
    .filter(({ state, sectionSlug }) => state === 'live' && sectionSlug !== null);
  const sections = store.lists.sections('paper');
  expect(sections.map(({ name }) => name).sort()).toEqual(['News', 'Opinion']);
  for (const { slug, count } of sections)
    expect(count).toBe(live.filter(({ sectionSlug }) => sectionSlug === slug).length);
  store.close();
});
