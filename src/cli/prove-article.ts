import type { Config } from '../config/config.js';
import { fetchSettings } from '../config/fetch-settings.js';
import { systemClock } from '../domain/clock.js';
import { createFetcher } from '../fetch/fetcher.js';
import { type ArticleAddress, comparePage, proveArticle } from '../replicate/verify-article.js';
import { type Finding, type MirrorDeps, openMirror } from '../replicate/verify-mirror.js';
import { TreeRefusal } from '../sign/verify/refusals.js';
import type { TreeState } from '../sign/verify/tree-state.js';

export interface ArticleReport {
  holds: boolean;
  /** Place of its newest entry in the log; null where none was found. */
  position: number | null;
  findings: readonly Finding[];
}

/** Further pages of one article that are read at most. */
const MOST_PAGES = 50;

/** Page, article id, place in the log, text: each link of the chain from what a reader sees to what was signed. */
export async function proveArticlePage(
  address: ArticleAddress,
  trusted: readonly ({ pin: Buffer } | { state: TreeState })[],
  config: Config,
  deps: MirrorDeps,
): Promise<ArticleReport> {
  const findings: Finding[] = [];
  let position: number | null = null;
  try {
    const mirror = await openAny(address.base, trusted, deps);
    findings.push({
      holds: true,
      what: `the tree is signed, as of ${new Date(mirror.head.issuedAt ?? 0).toISOString()}`,
    });
    const proof = await proveArticle(mirror, address);
    position = proof.position;
    findings.push({
      holds: true,
      what: `entry ${position} of the signed log names it, signed ${new Date(proof.entry.t * 1_000).toISOString()}`,
    });
    if (proof.blob === null) {
      findings.push({
        holds: false,
        what: 'it was retracted or expunged: its desk no longer stands by a text',
      });
    } else {
      findings.push({
        holds: true,
        what: `its text has the hash that the entry names (${proof.entry.n} bytes)`,
      });
      findings.push(...comparePage(proof.blob, await pagesOf(address, config)));
    }
  } catch (error) {
    if (!(error instanceof TreeRefusal)) throw error;
    findings.push({ holds: false, what: error.message });
  }
  return { holds: findings.every(({ holds }) => holds), position, findings };
}

async function openAny(base: string, trusted: Parameters<typeof proveArticlePage>[1], deps: MirrorDeps) {
  let refusal: unknown = null;
  for (const from of trusted) {
    try {
      return await openMirror(base, from, deps);
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

async function pagesOf({ base, publisherId, stableId }: ArticleAddress, config: Config): Promise<string[]> {
  const fetcher = createFetcher(
    { ...fetchSettings(config), robots: false, politenessMs: 0 },
    { clock: systemClock, log: NO_LOG },
  );
  const first = `${base}${publisherId}/a${stableId}/`;
  const pages: string[] = [];
  try {
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const url = page === 1 ? first : `${first}p${page}/`;
      const outcome = await fetcher.fetch({ url, expect: 'page', hosts: [new URL(base).hostname] });
      if (outcome.kind !== 'fetched') break;
      pages.push(Buffer.from(outcome.body).toString('utf8'));
    }
    return pages;
  } finally {
    await fetcher.close();
  }
}

const NO_LOG = { debug() {}, info() {}, warn() {}, error() {} };
