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

describe('a block that repeats nearly', () => {
  const letter = (name: string): string =>
    `p Dear ${name}, this paper is read by people who may not say so, and it is paid for by those who may. If you are one of them, a small sum each month keeps our correspondents on the road.`;

  it('is known when a name in it changes', () => {
    const furniture = createFurnitureIndex();
    for (const name of ['Anna', 'Boris', 'Vera']) furniture.observe(name, [letter(name)]);
    expect(furniture.isFurniture(letter('Gleb'))).toBe(true);
  });

  it('is not known from an article that quotes a part of it', () => {
    const furniture = createFurnitureIndex();
    for (const name of ['Anna', 'Boris', 'Vera']) furniture.observe(name, [letter(name)]);
    const quoting =
      'p The letter asks for “a small sum each month,” which readers in three towns told us they would gladly give if the bank let them, and which two of them sent in stamps.';
    expect(furniture.isFurniture(quoting)).toBe(false);
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

  it('keeps what a short article quotes of it, with the box or without', () => {
    const rules = [
      { position: 'end', within: 12, phrase: 'we, the editors, go on' },
      { position: 'end', within: 12, phrase: 'dear readers' },
    ] as const;
    const article = [
      'The paper wrote to its readers on Monday.',
      '“We, the editors, go on,” the letter says.',
    ];
    expect([...boilerplateBlocks(article, rules)]).toEqual([]);
    expect([...boilerplateBlocks([...article, 'Dear readers', 'We, the editors, go on.'], rules)]).toEqual([
      2, 3,
    ]);
  });

  it('trusts what is known to repeat over any phrase', () => {
    const rules = [{ position: 'end', within: 12, phrase: 'we go on' }] as const;
    const texts = ['We go on, says a sign on the door.', 'The door is shut.', 'We go on, dear readers.'];
    expect([...boilerplateBlocks(texts, rules)]).toEqual([0, 1, 2]);
    expect([
      ...boilerplateBlocks(
        [
          ...texts.slice(0, 1),
          ...Array(7).fill('Nobody has opened the door since Monday, the neighbors say.'),
          ...texts.slice(2),
        ],
        rules,
        (index) => index === 8,
      ),
    ]).toEqual([8]);
  });
});
