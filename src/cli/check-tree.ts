import { gunzipSync } from 'node:zlib';
import type { PageSize, StoredPage } from '../store/page-table.js';
import type { Store } from '../store/store.js';
import { ownLinksIn, pointersOfHtml, targetOf } from './tree-links.js';

export interface BrokenPointer {
  path: string;
  link: string;
  why: string;
}

export interface TreeReport {
  documents: number;
  brBytes: number;
  /** Groups of documents that are out of date: their links may lead to what is not rendered yet. */
  pending: number;
  /** The heaviest first. */
  sizes: readonly PageSize[];
  /** Outside `/full/` and over the line. */
  over: readonly PageSize[];
  broken: readonly BrokenPointer[];
}

export const heavierOf = ({ gzipBytes, brBytes }: PageSize): number => Math.max(gzipBytes, brBytes);

/** Whole texts are past the line by design; they say their size where they are linked. */
const isFree = (path: string): boolean => path.includes('/full/');

const MEDIA = /^\/media\/([0-9a-f]{64})\.[a-z0-9]{3,4}$/;
/** What the server answers beside the tree. */
const SERVED: ReadonlySet<string> = new Set(['/api/v1/changes', '/api/v1/changes/']);

/** Measures every document of the tree, and follows every link of it to another one. */
export function checkTree(
  store: Store,
  bodyBytes: number,
  onDocument: (done: number, total: number) => void,
): TreeReport {
  const sizes = store.pages.sizes();
  const paths = new Set(sizes.map(({ path }) => path));
  const known = new Map<string, boolean>();

  function exists(path: string): boolean {
    if (paths.has(path) || SERVED.has(path)) return true;
    const hash = MEDIA.exec(path)?.[1];
    if (hash === undefined) return false;
    const answer = known.get(hash) ?? store.media.get(Buffer.from(hash, 'hex')) !== null;
    known.set(hash, answer);
    return answer;
  }

  function brokenIn(page: StoredPage): BrokenPointer[] {
    const text = gunzipSync(page.gzip).toString('utf8');
    const { path } = page;
    const isHtml = page.type.startsWith('text/html');
    const { links, subRequests } = isHtml
      ? pointersOfHtml(text)
      : { links: ownLinksIn(text), subRequests: [] };
    const dead = [...new Set(links)].flatMap((link) => {
      const target = targetOf(link, path);
      if (target.kind === 'bad') return [{ path, link, why: target.why }];
      return target.kind === 'outside' || exists(target.path)
        ? []
        : [{ path, link, why: 'leads to nothing in the tree' }];
    });
    return [...subRequests.map((link) => ({ path, link, why: 'is a request of its own' })), ...dead];
  }

  const broken = sizes.flatMap(({ path }, index) => {
    onDocument(index + 1, sizes.length);
    const page = store.pages.get(path);
    return page === null ? [] : brokenIn(page);
  });
  return {
    documents: sizes.length,
    brBytes: sizes.reduce((sum, { brBytes }) => sum + brBytes, 0),
    pending: store.dirty.count(),
    sizes,
    over: sizes.filter((size) => !isFree(size.path) && heavierOf(size) > bodyBytes),
    broken,
  };
}
