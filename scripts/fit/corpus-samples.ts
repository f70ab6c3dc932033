import { evidenceOf, readPage } from '../../src/extract/extract-page.js';
import { featuresOf } from '../../src/extract/features.js';
import type { Measure } from '../../src/extract/measures.js';
import { type Segments, segment } from '../../src/extract/segment.js';
import type { CorpusPage } from '../../tests/extract/corpus-pages.js';
import { foldOf } from '../../tests/extract/folds.js';
import type { Sample } from './boost.js';
import { labelBlocks } from './label-blocks.js';

/** Blocks so short or so full of links are furniture on sight; one in six of them is enough to learn that from. */
const EASY_WORDS = 6;
const EASY_LINK_DENSITY = 0.7;
const EASY_SHARE = 6;

export interface PageSamples {
  fold: number;
  segments: Segments;
  rows: Float32Array[];
  measures: Measure[];
  labels: number[];
  /** 0: not learned from. */
  weights: number[];
}

/**
 * The blocks of a page to learn from. A block weighs as much as its share of the words of its article, so that each page
 * counts alike; WCXB, whose annotations a model drafted, counts half; a standfirst, which may be there or not, not at all.
 */
export function pageSamples(page: CorpusPage): PageSamples | null {
  const view = readPage(page.html, { url: page.url });
  if (typeof view === 'string') return null;
  const segments = segment(view.document);
  const texts = segments.blocks.map(({ text }) => text);
  const labels = labelBlocks(texts, page.body, page.summary);
  const words = texts.map(wordsOf);
  const bodyWords = Math.max(
    50,
    words.reduce((sum, count, index) => sum + (labels[index] === 'in' ? count : 0), 0),
  );
  const ofSource = page.source === 'wcxb' ? 0.5 : 1;
  const weights = texts.map((text, index) => {
    const count = words[index] ?? 0;
    const linkChars = segments.blocks[index]?.linkChars ?? 0;
    const isEasy =
      labels[index] === 'out' && (count < EASY_WORDS || linkChars > EASY_LINK_DENSITY * text.length);
    if (labels[index] === 'optional' || (isEasy && index % EASY_SHARE !== 0)) return 0;
    return (0.3 + 100 * Math.min(0.3, count / bodyWords)) * ofSource * (isEasy ? EASY_SHARE : 1);
  });
  return {
    fold: foldOf(page.url),
    segments,
    ...featuresOf(segments, evidenceOf(view)),
    labels: labels.map((label) => (label === 'in' ? 1 : 0)),
    weights,
  };
}

export function samplesOf({ labels, weights }: PageSamples, rows: readonly Float32Array[]): Sample[] {
  return rows.flatMap((row, index) => {
    const weight = weights[index] ?? 0;
    return weight === 0 ? [] : [{ row, label: labels[index] ?? 0, weight }];
  });
}

function wordsOf(text: string): number {
  return text.split(' ').length + (text.match(/[\u3040-\u30ff\u4e00-\u9fff]/g)?.length ?? 0) / 1.5;
}
