import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/store.js';
import { indexText } from '../../src/store/tokenizer.js';
import { testPublisher } from '../support/test-node.js';
import { articleOf } from './article-of.js';

const step = (text: string) => [
  { step: 'light', type: 'image/jpeg', width: 1, height: 1, bytes: Buffer.from(text) },
];

describe('pictures in the store', () => {
  function storeWithTwo() {
    const store = openStore(':memory:', { tokenizer: { indexText } });
    store.publishers.sync([testPublisher({ id: 'stand-in', sources: [] })], 0);
    const save = (id: string, publishedAt: number) =>
      store.articles.save(articleOf({ stableId: id, publishedAt }), { at: publishedAt, edition: false })
        .article.id;
    const old = save('1', 1_000);
    const young = save('2', 2_000);
    return { store, old, young };
  }

  it('keeps the bytes that two articles show once, and until the last of them goes', () => {
    const { store, old, young } = storeWithTwo();
    store.media.put(old, 'https://a.test/1.jpg', step('same bytes'), 1);
    store.media.put(young, 'https://a.test/2.jpg', step('same bytes'), 1);
    const [picture] = store.media.ofPicture(old, 'https://a.test/1.jpg');
    const hash = Buffer.from(picture?.sha256 ?? []);
    store.media.dropAll(old);
    expect(store.media.get(hash)?.bytes.toString()).toBe('same bytes');
    store.media.dropAll(young);
    expect(store.media.get(hash)).toBeNull();
    store.close();
  });

  it('drops pictures by age, then the oldest until the rest fits its room', () => {
    const { store, old, young } = storeWithTwo();
    store.media.put(old, 'https://a.test/1.jpg', step('0123456789'), 1);
    store.media.put(young, 'https://a.test/2.jpg', step('abcdefghij'), 1);
    expect(store.media.evict(500, 20)).toEqual([]);
    expect(store.media.evict(500, 19)).toEqual([old]);
    expect(store.media.evict(1_500, 19)).toEqual([]);
    expect(store.media.evict(2_500, 19)).toEqual([young]);
    expect(store.media.ofPicture(young, 'https://a.test/2.jpg')).toEqual([]);
    store.close();
  });
});
