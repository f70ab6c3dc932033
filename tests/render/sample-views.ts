import { directionOf } from '../../src/domain/direction.js';
import type { HttpUrl } from '../../src/domain/http-url.js';
import { toHttpUrl } from '../../src/domain/http-url.js';
import type { SafeHtml } from '../../src/domain/safe-html.js';
import type { ArticlePageView } from '../../src/render/article-views.js';
import type { FeedEntryView, FeedView } from '../../src/render/feed-view.js';
import type { AboutView } from '../../src/render/site-views.js';
import type {
  ListItem,
  ListView,
  PageFrame,
  Phrase,
  PictureView,
  UiLanguage,
} from '../../src/render/views.js';

/** 23 November 2026, 08:10 UTC: the moment of every sample. */
export const NOW = Date.UTC(2026, 10, 23, 8, 10);
const HOUR_MS = 3_600_000;

/** Stands in for the sanitizer, which is another room: only for markup written here. */
export const safe = (html: string): SafeHtml => html as SafeHtml;

export function url(text: string): HttpUrl {
  const made = toHttpUrl(text);
  if (made === null) throw new Error(`not a URL: ${text}`);
  return made;
}

export const phrase = (text: string, language = 'en'): Phrase => ({
  text,
  language,
  direction: directionOf(language),
});

/** One pixel of GIF. */
export const PIXEL =
  'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7' as const;

const WORDS: Readonly<Record<UiLanguage, { name: string; zone: string; sections: readonly string[] }>> = {
  en: { name: 'The Demo Courier', zone: 'UTC', sections: ['News', 'Opinion', 'Life'] },
  ru: { name: 'Демо-курьер', zone: 'Europe/Moscow', sections: ['Новости', 'Мнение', 'Жизнь'] },
  uk: { name: 'Демо-кур’єр', zone: 'Europe/Kyiv', sections: ['Новини', 'Думка', 'Життя'] },
  fa: { name: 'پیک نمایشی', zone: 'Asia/Tehran', sections: ['خبر', 'دیدگاه', 'زندگی'] },
  zh: { name: '示范信使报', zone: 'Asia/Shanghai', sections: ['新闻', '观点', '生活'] },
};

const NAMES: Readonly<Record<UiLanguage, string>> = {
  en: 'English',
  ru: 'Русский',
  uk: 'Українська',
  fa: 'فارسی',
  zh: '中文',
};

export function frame(ui: UiLanguage, over: Partial<PageFrame> = {}): PageFrame {
  const words = WORDS[ui];
  return {
    ui,
    title: null,
    noindex: true,
    canonical: null,
    timeZone: words.zone,
    masthead: { name: phrase(words.name, ui), home: null },
    languages: (Object.keys(NAMES) as UiLanguage[]).map((language) => ({
      language,
      direction: directionOf(language),
      name: NAMES[language],
      href: language === ui ? null : `../${language}/`,
    })),
    sections: words.sections.map((name, index) => ({
      name: phrase(name, ui),
      href: `./s/${index}/`,
      current: false,
    })),
    links: {
      all: '../',
      feeds: './feeds/',
      search: '../search/',
      about: './about/',
      mirrors: null,
      verify: null,
    },
    feeds: { rss: './rss.xml', atom: './atom.xml', json: './feed.json' },
    moved: null,
    ...over,
  };
}

export function item(title: string, over: Partial<ListItem> = {}): ListItem {
  const language = over.language ?? 'en';
  return {
    language,
    direction: directionOf(language),
    href: './a1/',
    title,
    summary: null,
    section: null,
    publisher: null,
    kind: 'article',
    publishedAt: NOW,
    updated: false,
    readingMinutes: 3,
    pictures: null,
    pageBytes: 4200,
    ...over,
  };
}

export function listView(ui: UiLanguage, over: Partial<ListView> = {}): ListView {
  return {
    ...frame(ui),
    scope: { kind: 'front' },
    asOfAt: NOW,
    banners: [],
    lead: null,
    days: [],
    others: [],
    sinceAt: null,
    newer: null,
    older: null,
    months: [],
    publishers: [],
    ...over,
  };
}

export function picture(over: Partial<PictureView> = {}): PictureView {
  return {
    ...phrase('', 'en'),
    inline: { src: PIXEL, type: 'image/gif' },
    blur: null,
    width: 480,
    height: 270,
    alt: 'A ferry at dusk',
    caption: 'The ferry road at dusk.',
    credit: 'Demo Courier desk',
    file: { href: '../../media/1.jpg', bytes: 41_000 },
    original: null,
    ...over,
  };
}

export function articleView(ui: UiLanguage, over: Partial<ArticlePageView> = {}): ArticlePageView {
  return {
    ...frame(ui, { masthead: { name: phrase(WORDS[ui].name, ui), home: '../' } }),
    language: ui,
    direction: directionOf(ui),
    headline: 'A Page That Fits Through the Crack',
    subtitle: '',
    authors: [],
    publisher: { name: phrase(WORDS[ui].name, ui), href: '../' },
    kind: 'article',
    section: null,
    tags: [],
    publishedAt: NOW - 5 * HOUR_MS,
    changedAt: null,
    copiedAt: NOW,
    readingMinutes: 4,
    picture: null,
    pictureNumber: null,
    blocks: [safe('<p>On some lines a connection falls silent.</p>')],
    part: null,
    attribution: null,
    original: url('https://courier.example/2026/11/23/crack-a1'),
    origin: 'page',
    withdrawn: null,
    changes: null,
    earlier: [],
    safety: { designations: [], asOfAt: NOW },
    ...over,
  };
}

export function aboutView(ui: UiLanguage, over: Partial<AboutView> = {}): AboutView {
  return {
    ...frame(ui),
    legal: './legal/',
    keeper: { name: null, contact: null },
    publishers: [],
    software: { version: '0.1.0', source: null },
    ...over,
  };
}

export function feedEntry(over: Partial<FeedEntryView> = {}): FeedEntryView {
  return {
    id: 'tag:tamizdat.invalid,2026:demo/a1',
    url: url('https://mirror.example/demo/a1/'),
    title: 'A Page That Fits',
    language: null,
    summary: 'On some lines a connection falls silent.',
    contentHtml: null,
    authors: [],
    categories: [],
    publishedAt: NOW - HOUR_MS,
    updatedAt: NOW - HOUR_MS,
    picture: null,
    original: null,
    rights: null,
    proof: null,
    ...over,
  };
}

export function feedView(over: Partial<FeedView> = {}): FeedView {
  return {
    id: 'tag:tamizdat.invalid,2026:demo/',
    title: 'The Demo Courier',
    subtitle: null,
    selfUrl: url('https://mirror.example/demo/rss.xml'),
    homeUrl: url('https://mirror.example/demo/'),
    language: 'en',
    updatedAt: NOW,
    knownAt: NOW,
    entries: [feedEntry()],
    paging: { current: null, previousArchive: null, nextArchive: null, archive: false },
    ...over,
  };
}
