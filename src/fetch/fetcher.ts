import type { Clock } from '../domain/clock.js';
import { TamizdatError } from '../domain/errors.js';
import type { FetchOutcome } from '../domain/fetch-outcome.js';
import type { Fetcher, FetchRequest } from '../domain/fetcher.js';
import type { Log, LogFields } from '../domain/log.js';
import { createAdmission } from './admission.js';
import { createAsk } from './ask.js';
import { conclude } from './conclude.js';
import { startDeadline } from './deadline.js';
import { createDial, type DialDeps } from './dial.js';
import { failed, failureOf } from './fetch-failure.js';
import { FETCH_DEFAULTS, type FetchOptions } from './fetch-options.js';
import { createFollow } from './follow.js';
import { createHostQueue } from './host-queue.js';
import { createRateLimits } from './rate-limits.js';
import { createRobots } from './robots.js';

export interface FetcherDeps extends DialDeps {
  clock: Clock;
  log: Log;
  /** A number from 0 to 1, for the jitter. Tests put their own in. */
  random?: () => number;
}

/**
 * The one door to the network: conditional, polite, guarded requests whose every end is a value. Nothing the network does
 * makes `fetch` throw; asking a fetcher that was closed does, with `TamizdatError`.
 */
export function createFetcher(
  given: Partial<FetchOptions> & Pick<FetchOptions, 'userAgent'>,
  deps: FetcherDeps,
): Fetcher {
  const options: FetchOptions = { ...FETCH_DEFAULTS, ...given };
  const admission = createAdmission(options);
  const ask = createAsk(options, createDial(options, admission, deps));
  const queue = createHostQueue(options, { clock: deps.clock, random: deps.random ?? Math.random });
  const limits = createRateLimits(deps.clock);
  const robots = createRobots(options, deps.clock);
  const follow = createFollow(options, { admission, ask, queue, limits, robots });
  const closing = new AbortController();
  const underWay = new Set<Promise<FetchOutcome>>();

  async function fetchInTurn(request: FetchRequest, url: URL, calledOff: AbortSignal): Promise<FetchOutcome> {
    // Looked at before the wait as well, so that the line behind a paused host empties at once.
    limits.refuse(url);
    admission.admit(url, request.hosts);
    await queue.pace(url.host, calledOff);
    const deadline = startDeadline(options.timeoutMs, [calledOff]);
    try {
      return await follow(request, deadline.signal, (answer) =>
        conclude(answer, request, options, { limits, nowAt: deps.clock.now() }),
      );
    } catch (error) {
      if (deadline.timedOut()) throw failed('timeout', `${url.host} took more than ${options.timeoutMs} ms`);
      throw error;
    } finally {
      deadline.stop();
    }
  }

  async function outcomeOf(request: FetchRequest): Promise<FetchOutcome> {
    if (!URL.canParse(request.url)) return failed('host-refused', 'the address to fetch is no URL').outcome;
    const url = new URL(request.url);
    const callOff = startDeadline(null, [request.signal, closing.signal]);
    try {
      return await queue.inTurn(url.host, callOff.signal, () => fetchInTurn(request, url, callOff.signal));
    } catch (error) {
      if (callOff.signal.aborted)
        return failed('aborted', `the fetch from ${url.host} was called off`).outcome;
      return failureOf(error, url.host).outcome;
    } finally {
      callOff.stop();
    }
  }

  return {
    async fetch(request) {
      if (closing.signal.aborted) {
        throw new TamizdatError('fetch.closed', 'a fetch was asked for after the fetcher was closed', {
          hint: 'close the fetcher after the flows that use it',
        });
      }
      const work = outcomeOf(request);
      underWay.add(work);
      try {
        const outcome = await work;
        deps.log.debug('fetch.done', factsOf(request, outcome));
        return outcome;
      } finally {
        underWay.delete(work);
      }
    },
    async close() {
      closing.abort();
      await Promise.allSettled(underWay);
    },
  };
}

function factsOf(request: FetchRequest, outcome: FetchOutcome): LogFields {
  return {
    url: request.url,
    expect: request.expect,
    outcome: outcome.kind,
    status: 'status' in outcome ? outcome.status : null,
    reason: 'reason' in outcome ? outcome.reason : null,
    detail: 'detail' in outcome ? outcome.detail : null,
    bytes: outcome.kind === 'fetched' ? outcome.body.length : null,
  };
}
