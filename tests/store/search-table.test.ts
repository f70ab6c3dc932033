import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStore, type Store } from '../../src/store/store.js';
import { indexText, toMatchQuery } from '../../src/store/tokenizer.js';
import { testPublisher } from '../support/test-node.js';
import { articleOf } from './article-of.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const DAY = 86_400_000;
const FILLER = 'Other words stand here so that the text has its usual length and its usual sense. '.repeat(
  20,
);

/** So long that no word in it, standing there once, is what it is about. */
const PASSING = `Lanterns were seen. ${Array.from({ length: 90 }, (_, index) => `word${index}`).join(' ')}`;

let store: Store;
beforeAll(() => {
  store = openStore(':memory:', { tokenizer: { indexText } });
  store.publishers.sync([testPublisher({ id: 'stand-in', sources: [] })], 0);
});
afterAll(() => store.close());

function put(id: string, daysAgo: number, title: string, body: string): number {
  const saved = store.articles.save(articleOf({ stableId: id, title }), { at: NOW, edition: false });
  const entry = { articleId: saved.article.id, publisherId: 'stand-in', publishedAt: NOW - daysAgo * DAY };
  store.search.put({ ...entry, title, body, language: 'en' });
  return saved.article.id;
}

const find = (query: string): readonly number[] =>
  store.search.find(toMatchQuery(query) ?? '', { publisherId: null, fromAt: null, now: NOW }).ids;

describe('the ranking of a search', () => {
  it('puts a headline before what the text is about, and that before a mention, of one age', () => {
    const mention = put('1', 10, 'Evening news', `${FILLER} A bridge was seen.`);
    const about = put(
      '2',
      10,
      'Works on the river',
      `${FILLER} The bridge: a bridge, two bridges, more bridges.`,
    );
    const named = put('3', 10, 'The bridge', FILLER);
    expect(find('bridges')).toEqual([named, about, mention]);
  });

  it('lets newness weigh against it: a headline of years ago stands behind the news of today', () => {
    const old = put('4', 2_000, 'The harbour', FILLER);
    const recent = put('5', 100, 'Harbour works', FILLER);
    const today = put('6', 0, 'Evening news', `${FILLER} A harbour was seen.`);
    expect(find('harbour')).toEqual([recent, today, old]);
  });

  it('finds a headline behind more newer mentions than are looked at', () => {
    const named = put('7', 60, 'Lanterns of the old town', FILLER);
    store.transaction(() => {
      for (let index = 0; index < 600; index += 1) put(`m${index}`, 1, 'Evening news', PASSING);
    });
    const found = store.search.find('"lantern"', { publisherId: null, fromAt: null, now: NOW });
    expect(found.ids[0]).toBe(named);
    expect([found.ids.length, found.more]).toEqual([501, true]);
  });
});
