import { addressLiteral } from './address-guard.js';
import { type Admission, hostMatches } from './admission.js';
import type { Answer } from './ask.js';
import { FetchFailure, failed } from './fetch-failure.js';

export interface Hop {
  url: URL;
  /** Whether every redirect so far was permanent. */
  permanent: boolean;
}

const PERMANENT = new Set([301, 308]);
const TEMPORARY = new Set([302, 303, 307]);

/**
 * Where a redirect leads, or null where the answer is none. Throws what may not be followed: no usable Location, https left
 * for http, a host that this publisher does not list. A permanent move to such a host is `moved`, for the keeper to decide.
 */
export function nextHop(
  answer: Answer,
  rules: { hosts: readonly string[]; permanent: boolean; admission: Admission },
): Hop | null {
  if (!PERMANENT.has(answer.status) && !TEMPORARY.has(answer.status)) return null;
  const from = answer.url;
  const location = answer.header('location');
  if (location === null || !URL.canParse(location, from.href)) {
    throw failed('bad-redirect', `${from.host} redirects without saying where`, true);
  }
  const url = new URL(location, from.href);
  url.hash = '';
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw failed('bad-redirect', `${from.host} redirects to a ${url.protocol} address`);
  }
  if (from.protocol === 'https:' && url.protocol === 'http:' && !rules.admission.isAllowedPair(url)) {
    throw failed('bad-redirect', `${from.host} redirects from https to http`);
  }
  const permanent = rules.permanent && PERMANENT.has(answer.status);
  if (permanent && addressLiteral(url) === null && !hostMatches(url.hostname, rules.hosts)) {
    throw new FetchFailure({ kind: 'moved', to: url.href, status: answer.status });
  }
  rules.admission.admit(url, rules.hosts);
  return { url, permanent };
}
