import { describe, expect, it } from 'vitest';
import type { Designation } from '../../src/domain/publisher.js';
import { renderArticle } from '../../src/render/article-page.js';
import { SAFETY_WORDS, safetyNotes } from '../../src/render/safety-notes.js';
import type { UiLanguage } from '../../src/render/views.js';
import { articleView, NOW } from './sample-views.js';

const label = (over: Partial<Designation> = {}): Designation => ({
  country: 'RU',
  status: 'undesirable',
  since: '2024-07-10',
  source: 'https://minjust.gov.ru/',
  ...over,
});
const notes = (labels: Designation[], ui: UiLanguage = 'en', at = NOW) =>
  safetyNotes(labels, 'The Courier', ui, at).map(
    ({ language, sentences }) => `${language}: ${sentences.join(' ')}`,
  );

describe('safety notes', () => {
  it('name the label, its date and its source, in the language of the page and of the country', () => {
    const [english, russian, ...more] = notes([label()]);
    expect(english).toContain(
      'en: Russia: The Courier has been listed as an “undesirable organisation” since 10 July 2024 (source: minjust.gov.ru).',
    );
    expect(russian).toContain(
      'ru: Россия: The Courier в перечне «нежелательных организаций», дата — 10 июля 2024',
    );
    expect(more).toEqual([]);
  });

  it('are not said twice where the page speaks the country’s language', () => {
    expect(notes([label()], 'ru')).toHaveLength(1);
  });

  it('state every label of a country, and the advice of the gravest', () => {
    const [english] = notes([label({ status: 'foreign-agent', since: '2023-11-17' }), label()]);
    expect(english).toContain('“foreign agent” since 17 November 2023');
    expect(english).toContain('a public link is fined');
    expect(english).not.toContain('put on the publisher');
  });

  it.each(Object.keys(SAFETY_WORDS) as UiLanguage[])('name a country with two labels once, in %s', (ui) => {
    const name = new Intl.DisplayNames(ui, { type: 'region' }).of('RU') ?? '';
    const [own] = notes([label({ status: 'foreign-agent' }), label()], ui);
    expect(own?.split(name)).toHaveLength(2);
  });

  it('say of Belarus that keeping a text is an offence too', () => {
    const [english, russian] = notes([label({ country: 'BY', status: 'extremist' })]);
    expect(english).toContain('Belarus');
    expect(english).toContain('keeping such texts is an offence too');
    expect(russian).toContain('хранение');
  });

  it('describe no law that was not described to us', () => {
    const [english] = notes([label({ country: 'KZ', status: 'undesirable' })]);
    expect(english).toContain('Kazakhstan');
    expect(english).not.toContain('crime');
  });

  it('say that they are old once they are older than twelve months', () => {
    const old = Date.UTC(2027, 10, 2);
    expect(notes([label()], 'en', old)[0]).toContain('more than 12 months old');
    expect(notes([label()], 'en', NOW)[0]).not.toContain('12 months');
  });

  it('keep a date that they cannot read as it was given', () => {
    expect(notes([label({ since: 'summer of 2024' })])[0]).toContain('since summer of 2024');
  });

  it.each(Object.keys(SAFETY_WORDS) as UiLanguage[])('exist in %s for every status', (ui) => {
    for (const status of ['foreign-agent', 'undesirable', 'extremist', 'blocked'] as const) {
      for (const country of ['RU', 'BY']) {
        const [own] = safetyNotes([label({ country, status })], 'The Courier', ui, NOW);
        expect(own?.language).toBe(ui);
        expect(own?.sentences).toHaveLength(2);
        expect(own?.sentences.join(' ')).not.toContain('{');
      }
    }
  });

  it('stand below the article, each in its language', () => {
    const html = renderArticle(articleView('en', { safety: { designations: [label()], asOfAt: NOW } }));
    expect(html).toContain('<aside class="k n" aria-label="Before you share"><p>Russia');
    expect(html).toContain('<p lang="ru">Россия');
  });

  it('are left out where there is no label', () => {
    expect(renderArticle(articleView('en'))).not.toContain('<aside');
  });
});
