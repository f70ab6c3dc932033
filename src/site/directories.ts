import { renderOpml } from '../render/opml.js';
import type { Store } from '../store/store.js';
import { type Document, JSON_TYPE } from './document.js';
import { nameOf } from './frame.js';
import { publicAddresses } from './mirror-pages.js';
import { absoluteUrl, hostAddress } from './origin.js';
import { scopePath } from './paths.js';
import type { SiteConfig } from './site-config.js';

/** What programs read to find the rest: every feed for a feed reader, every mirror for a list of mirrors. */
export function createDirectories(config: SiteConfig, store: Store) {
  function opml(): Document {
    const text = renderOpml({
      title: config.name,
      updatedAt: store.changes.lastAt(),
      feeds: store.publishers.active().map((publisher) => {
        const home = scopePath({ kind: 'publisher', publisherId: publisher.id });
        return {
          title: nameOf(publisher).text,
          language: publisher.language,
          feedUrl: absoluteUrl(`${home}rss.xml`),
          homeUrl: absoluteUrl(home),
        };
      }),
    });
    return {
      path: '/opml.xml',
      status: 200,
      type: 'text/x-opml; charset=utf-8',
      text,
      absolute: true,
      budget: 'line',
    };
  }

  /**
   * RSF's form: the publisher's origin and what to put in its place, without a scheme. Ours carry the publisher's folder, under
   * which the publisher's own paths are known.
   */
  function sites(): Document {
    const value: Record<string, string[]> = {};
    const others = publicAddresses(store).filter((url) => url.startsWith('https://'));
    for (const publisher of store.publishers.active()) {
      const origin = `${new URL(publisher.homepage).origin}/`;
      const listed = others.map((url) => url.slice('https://'.length) + publisher.id);
      value[origin] = [...(value[origin] ?? []), hostAddress(`/${publisher.id}`), ...listed];
    }
    return {
      path: '/sites.json',
      status: 200,
      type: JSON_TYPE,
      text: `${JSON.stringify(value)}\n`,
      absolute: true,
      budget: 'line',
    };
  }

  return { opml, sites };
}
