import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { systemClock } from '../domain/clock.js';
import { TamizdatError, UsageError } from '../domain/errors.js';
import type { MirrorReport } from '../replicate/verify-mirror.js';
import type { Store } from '../store/store.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { openForReading } from './open-for-reading.js';
import { renderTable } from './table.js';

interface Checked {
  url: string;
  origin: 'public' | 'card' | 'named';
  report: MirrorReport;
}

/** `mirrors check`: asks each known address for the signed trees of this node, and verifies what comes. Exit code 1 where one does not hold. */
export function registerCheck(parent: Command, deps: CliDeps): void {
  const check = parent
    .command('check')
    .description('Ask each address and verify its answer.')
    .argument('[url...]', 'only these (default: the public list and the cards held here)')
    .option('--json', 'print JSON')
    .action(async (urls: string[], options: { json?: true }, self: Command) => {
      const { config, store } = await openForReading(self, deps);
      try {
        const checked = await checkAll(urls, config, store);
        if (options.json) deps.stdout.write(`${JSON.stringify(checked.map(asJson))}\n`);
        else deps.stdout.write(table(checked, deps));
        if (checked.some(({ report }) => !holds(report))) process.exitCode = 1;
      } finally {
        store.close();
      }
    });
  addExamples(check, [
    ['mirrors check', 'which of them stand, and show the same as this one'],
    ['mirrors check https://second.example/', 'this one alone'],
  ]);
}

const holds = ({ verdict }: MirrorReport): boolean => verdict !== 'lies' && verdict !== 'unproved';

async function checkAll(named: readonly string[], config: Config, store: Store): Promise<Checked[]> {
  const { fileFetcherOf } = await import('../node/follower.js');
  const { trustedLogs } = await import('../node.js');
  const { publicAddresses } = await import('../site/mirror-pages.js');
  const logs = trustedLogs(config, store);
  if (logs.length === 0)
    throw new TamizdatError(
      'no-trust',
      'this node neither signs nor follows anything yet, so there is nothing to check against',
      {
        hint: 'Start `tamizdat serve` once, or `tamizdat join` a desk.',
      },
    );
  const listed = [
    ...publicAddresses(store).map((url) => ({ url, origin: 'public' as const })),
    ...store.mirrors
      .cards(systemClock.now())
      .flatMap(({ urls }) => urls.map((url) => ({ url, origin: 'card' as const }))),
  ];
  const wanted = named.length > 0 ? named.map((url) => ({ url, origin: 'named' as const })) : listed;
  const fetcher = fileFetcherOf(config);
  const checked: Checked[] = [];
  for (const { url, origin } of wanted)
    checked.push({ url, origin, report: await checkOne(url, logs, fetcher) });
  return checked;
}

/** Against each log in turn: a mirror that carries one of them is a mirror of this node. */
async function checkOne(
  url: string,
  logs: readonly { repository: string; rootSha256: Uint8Array }[],
  fetcher: Parameters<typeof import('../replicate/verify-mirror.js').verifyMirror>[2]['fetcher'],
): Promise<MirrorReport> {
  const { peerAt } = await import('../replicate/mirror-peers.js');
  const { verifyMirror } = await import('../replicate/verify-mirror.js');
  let report: MirrorReport | null = null;
  for (const { repository, rootSha256 } of logs) {
    const address = peerAt(url, repository);
    if (address === null) break;
    const next = await verifyMirror(
      address,
      { pin: Buffer.from(rootSha256) },
      { fetcher, now: systemClock.now() },
    );
    if (report === null || holds(next) || next.verdict === 'lies') report = next;
    if (holds(next)) break;
  }
  if (report !== null) return report;
  throw new UsageError('bad-address', `${url} is no web address`, {
    hint: 'Such as https://mirror.example/.',
  });
}

const asJson = ({ url, origin, report }: Checked) => ({
  url,
  origin,
  holds: holds(report),
  verdict: report.verdict,
  repository: report.repository,
  issued: report.issuedAt === null ? null : new Date(report.issuedAt).toISOString(),
  reason: report.reason,
});

function table(checked: readonly Checked[], deps: CliDeps): string {
  if (checked.length === 0)
    return 'No other address is known: `tamizdat mirrors publish URL` or `mirrors add` names some.\n';
  const rows = checked.map(({ url, origin, report }) => [
    url,
    origin,
    report.verdict,
    report.issuedAt === null
      ? ''
      : `${new Date(report.issuedAt).toISOString().slice(0, 16).replace('T', ' ')}Z`,
    report.reason ?? '',
  ]);
  return renderTable(['ADDRESS', 'FROM', 'VERDICT', 'AS OF', 'WHY'], rows, deps.stdout, deps.env);
}
