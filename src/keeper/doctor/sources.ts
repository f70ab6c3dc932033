import { connect } from 'node:net';
import type { FailReason, FetchOutcome } from '../../domain/fetch-outcome.js';
import type { Fetcher } from '../../domain/fetcher.js';
import type { Publisher, PublisherSource } from '../../domain/publisher.js';
import { sizeText, spanText } from '../units.js';
import { type Finding, fail, ok, reasonOf, warn } from './finding.js';

/** Signatures, certificates and feeds are dated: past this a node believes too much or too little. */
const MOST_SKEW_MS = 5 * 60_000;
const PATIENCE_MS = 5_000;

const EXPECTED = { feed: 'feed', sitemap: 'feed', wordpress: 'json' } as const;

interface Answered {
  finding: Finding;
  /** Their clock less ours; null where they did not say. */
  skewMs: number | null;
}

/** What keeps every address of a host away, not the one that was asked for. */
const OF_HOST: ReadonlySet<FailReason> = new Set(['dns', 'connect', 'timeout']);

/**
 * Asks every source once, as a sync would, and compares the clocks of those that answered with ours. Of a host that cannot be
 * reached one address is asked: each takes its whole time-out.
 */
export async function checkSources(publishers: readonly Publisher[], fetcher: Fetcher): Promise<Finding[]> {
  const answers = await Promise.all(
    publishers.map(async (publisher) => {
      const found: Answered[] = [];
      const away = new Map<string, FetchOutcome>();
      for (const source of publisher.sources) {
        const { url, kind } = source;
        const { host } = new URL(url);
        const outcome =
          away.get(host) ?? (await fetcher.fetch({ url, expect: EXPECTED[kind], hosts: publisher.hosts }));
        if (outcome.kind === 'failed' && OF_HOST.has(outcome.reason)) away.set(host, outcome);
        found.push(answered(publisher, source, outcome));
      }
      return found;
    }),
  );
  const all = answers.flat();
  return [...all.map(({ finding }) => finding), clockFinding(all)];
}

function answered(publisher: Publisher, { url, role }: PublisherSource, outcome: FetchOutcome): Answered {
  const check = 'source';
  if (outcome.kind === 'fetched') {
    return {
      finding: ok(check, `${url} answers ${sizeText(outcome.body.length)}`),
      skewMs: outcome.servedAt === null ? null : outcome.servedAt - outcome.fetchedAt,
    };
  }
  const found = `${url} (${publisher.id}): ${whyNot(outcome)}`;
  const todo = `tamizdat publishers check ${publisher.id} shows more; docs/operating.md, "When a source is blocked", says what to do.`;
  return { finding: role === 'main' ? fail(check, found, todo) : warn(check, found, todo), skewMs: null };
}

function whyNot(outcome: Exclude<FetchOutcome, { kind: 'fetched' }>): string {
  switch (outcome.kind) {
    case 'blocked':
    case 'failed':
      return `${outcome.reason}: ${outcome.detail}`;
    case 'gone':
      return `answers ${outcome.status}`;
    case 'moved':
      return `has moved for good to ${outcome.to}`;
    case 'rate-limited':
      return `asks for a pause, with status ${outcome.status}`;
    case 'not-modified':
      return 'says nothing has changed, though nothing was known';
  }
}

function clockFinding(answers: readonly Answered[]): Finding {
  const skews = answers.map(({ skewMs }) => skewMs).filter((skew) => skew !== null);
  const middle = [...skews].sort((a, b) => a - b)[Math.floor(skews.length / 2)];
  if (middle === undefined) {
    return warn(
      'clock',
      'no source answered with its time, so ours could not be compared',
      'date -u shows it; chrony or systemd-timesyncd keeps it right.',
    );
  }
  const found = `${spanText(Math.abs(middle))} ${middle < 0 ? 'ahead of' : 'behind'} what ${skews.length === 1 ? 'a source says' : `${skews.length} sources say`}`;
  return Math.abs(middle) > MOST_SKEW_MS
    ? fail(
        'clock',
        `this machine's clock is ${found}`,
        'Set it: `timedatectl set-ntp true`, or install chrony.',
      )
    : ok('clock', found);
}

/** Whether the proxy that all fetching goes through can be reached. */
export function checkRoute(route: string): Promise<Finding> {
  const { hostname, port, host, protocol } = new URL(route);
  const usual = protocol === 'http:' ? 80 : 1080;
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || usual });
    const settle = (finding: Finding): void => {
      socket.destroy();
      resolve(finding);
    };
    socket.setTimeout(PATIENCE_MS, () =>
      settle(fail('route', `the proxy ${host} says nothing for ${PATIENCE_MS / 1000} s`, START_PROXY)),
    );
    socket.once('connect', () => settle(ok('route', `the proxy ${host} can be reached`)));
    socket.once('error', (error) =>
      settle(fail('route', `the proxy ${host}: ${reasonOf(error)}`, START_PROXY)),
    );
  });
}
const START_PROXY = 'Start the proxy, or correct fetch.route: nothing is fetched without it.';
