import { expect, it } from 'vitest';
import { childElements, readXml } from '../../src/parse/xml-tree.js';

it('lets an element go that is done with, and keeps what stands beside it', () => {
  const taken: string[] = [];
  const { roots, problems } = readXml(
    '<a>\n  <b>1</b>\n  <c/>\n  <b><d/>2</b>\n</a>',
    null,
    (element, parent) => {
      if (element.name === 'b') taken.push(`${parent?.name}: ${element.children.length}`);
      return element.name === 'b';
    },
  );
  expect(taken).toEqual(['a: 1', 'a: 2']);
  expect(roots.map((root) => root.children)).toMatchObject([
    [{ text: '\n  ' }, { name: 'c' }, { text: '\n  ' }],
  ]);
  expect(problems).toEqual([]);
});

it('counts only the elements that it holds', () => {
  const pages = '<url><loc>a</loc></url>\n'.repeat(120_000);
  const whole = readXml(`<urlset>${pages}</urlset>`, null);
  expect(whole.problems).toEqual(['more than 200000 elements']);
  let taken = 0;
  const { roots, problems } = readXml(`<urlset>${pages}</urlset>`, null, ({ name }) => {
    if (name === 'url') taken++;
    return name === 'url';
  });
  expect(problems).toEqual([]);
  expect(taken).toBe(120_000);
  expect(roots.flatMap((root) => childElements(root, 'url'))).toEqual([]);
});
