import { describe, expect, it } from 'vitest';
import { boilerplateBlocks } from '../../src/extract/boilerplate.js';
import { createFurnitureIndex } from '../../src/extract/furniture-index.js';

describe('createFurnitureIndex', () => {
  it('knows a block as furniture once three articles had it, whatever its numbers and punctuation', () => {
    const index = createFurnitureIndex();
    index.observe('a', ['p 12 readers support us today!']);
    index.observe('b', ['p 15 readers support us today.']);
    expect(index.isFurniture('p 99 readers support us today')).toBe(false);
    index.observe('c', ['p 1 readers support us today']);
    expect(index.isFurniture('p 99 readers support us today')).toBe(true);
  });

  it('counts an article once, however often it is read', () => {
    const index = createFurnitureIndex();
    for (let time = 0; time < 5; time++) index.observe('a', ['p the same paragraph']);
    expect(index.isFurniture('p the same paragraph')).toBe(false);
  });

  it('goes on from where it was saved, and starts anew from what it cannot read', () => {
    const index = createFurnitureIndex();
    for (const article of ['a', 'b', 'c']) index.observe(article, ['p the same paragraph']);
    expect(createFurnitureIndex(index.serialize()).isFurniture('p the same paragraph')).toBe(true);
    for (const broken of ['', '{', '[1]', '[["a"]]', null])
      expect(createFurnitureIndex(broken).isFurniture('p x')).toBe(false);
  });
});

describe('boilerplateBlocks', () => {
  const texts = [
    'Support the paper!',
    'First.',
    'A reader wrote: support the paper.',
    'Third.',
    'A message to you',
    'Dear readers',
    'Remind me  LATER',
  ];

  it('drops a phrase only near the end that its rule names', () => {
    expect([
      ...boilerplateBlocks(texts, [{ position: 'start', within: 2, phrase: 'support the paper' }]),
    ]).toEqual([0]);
  });

  it('drops what stands between two of them', () => {
    const rules = [
      { position: 'end', within: 4, phrase: 'a message to you' },
      { position: 'end', within: 2, phrase: 'remind me later' },
    ] as const;
    expect([...boilerplateBlocks(texts, rules)]).toEqual([4, 5, 6]);
  });
});
