import { gunzipSync } from 'node:zlib';
import type { Clock } from '../domain/clock.js';
import { type Document, HTML } from '../site/document.js';
import { etagOf } from '../site/etag.js';
import { groupOfPath } from '../site/group-of-path.js';
import { withOrigin } from '../site/origin.js';
import type { Site } from '../site/site.js';
import { withoutPictures } from '../site/without-pictures.js';
import type { Store } from '../store/store.js';
import {
  createHotPages,
  type HotPage,
  type HotPagesConfig,
  type PageSource,
  packed,
  packedBefore,
} from './hot-page.js';
import { createKeeping } from './keeping.js';
import { createMovedFeeds } from './moved-feed.js';

/** Bytes of hot pages kept in memory; the rest is one row away. */
const HOT_BYTES = 16 * 1024 * 1024;
/** Addresses whose renderings of absolute documents are kept: more would let a stranger's Host headers fill the memory. */
const MOST_ORIGINS = 8;
/** Pages that were asked for once, by their paths. */
const MOST_ASKED_ONCE = 4_096;

/** Before the path of a page that is kept without its pictures. */
const LIGHT = 'light\n';

export interface PageCacheConfig extends HotPagesConfig {
  cacheControl: string;
}

export type PageCache = ReturnType<typeof createPageCache>;

/** What is asked for often, ready to send. Absolute documents are kept once for each address this node is known by. */
export function createPageCache(config: PageCacheConfig, deps: { store: Store; site: Site; clock: Clock }) {
  const { store, site, clock } = deps;
  const movedFeeds = createMovedFeeds(config, store);
  const keeping = createKeeping(config.cacheControl, store);
  const toHot = createHotPages(config);
  const hot = new Map<string, { page: HotPage; bytes: number }>();
  const origins = new Set<string>();
  /** Rendered on request and not in the store, so that no write would tell of a change: they last until anything is written. */
  const unstored = new Set<string>();
  const askedOnce = new Set<string>();
  let hotBytes = 0;
  /** Another whenever a page in memory may be another one, or none. */
  let generation = 0;
  let dataVersion = store.dataVersion();
  let seenVersion = store.pages.newestVersion();
  let removals = store.meta.get('page-removals');

  /** Forgets what was rendered again since the last look. Cheap: one pragma where nothing was written. */
  function refresh(): void {
    const current = store.dataVersion();
    if (current === dataVersion) return;
    dataVersion = current;
    generation += 1;
    movedFeeds.refresh();
    keeping.refresh();
    const removedNow = store.meta.get('page-removals');
    if (removedNow !== removals) {
      removals = removedNow;
      clear();
    }
    for (const key of unstored) drop(key);
    unstored.clear();
    const written = store.pages.writtenSince(seenVersion);
    for (const { path, version } of written) {
      drop(path);
      drop(LIGHT + path);
      for (const origin of origins) drop(`${origin}\n${path}`);
      seenVersion = Math.max(seenVersion, version);
    }
  }

  function clear(): void {
    hot.clear();
    hotBytes = 0;
  }

  function drop(key: string): void {
    const entry = hot.get(key);
    if (entry === undefined) return;
    generation += 1;
    hot.delete(key);
    hotBytes -= entry.bytes;
  }

  function keep(key: string, page: HotPage): HotPage {
    const { br, gzip } = page.variants;
    // Twice, since what goes on the wire is kept beside it.
    const bytes = 2 * (br.body.length + gzip.body.length) + 2_000;
    hot.set(key, { page, bytes });
    hotBytes += bytes;
    for (const oldest of hot.keys()) {
      if (hotBytes <= HOT_BYTES || oldest === key) break;
      drop(oldest);
    }
    return page;
  }

  function rememberOrigin(base: string): void {
    origins.delete(base);
    origins.add(base);
    for (const oldest of origins) {
      if (origins.size <= MOST_ORIGINS) break;
      origins.delete(oldest);
      for (const key of [...hot.keys()]) if (key.startsWith(`${oldest}\n`)) drop(key);
    }
  }

  /** A document that the background has not come to yet. Its bytes are the same; only the compression is quicker. */
  function renderNow(path: string): { document: Document; modifiedAt: number } | null {
    const group = groupOfPath(store, path);
    if (group === null) return null;
    const document = site.render(group).documents.find((candidate) => candidate.path === path);
    return document === undefined ? null : { document, modifiedAt: clock.now() };
  }

  function load(
    path: string,
    base: string,
  ): { raw: PageSource; absolute: boolean; isStored: boolean } | null {
    const stored = store.pages.get(path);
    if (stored !== null && !stored.absolute)
      return { raw: packedBefore(stored), absolute: false, isStored: true };
    const fresh = stored === null ? renderNow(path) : null;
    if (stored === null && fresh === null) return null;
    const text = stored === null ? (fresh?.document.text ?? '') : gunzipSync(stored.gzip).toString('utf8');
    const absolute = stored?.absolute ?? fresh?.document.absolute ?? false;
    const bytes = Buffer.from(absolute ? withOrigin(text, base) : text, 'utf8');
    return {
      absolute,
      isStored: stored !== null,
      raw: {
        status: stored?.status ?? fresh?.document.status ?? 200,
        type: stored?.type ?? fresh?.document.type ?? 'text/plain',
        modifiedAt: stored?.modifiedAt ?? fresh?.modifiedAt ?? clock.now(),
        etag: etagOf(bytes),
        ...packed(bytes),
      },
    };
  }

  const inMemory = (path: string, base: string): HotPage | null =>
    movedFeeds.get(path) ?? (hot.get(path) ?? hot.get(`${base}\n${path}`))?.page ?? null;

  function fromRow(path: string): HotPage | null {
    const stored = store.pages.get(path);
    if (stored === null || stored.absolute) return null;
    const page = toHot(packedBefore(stored), keeping.of(path));
    if (askedOnce.delete(path)) return keep(path, page);
    if (askedOnce.size >= MOST_ASKED_ONCE) askedOnce.clear();
    askedOnce.add(path);
    return page;
  }

  function get(path: string, base: string): HotPage | null {
    const known = inMemory(path, base);
    if (known !== null) return known;
    const loaded = load(path, base);
    if (loaded === null) return null;
    if (loaded.absolute) rememberOrigin(base);
    const key = loaded.absolute ? `${base}\n${path}` : path;
    if (!loaded.isStored) unstored.add(key);
    return keep(key, toHot(loaded.raw, keeping.of(path)));
  }

  return {
    refresh,
    /** What a browser is told about keeping an answer at `path`. */
    cacheControlOf: keeping.of,
    generation: (): number => generation,
    /** As `get`, but null where memory does not hold it. */
    inMemory,
    /**
     * As `get`, but null where that would take more than to read one row. Kept in memory from the second time on: whoever reads page
     * after page of an archive would else drive out what many read, and fill the memory with what nobody asks for again.
     */
    fromRow,
    /** The document at `path`, with `base` (`https://host`) in its absolute links; null where the tree has none. */
    get,
    /** The page at `path` without the pictures it carries; null where it carries none, or is no page. */
    withoutPictures: (path: string, base: string): HotPage | null => {
      const known = hot.get(LIGHT + path);
      if (known !== undefined) return known.page;
      const { headers, body } = get(path, base)?.variants.identity ?? {};
      if (headers?.['Content-Type'] !== HTML) return null;
      const before = Buffer.from(body ?? []).toString('utf8');
      const text = withoutPictures(before);
      if (text === before) return null;
      const bytes = Buffer.from(text, 'utf8');
      const modifiedAt = Date.parse(headers['Last-Modified'] ?? '');
      if (unstored.has(path)) unstored.add(LIGHT + path);
      return keep(
        LIGHT + path,
        toHot(
          { status: 200, type: HTML, etag: etagOf(bytes), modifiedAt, ...packed(bytes) },
          keeping.of(path),
        ),
      );
    },
    /** A page that is not in the tree, made ready the same way and kept by nobody. */
    ready: (text: string, status: number, type: string): HotPage => {
      const bytes = Buffer.from(text, 'utf8');
      return toHot(
        { status, type, etag: etagOf(bytes), modifiedAt: clock.now(), ...packed(bytes) },
        'no-store',
      );
    },
  };
}
