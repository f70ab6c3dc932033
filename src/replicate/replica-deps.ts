import type { Article } from '../domain/article.js';
import type { Clock } from '../domain/clock.js';
import type { FileFetcher } from '../domain/file-fetcher.js';
import type { Log } from '../domain/log.js';
import type { Publisher } from '../domain/publisher.js';
import type { TreeFiles } from '../files/tree-files.js';
import type { StoredArticle } from '../store/article-row.js';
import type { Replica } from '../store/replica-table.js';
import type { Store } from '../store/store.js';

/** What a follower goes by. Durations in milliseconds. */
export interface ReplicaConfig {
  /** The node's state folder; trees stand in `signed/<repository>/`. */
  home: string;
  /** Only these publishers; all of them where it is empty. */
  publishers: readonly string[];
  /** Publishers that this node syncs by itself: nobody else's word counts for them. */
  ownPublishers: readonly string[];
  /** Articles older than this are not taken. */
  maxAgeMs: number;
  pictures: boolean;
  /** Room for texts and pictures of one followed repository; the oldest articles fall out. Null: no limit. */
  maxBytes: number | null;
  /** Removals of a day that pass on a desk's online keys alone: the larger of the two. */
  removalDailyLimit: number;
  removalDailyShare: number;
}

/** What an article of a followed tree does to this node's own; handed in, because it is the same as for one of our own sync. */
export interface ArticleDoor {
  /** Keeps it in the store, finds it again by search, and marks its pages. Inside the caller's transaction. */
  save(article: Article, options: { at: number; edition: boolean }): StoredArticle;
  setState(
    article: StoredArticle,
    state: 'live' | 'withdrawn' | 'tombstone',
    reason: string | null,
    at: number,
  ): void;
  /** It falls out of what this node keeps, as by retention. Inside the caller's transaction. */
  letFall(article: StoredArticle): void;
  /** Its pictures came: pages that show it are made again. */
  touch(article: StoredArticle): void;
  /** HTML as it may be shown, whatever was signed. */
  sanitize(html: string, baseUrl: string): Article['content'];
}

export interface ReplicaDeps {
  store: Store;
  clock: Clock;
  log: Log;
  fetcher: FileFetcher;
  articles: ArticleDoor;
  /** The publishers of all cards, after a card came: they join those of the config. */
  onPublishers: (publishers: readonly Publisher[]) => void;
  /** The desk's list of mirrors, or which desks are followed, is another now. */
  onMirrors: () => void;
  /** A publisher was heard of through a desk, at `heardAt` by that desk's clock. */
  onHeard: (publisherId: string, heardAt: number, trouble: string | null) => void;
  /** A number from 0 to 1. */
  random: () => number;
}

/** What one pass over one repository is done with. */
export interface TakeDeps {
  config: ReplicaConfig;
  deps: ReplicaDeps;
  replica: Replica;
  folder: TreeFiles;
}
