import { noPageRules, type PageRules, type Publisher } from '../domain/publisher.js';
import { DEMO_LANGUAGES, type DemoLanguage } from './story.js';
import { TIME_ZONES } from './zones.js';

const NAMES: Readonly<Record<DemoLanguage, { id: string; names: Publisher['names']; attribution: string }>> =
  {
    en: {
      id: 'demo-courier',
      names: {
        en: 'Demo Courier',
        ru: 'Демо-курьер (на английском)',
        uk: 'Демо-кур’єр (англійською)',
        fa: 'پیک آزمایشی (انگلیسی)',
        zh: '演示信使（英文）',
      },
      attribution: 'From Demo Courier, the demonstration newsroom that comes with Tamizdat: {url}',
    },
    ru: {
      id: 'demo-vestnik',
      names: {
        en: 'Demo Vestnik (Russian)',
        ru: 'Демо-вестник',
        uk: 'Демо-вісник (російською)',
        fa: 'پیک آزمایشی (روسی)',
        zh: '演示信使（俄文）',
      },
      attribution: 'Из «Демо-вестника», учебной редакции, которая поставляется с программой Tamizdat: {url}',
    },
    fa: {
      id: 'demo-peyk',
      names: {
        en: 'Demo Peyk (Persian)',
        ru: 'Демо-пейк (на персидском)',
        uk: 'Демо-пейк (перською)',
        fa: 'پیک آزمایشی',
        zh: '演示信使（波斯文）',
      },
      attribution: 'از «پیک آزمایشی»، تحریریهٔ نمونه‌ای که همراه برنامهٔ تامیزدات است: {url}',
    },
    zh: {
      id: 'demo-xinshi',
      names: {
        en: 'Demo Xinshi (Chinese)',
        ru: 'Демо-синьши (на китайском)',
        uk: 'Демо-сіньши (китайською)',
        fa: 'پیک آزمایشی (چینی)',
        zh: '演示信使',
      },
      attribution: '来自《演示信使》，Tamizdat 自带的演示编辑部：{url}',
    },
  };

/** English and Russian pages are described by selectors; in Persian and Chinese ones the extractor looks for the text itself, told only what is standfirst, byline and credit. */
const RULES: Readonly<Record<DemoLanguage, PageRules>> = {
  en: classicRules('article'),
  ru: classicRules('material'),
  fa: {
    ...noPageRules('always'),
    subtitle: ['._s2d4'],
    leadCredit: ['._w7q2 figcaption small'],
    drop: ['._s2d4', '._b9m0', '._d4l8', '._m6p3', '._m6p4', '._r8z5', '._g2g7', '._x0y9'],
  },
  zh: {
    ...noPageRules('always'),
    subtitle: ['._s2d4'],
    leadCredit: ['._w7q2 figcaption small'],
    drop: ['._s2d4', '._b9m0'],
    boilerplate: [
      { position: 'start', within: 3, phrase: '支持《演示信使》' },
      { position: 'start', within: 3, phrase: '真正的编辑部会在这里请您捐款' },
      { position: 'end', within: 12, phrase: '致演示读者的一封信' },
      { position: 'end', within: 12, phrase: '这里会有一封编辑部来信' },
      { position: 'end', within: 12, phrase: '把信使寄到您的信箱' },
      { position: 'end', within: 12, phrase: '这里是订阅邮件的方框' },
      { position: 'end', within: 8, phrase: '延伸阅读' },
    ],
  },
};

function classicRules(prefix: string): PageRules {
  return {
    ...noPageRules('always'),
    title: [`header.${prefix}__header h1`],
    subtitle: [`header.${prefix}__header h2`],
    authors: ['.byline__author__name'],
    content: [`.${prefix}__content`],
    lead: [`figure.${prefix}__featured-image`],
    leadCaption: [`.${prefix}__featured-image__caption`],
    leadCredit: [`.${prefix}__featured-image__credits`],
    tags: [`.${prefix}__tags a`],
    drop: [
      '.contribute-banner',
      '.contribute-modal',
      '.social',
      '.sidebar',
      'section.cluster',
      '.next-article-loader',
      `.${prefix}__newsletter`,
      `.${prefix}__block--article`,
      'img.pixel',
    ],
  };
}

/** The four demo publishers as they stand at `origin`, e.g. `http://127.0.0.1:4030`. */
export function demoPublishers(origin: string): Publisher[] {
  return DEMO_LANGUAGES.map((language) => {
    const { id, names, attribution } = NAMES[language];
    return {
      id,
      names,
      language,
      homepage: `${origin}/${language}/`,
      hosts: [new URL(origin).hostname],
      timeZone: TIME_ZONES[language],
      sources: [
        { kind: 'feed', url: `${origin}/${language}/rss/all`, text: 'full', role: 'main', section: null },
        {
          kind: 'feed',
          url: `${origin}/${language}/rss/news`,
          text: 'summary',
          role: 'fallback',
          section: null,
        },
      ],
      identity: { patterns: ['-a(\\d{1,9})(?:[/?#]|$)'] },
      page: RULES[language],
      rights: {
        basis: 'licence',
        licence: 'AGPL-3.0-or-later',
        scope: 'full',
        images: 'all',
        attribution,
        attributionPlace: 'after',
        evidence: ['LICENSE of this program: the demo texts and drawings were made for it'],
        checkedAt: null,
        contact: null,
      },
      designations: [],
      publish: 'full',
      removal: 'withdraw',
      verifiedAt: null,
    };
  });
}
