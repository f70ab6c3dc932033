import type { Config } from '../config/config.js';
import { fetchSettings } from '../config/fetch-settings.js';
import type { Clock } from '../domain/clock.js';
import type { FileFetcher } from '../domain/file-fetcher.js';
import type { Log } from '../domain/log.js';
import type { Publisher } from '../domain/publisher.js';
import { createFileFetcher, FILE_FETCH_DEFAULTS } from '../fetch/file-fetcher.js';
import type { ArticleDoor } from '../replicate/replica-deps.js';
import { createReplicator, type Replicator } from '../replicate/replicate.js';
import { sanitizeHtml } from '../sanitize/sanitize-html.js';
import type { Invalidator } from '../site/invalidate.js';
import type { Store } from '../store/store.js';
import { afterSave } from '../sync/after-save.js';
import { removeArticle } from '../sync/remove-article.js';
import { letFall } from '../sync/retention.js';
import { settleSilence } from '../sync/silence.js';

export interface FollowerDeps {
  store: Store;
  invalidator: Invalidator;
  clock: Clock;
  log: Log;
  ownPublishers: readonly string[];
  onPublishers: (publishers: readonly Publisher[]) => void;
  fetcher?: FileFetcher;
}

/** The way to other nodes: `follow.route` where it is set, else that of all fetching. */
export function fileFetcherOf(config: Config): FileFetcher {
  const settings = fetchSettings(config);
  const proxy = config.follow.route ?? config.fetch.route;
  return createFileFetcher({
    ...FILE_FETCH_DEFAULTS,
    userAgent: settings.userAgent,
    allow: settings.allow,
    timeoutMs: settings.timeoutMs,
    route: proxy === null ? null : { proxy },
  });
}

/** The following half of a node. */
export function createFollower(config: Config, deps: FollowerDeps): Replicator {
  const { store, clock, log } = deps;
  return createReplicator(
    {
      home: config.home,
      publishers: config.follow.publishers,
      ownPublishers: deps.ownPublishers,
      maxAgeMs: Math.min(config.follow.maxAgeMs, config.retention.maxAgeMs ?? Number.POSITIVE_INFINITY),
      maxBytes: config.follow.maxBytes,
      pictures: config.follow.pictures && config.pictures.mode === 'full',
      removalDailyLimit: DAILY_LIMIT,
      removalDailyShare: DAILY_SHARE,
    },
    {
      store,
      clock,
      log,
      fetcher: deps.fetcher ?? fileFetcherOf(config),
      articles: articleDoor(deps),
      onPublishers: deps.onPublishers,
      onMirrors: () => store.dirty.mark(deps.invalidator.ofMirrors()),
      onHeard: (publisherId, heardAt, trouble) => {
        store.publishers.setHeardAt(publisherId, heardAt);
        const publisher = store.publishers.get(publisherId);
        const { quietAfterMs, silentAfterMs } = config.staleness;
        if (publisher?.active === true)
          settleSilence(
            publisher,
            trouble,
            { store, invalidator: deps.invalidator, config: { quietAfterMs, silentAfterMs } },
            clock.now(),
          );
      },
      random: Math.random,
    },
  );
}

/** docs/formats.md, "Many removals": more removals than this in a day need the owner's signature. No follower's config may change it. */
const DAILY_LIMIT = 5;
const DAILY_SHARE = 0.01;

/** The same as for an article of our own sync, so that its pages come out the same. */
function articleDoor({
  store,
  invalidator,
  clock,
}: Pick<FollowerDeps, 'store' | 'invalidator' | 'clock'>): ArticleDoor {
  return {
    save(article, options) {
      const saved = store.articles.save(article, options);
      if (saved.article.state === 'live') afterSave(saved, { store, invalidator });
      store.publishers.setNewsAt(article.publisherId, options.at);
      return saved.article;
    },
    setState: (article, state, reason, at) =>
      removeArticle(article, state, reason, { store, invalidator }, at),
    letFall: (article) => letFall([article], { store, invalidator }, clock.now()),
    touch: (article) => store.dirty.mark(invalidator.ofArticle(article, 'edition', null)),
    sanitize: (html, baseUrl) => sanitizeHtml(html, { baseUrl }),
  };
}
