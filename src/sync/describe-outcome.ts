import type { FetchOutcome } from '../domain/fetch-outcome.js';

/** A fetch that brought nothing, in words: begins with the outcome's own word, so that a page can translate it. */
export function describeOutcome(outcome: Exclude<FetchOutcome, { kind: 'fetched' }>): string {
  switch (outcome.kind) {
    case 'not-modified':
      return 'not-modified';
    case 'rate-limited':
      return `rate-limited: status ${outcome.status}, asked to wait until ${new Date(outcome.retryAt).toISOString()}`;
    case 'blocked':
      return `${outcome.reason}: ${outcome.detail}`;
    case 'gone':
      return `gone: status ${outcome.status}`;
    case 'moved':
      return `moved: permanently to ${outcome.to}, a host this publisher does not list`;
    case 'failed':
      return `${outcome.reason}: ${outcome.detail}`;
  }
}
