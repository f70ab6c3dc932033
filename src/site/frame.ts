import { directionOf } from '../domain/direction.js';
import { toHttpUrl } from '../domain/http-url.js';
import { MIRROR_MOVE, parseMirrorMove } from '../domain/mirror-move.js';
import { uiLanguage } from '../render/messages.js';
import type { PageFrame, Phrase, UiLanguage } from '../render/views.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import { parseScope, relativeHref, type Scope, scopePath } from './paths.js';
import type { SiteConfig } from './site-config.js';

/** Interface languages in their own words, in the order of the language line. */
const LANGUAGE_LINE: readonly { language: UiLanguage; name: string }[] = [
  { language: 'en', name: 'English' },
  { language: 'ru', name: 'Русский' },
  { language: 'uk', name: 'Українська' },
  { language: 'fa', name: 'فارسی' },
  { language: 'zh', name: '中文' },
];

export const SHARED_LANGUAGES: readonly UiLanguage[] = LANGUAGE_LINE.map((line) => line.language);

export const phrase = (text: string, language: string): Phrase => ({
  text,
  language,
  direction: directionOf(language),
});

/** A publisher's name, in the language asked for where it has one. */
export function nameOf(publisher: StoredPublisher, language?: string): Phrase {
  const [wanted] = (language ?? publisher.language).split('-');
  for (const tag of [wanted, publisher.language, publisher.language.split('-')[0], 'en']) {
    const name = tag === undefined ? undefined : publisher.names[tag];
    if (tag !== undefined && name !== undefined) return phrase(name, tag);
  }
  const [first] = Object.entries(publisher.names);
  return first === undefined ? phrase(publisher.id, 'en') : phrase(first[1], first[0]);
}

export type FrameMaker = ReturnType<typeof createFrames>;

/** Masthead, language line, navigation: what stands round every page's contents. */
export function createFrames(config: SiteConfig, store: Store) {
  const siteLanguage = uiLanguage(config.language);

  function links(path: string, prefix: string, all: boolean): PageFrame['links'] {
    return {
      all: all ? relativeHref(path, prefix) : null,
      feeds: relativeHref(path, `${prefix}feeds/`),
      search: relativeHref(path, `${prefix}search/`),
      about: relativeHref(path, `${prefix}about/`),
      mirrors: relativeHref(path, `${prefix}mirrors/`),
      verify: relativeHref(path, `${prefix}verify/`),
    };
  }

  /** The same path at this mirror's new address. */
  function movedTo(path: string): PageFrame['moved'] {
    const move = parseMirrorMove(store.meta.get(MIRROR_MOVE));
    return move === null ? null : toHttpUrl(move.to + path.slice(1));
  }

  /** A page of the whole node. `prefix` is `/` or `/<language>/`, `rest` what follows it: `''`, `about/`, `feeds/`, `search/`. */
  function shared(prefix: string, rest: string): PageFrame {
    const path = prefix + rest;
    const scope = parseScope(prefix);
    const ui = scope?.kind === 'language' ? uiLanguage(scope.language) : siteLanguage;
    // Folders stand in every language; the page that says there is no such page does not.
    const inEvery = rest.endsWith('/') ? rest : '';
    return {
      ui,
      title: null,
      noindex: config.noindex,
      canonical: null,
      timeZone: 'UTC',
      masthead: { name: phrase(config.name, ui), home: rest === '' ? null : relativeHref(path, prefix) },
      languages: LANGUAGE_LINE.map(({ language, name }) => ({
        language,
        direction: directionOf(language),
        name,
        href: language === ui ? null : relativeHref(path, `/${language}/${inEvery}`),
      })),
      sections: [],
      links: links(path, prefix, false),
      feeds: feedsOf(path, scope ?? { kind: 'node' }),
      moved: movedTo(path),
    };
  }

  /** A page of one publisher. `feedScope` is what its feeds are of. */
  function ofPublisher(publisher: StoredPublisher, path: string, feedScope: Scope): PageFrame {
    const ui = uiLanguage(publisher.language);
    const home = scopePath({ kind: 'publisher', publisherId: publisher.id });
    const several = store.publishers.areSeveral();
    const name = nameOf(publisher);
    return {
      ui,
      title: config.titleNamesPublisher ? name.text : null,
      noindex: config.noindex,
      canonical: null,
      timeZone: publisher.timeZone,
      masthead: { name, home: path === home ? null : relativeHref(path, home) },
      languages: LANGUAGE_LINE.map(({ language, name: text }) => ({
        language,
        direction: directionOf(language),
        name: text,
        href: language === ui ? null : relativeHref(path, `/${language}/`),
      })),
      sections: store.lists
        .sections(publisher.id)
        .slice(0, MAX_SECTIONS)
        .map((section) => {
          const sectionPath = scopePath({ kind: 'section', publisherId: publisher.id, slug: section.slug });
          return {
            name: phrase(section.name, publisher.language),
            href: relativeHref(path, sectionPath),
            current: path.startsWith(sectionPath),
          };
        }),
      links: links(path, `/${ui}/`, several),
      feeds: feedsOf(path, feedScope),
      moved: movedTo(path),
    };
  }

  return { shared, ofPublisher };
}

/** More would push the headlines off a phone's first screen. */
const MAX_SECTIONS = 8;

function feedsOf(path: string, scope: Scope): PageFrame['feeds'] {
  const base = scopePath(scope);
  return {
    rss: relativeHref(path, `${base}rss.xml`),
    atom: relativeHref(path, `${base}atom.xml`),
    json: relativeHref(path, `${base}feed.json`),
  };
}
