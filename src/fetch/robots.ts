import robotsParserModule from 'robots-parser';
import type { Clock } from '../domain/clock.js';
import { failed } from './fetch-failure.js';
import type { FetchOptions } from './fetch-options.js';

// The package is CommonJS and its declaration says `export default`: under NodeNext the function is the module itself.
const robotsParser = robotsParserModule as unknown as typeof robotsParserModule.default;

/** RFC 9309 section 2.4: not kept for more than 24 hours. */
const KEPT_MS = 86_400_000;
/** The origins whose rules are kept: far more than any node's publishers have. */
const MAX_ORIGINS = 1_000;

/** How robots.txt came: its text, or null where the host has none (any 4xx: RFC 9309 section 2.3.1.3, "unavailable"). */
export type RobotsText = string | null;

export interface Robots {
  /** Throws `failed: robots` where the host asks us to stay away from `url`. `read` fetches the file where none is kept. */
  check(url: URL, read: (robotsUrl: URL) => Promise<RobotsText>): Promise<void>;
}

/**
 * robots.txt as RFC 9309 has it. Where it cannot be reached (5xx, no connection), `read` throws that failure, and it is the
 * page's outcome too: section 2.3.1.4 asks to stay away then, and a host whose robots.txt does not answer would hardly give
 * the page. An older copy still in hand is used instead, as section 2.4 allows.
 */
export function createRobots(options: Pick<FetchOptions, 'userAgent'>, clock: Pick<Clock, 'now'>): Robots {
  const kept = new Map<string, { text: RobotsText; readAt: number }>();

  async function rulesOf(origin: string, read: (robotsUrl: URL) => Promise<RobotsText>): Promise<RobotsText> {
    const known = kept.get(origin);
    if (known !== undefined && clock.now() - known.readAt < KEPT_MS) return known.text;
    try {
      const text = await read(new URL('/robots.txt', origin));
      kept.delete(origin);
      kept.set(origin, { text, readAt: clock.now() });
      const [oldest] = kept.keys();
      if (kept.size > MAX_ORIGINS && oldest !== undefined) kept.delete(oldest);
      return text;
    } catch (error) {
      if (known === undefined) throw error;
      return known.text;
    }
  }

  return {
    async check(url, read) {
      const text = await rulesOf(url.origin, read);
      if (text === null) return;
      const rules = robotsParser(`${url.origin}/robots.txt`, text);
      if (rules.isDisallowed(url.href, options.userAgent) === true) {
        throw failed('robots', `robots.txt of ${url.host} asks us not to read ${url.pathname}`, false);
      }
    },
  };
}
