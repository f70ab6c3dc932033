import { describe, expect, it } from 'vitest';
import type { PageRules } from '../../src/domain/publisher.js';
import { extractPage, learnFurniture } from '../../src/extract/extract-page.js';
import { createFurnitureIndex } from '../../src/extract/furniture-index.js';
import { textOf } from '../../src/sanitize/safe-text.js';
import { sanitizeHtml } from '../../src/sanitize/sanitize-html.js';

const LETTER = [
  'Dear readers,',
  'Since the registrar struck our newsroom off his list, every link to us is a risk, and every coin that is sent to us from inside is a crime. We have not stopped for a single day.',
  'If you live where giving is safe, please give for those who cannot. A small sum each month keeps one reporter on the telephone for an hour.',
  'Thank you for reading us. Thank you for staying, and for telling nobody how you came here.',
];
const BACKGROUND = 'The river has been closed to ships since the lock gave way in the flood of last spring.';

interface Story {
  name: string;
  paragraphs: string[];
  after?: string;
}

const STORIES: Story[] = [
  {
    name: 'ice',
    paragraphs: [
      'The ice on the lake held until the second day of April, fishermen say.',
      'They will leave it on Sunday, with their huts on sledges, as they have done since the war.',
    ],
  },
  {
    name: 'road',
    paragraphs: ['The village has had no road since the flood, its three hundred residents say.', BACKGROUND],
  },
  {
    name: 'frost',
    paragraphs: ['Frost does not read budgets, which is why budgets should read about frost.', BACKGROUND],
    after: '<p class="disclaimer">The views in this column are its author’s own.</p>',
  },
  {
    name: 'bakers',
    paragraphs: [
      'Bakers of the lower town closed their shops on Monday over the price of flour.',
      BACKGROUND,
    ],
  },
];

function pageOf({ name, paragraphs, after = '' }: Story): string {
  const block = (text: string): string => `<div class="block"><p>${text}</p></div>`;
  return `<html><head><title>A story of ${name} and what came of it</title></head><body><article><h1>A story of ${name} and what came of it</h1>
    <div class="content">${paragraphs.map(block).join('')}
    <div class="letter">${LETTER.map((text) => `<p>${text}</p>`).join('')}<p>Once</p><p>Monthly</p></div>${after}</div></article></body></html>`;
}

const RULES: PageRules = {
  fetch: 'always',
  title: ['h1'],
  subtitle: [],
  authors: [],
  content: ['.content'],
  lead: [],
  leadCaption: [],
  leadCredit: [],
  tags: [],
  section: [],
  keep: ['.disclaimer'],
  drop: [],
  boilerplate: [],
};

describe.each([
  ['no selectors', null],
  ['the selectors, which hold the letter too', RULES],
] as const)('a letter longer than the articles it stands under, with %s', (_, rules) => {
  const furniture = createFurnitureIndex();
  const urlOf = (name: string): string => `https://news.example/${name}`;
  for (const story of STORIES) learnFurniture(pageOf(story), { url: urlOf(story.name), rules, furniture });

  it.each(STORIES)('leaves the story of $name whole, an agency’s repeated paragraph too', (story) => {
    const url = urlOf(story.name);
    const result = extractPage(pageOf(story), { url, rules, furniture });
    const text =
      result.kind === 'page' ? textOf(sanitizeHtml(result.page.contentHtml, { baseUrl: url })) : '';
    const kept =
      rules !== null && story.after !== undefined ? ['The views in this column are its author’s own.'] : [];
    expect(text.split('\n')).toEqual([...story.paragraphs, ...kept]);
  });
});
