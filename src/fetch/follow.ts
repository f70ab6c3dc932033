import type { FetchOutcome } from '../domain/fetch-outcome.js';
import type { FetchRequest } from '../domain/fetcher.js';
import type { Admission } from './admission.js';
import type { Answer, Ask } from './ask.js';
import { concludeRefusal } from './conclude.js';
import { FetchFailure, failed } from './fetch-failure.js';
import type { FetchOptions } from './fetch-options.js';
import type { HostQueue } from './host-queue.js';
import type { RateLimits } from './rate-limits.js';
import { readBody } from './read-body.js';
import { nextHop } from './redirect.js';
import type { Robots, RobotsText } from './robots.js';

export interface FollowDeps {
  admission: Admission;
  ask: Ask;
  queue: HostQueue;
  limits: RateLimits;
  robots: Robots;
}

/**
 * Asks hop by hop until an answer is no redirect, and gives what `use` makes of that one. Each hop is admitted, its address
 * checked and pinned, its rate limit and, for a page, its robots.txt obeyed. Throws `FetchFailure`.
 */
export type Follow = <T>(
  request: FetchRequest,
  signal: AbortSignal,
  use: (answer: Answer) => Promise<T>,
) => Promise<T>;

/** RFC 9309 section 2.5: at least 500 kibibytes of a robots.txt are read. */
const ROBOTS_BYTES = 512_000;

export function createFollow(
  options: Pick<FetchOptions, 'maxRedirects' | 'robots'>,
  deps: FollowDeps,
): Follow {
  const { admission, ask, queue, limits, robots } = deps;

  async function hopByHop<T>(
    request: FetchRequest,
    signal: AbortSignal,
    before: (url: URL) => Promise<void>,
    use: (answer: Answer) => Promise<T>,
  ): Promise<T> {
    const seen = new Set<string>();
    let url = new URL(request.url);
    let permanent = true;
    for (;;) {
      limits.refuse(url);
      admission.admit(url, request.hosts);
      await before(url);
      const answer = await ask(url, request, signal);
      try {
        seen.add(url.href);
        const hop = nextHop(answer, { hosts: request.hosts, permanent, admission });
        if (hop === null) return await use(answer);
        if (seen.has(hop.url.href)) {
          throw failed('too-many-redirects', `${url.host} redirects in a circle at ${hop.url.href}`);
        }
        if (seen.size > options.maxRedirects) {
          throw failed(
            'too-many-redirects',
            `more than ${options.maxRedirects} redirects, the last from ${url.host}`,
          );
        }
        if (hop.url.host !== url.host) await queue.pace(hop.url.host, signal);
        ({ url, permanent } = hop);
      } finally {
        answer.hangUp();
      }
    }
  }

  async function readRobots(file: URL, hosts: readonly string[], signal: AbortSignal): Promise<RobotsText> {
    const request: FetchRequest = { url: file.href, expect: 'page', hosts };
    try {
      return await hopByHop(request, signal, async () => {}, textOfRobots);
    } catch (error) {
      if (error instanceof FetchFailure && isUnavailable(error.outcome)) return null;
      throw error;
    }
  }

  async function textOfRobots(answer: Answer): Promise<RobotsText> {
    // Too busy, or broken: "unreachable" in RFC 9309, and what is wrong with the robots.txt is wrong with the page.
    if (answer.status === 429 || answer.status >= 500)
      throw new FetchFailure(await concludeRefusal(answer, limits));
    if (answer.status < 200 || answer.status >= 300) return null;
    const limit = { maxBytes: ROBOTS_BYTES, maxDecompressedBytes: ROBOTS_BYTES, whenOver: 'cut' } as const;
    return new TextDecoder().decode(await readBody(answer, limit));
  }

  return (request, signal, use) => {
    const asksRobots = options.robots && request.expect === 'page';
    const before = async (url: URL) => {
      if (asksRobots) await robots.check(url, (file) => readRobots(file, request.hosts, signal));
    };
    return hopByHop(request, signal, before, use);
  };
}

/** RFC 9309 sections 2.3.1.2 and 2.3.1.3: a robots.txt that redirects too often or out of reach counts as not there. */
function isUnavailable(outcome: FetchOutcome): boolean {
  if (outcome.kind === 'moved') return true;
  return (
    outcome.kind === 'failed' &&
    ['host-refused', 'bad-redirect', 'too-many-redirects', 'bad-encoding'].includes(outcome.reason)
  );
}
