import { describe, expect, it } from 'vitest';
import { withCoherentParts } from '../../src/extract/coherent-parts.js';
import { parsePage } from '../../src/extract/parse-page.js';
import { segment } from '../../src/extract/segment.js';

const blocksOf = (body: string) => {
  const parsed = parsePage(body);
  if (parsed.kind === 'refused') throw new Error(parsed.reason);
  return segment(parsed.document).blocks;
};

/** A heading, a picture with its words, a paragraph and an advertisement's label. */
const slide = (name: string): string =>
  `<h2 class="slide">${name}</h2><figure><img src="/${name}.jpg"><figcaption>Seen at ${name}</figcaption></figure><p>${name} is told of here.</p><div>Advertisement</div>`;
const doubted = [0.1, 0.01, 0.9, 0.01];

describe('headings that look alike', () => {
  it('belong to the text that most of them head, whatever stands between', () => {
    const body = ['Upper', 'Lower', 'Eastern'].map(slide).join('');
    const likely = [doubted, doubted, doubted].flat();
    const raised = [0.55, 0.01, 0.9, 0.01];
    expect(withCoherentParts(blocksOf(body), likely)).toEqual([raised, raised, raised].flat());
  });

  it('are left where most of them head something else', () => {
    const body = ['Upper', 'Lower', 'Eastern', 'Related', 'Popular'].map(slide).join('');
    const unwanted = [0.1, 0.01, 0.1, 0.01];
    const likely = [doubted, doubted, doubted, unwanted, unwanted].flat();
    expect(withCoherentParts(blocksOf(body), likely)).toEqual(likely);
  });

  it('are left where there are two of them', () => {
    const likely = [doubted, doubted].flat();
    expect(withCoherentParts(blocksOf(slide('Upper') + slide('Lower')), likely)).toEqual(likely);
  });
});
