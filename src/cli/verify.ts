import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { UsageError } from '../domain/errors.js';
import { readTrustString } from '../replicate/replicate.js';
import type { Finding, MirrorReport, Verdict } from '../replicate/verify-mirror.js';
import { addressOf } from '../sign/trust-string.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { openForReading } from './open-for-reading.js';
import { settingsOf } from './settings.js';
import { type Trusted, trustedOf } from './trusted.js';

/** Documented in docs/cli.md: 0 holds and is fresh, 1 does not hold or proves nothing, 3 holds and is old, 4 holds and is older than a day. */
const EXIT_CODES: Readonly<Record<Verdict, number>> = {
  fresh: 0,
  lies: 1,
  unproved: 1,
  old: 3,
  'very-old': 4,
};

/** `verify`: what of a mirror holds, what is old, what lies. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('verify')
    .description('Check a mirror, or one article on it, against a trust string.')
    .argument('<url>', "a mirror's address, or with --article the address of an article on it")
    .option(
      '--trust <tz1>',
      'the trust string; without it, those of the repositories that this node follows or signs',
    )
    .option(
      '--article',
      'prove one article: its place in the signed log, its text, and the page that shows it',
    )
    .option('--json', 'print JSON')
    .action(async (url: string, options: { trust?: string; article?: true; json?: true }, self: Command) => {
      const { config } = settingsOf(self, deps);
      const trusted =
        options.trust === undefined
          ? await joined(self, deps)
          : [{ pin: readTrustString(options.trust).root }];
      if (options.article) await article(url, trusted, config, options.json === true, deps);
      else await mirror(url, trusted, config, options.json === true, deps);
    });
  addExamples(command, [
    ["verify https://mirror.example --trust 'tz1:mXJ…@…'", 'what holds, what is old, what lies'],
    ['verify https://mirror.example', 'against what this node follows'],
    ['verify --article https://mirror.example/the-quay/a12/', 'page, text, log and signature of one article'],
  ]);
}

/** What this node follows, and its own repository. @throws UsageError where there is none */
async function joined(self: Command, deps: CliDeps): Promise<Trusted[]> {
  const { store } = await openForReading(self, deps);
  try {
    const found = trustedOf(store);
    if (found.length > 0) return found;
  } finally {
    store.close();
  }
  throw new UsageError('no-trust', 'there is nothing to check against', {
    hint: "Give the trust string with --trust 'tz1:…'. Get it by a way that does not lead through the mirror.",
  });
}

async function depsOf(config: Config) {
  const { fileFetcherOf } = await import('../node/follower.js');
  return { fetcher: fileFetcherOf(config), now: Date.now() };
}

function readAddress(text: string): string {
  const address = addressOf(text);
  if (address !== null) return address;
  throw new UsageError('bad-address', `${text} is no address`, {
    hint: 'Such as https://mirror.example or a folder.',
  });
}

async function mirror(
  url: string,
  trusted: readonly Trusted[],
  config: Config,
  json: boolean,
  deps: CliDeps,
): Promise<void> {
  const { verifyMirror } = await import('../replicate/verify-mirror.js');
  const address = readAddress(url);
  let report: MirrorReport | null = null;
  for (const from of trusted) {
    const next = await verifyMirror(address, from, await depsOf(config));
    if (report === null || EXIT_CODES[next.verdict] !== 1) report = next;
    if (EXIT_CODES[next.verdict] !== 1) break;
  }
  if (report === null) throw new Error('nothing to check against');
  if (json) deps.stdout.write(`${JSON.stringify({ ...report, exitCode: EXIT_CODES[report.verdict] })}\n`);
  else printMirror(report, deps);
  process.exitCode = EXIT_CODES[report.verdict];
}

const WORDS: Readonly<Record<Verdict, string>> = {
  fresh: 'Holds, and is fresh.',
  old: 'Holds, and is old: more than two hours since its desk last signed, or older than what is known here.',
  'very-old':
    'Holds as of its own time, and is more than a day old: the desk or the way to it is dead, or somebody keeps news back.',
  lies: 'DOES NOT HOLD. Do not trust what this mirror shows.',
  unproved: 'Proves nothing: no answer, or an incomplete one.',
};

function printMirror(report: MirrorReport, deps: CliDeps): void {
  deps.stdout.write(`${report.address}${report.repository === null ? '' : ` ${report.repository}`}\n`);
  printFindings(report.findings, deps);
  if (report.issuedAt !== null) deps.stdout.write(`  as of ${new Date(report.issuedAt).toISOString()}\n`);
  deps.stdout.write(`${WORDS[report.verdict]}\n`);
}

const printFindings = (findings: readonly Finding[], deps: CliDeps): void => {
  for (const { holds, what } of findings) deps.stdout.write(`  ${holds ? 'holds' : 'FAILS'}  ${what}\n`);
};

async function article(
  url: string,
  trusted: readonly Trusted[],
  config: Config,
  json: boolean,
  deps: CliDeps,
): Promise<void> {
  const { readArticleAddress } = await import('../replicate/verify-article.js');
  const address = readArticleAddress(url);
  if (address === null)
    throw new UsageError('bad-article', `${url} is no address of an article`, {
      hint: 'It looks like https://mirror.example/the-quay/a12/.',
    });
  const { proveArticlePage } = await import('./prove-article.js');
  const report = await proveArticlePage(address, trusted, config, await depsOf(config));
  if (json) deps.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    deps.stdout.write(`${url}\n`);
    printFindings(report.findings, deps);
    deps.stdout.write(
      report.holds
        ? 'The text on the page is the one that was signed.\nCompared: the heading, every paragraph in order, and that nothing else stands between them. Not compared: links, pictures, what stands before and after.\n'
        : 'NOT PROVED: do not take this page for the article.\n',
    );
  }
  process.exitCode = report.holds ? 0 : 1;
}
