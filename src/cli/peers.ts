import type { Command } from 'commander';
import { UsageError } from '../domain/errors.js';
import { type FollowedReport, followedReport } from '../replicate/peers-report.js';
import type { CliDeps } from './cli-deps.js';
import { withEngine } from './engine-task.js';
import { addExamples } from './examples.js';
import { openForReading } from './open-for-reading.js';
import { renderTable } from './table.js';

const HEADINGS = ['ADDRESS', 'STATE', 'LAST HEAD', 'BEHIND', 'REASON'];

/** `peers`: whom this node takes its news from, and how each does. Exit code 1 where a desk is in alarm or no peer is current. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('peers')
    .description('Show the nodes that this one follows: which are current, behind, silent, or lied.')
    .option('--pardon <address>', 'ask a banned peer again')
    .option('--resume <repository>', 'go on after an alarm, once you know what happened')
    .option('--json', 'print JSON')
    .action(async (options: { pardon?: string; resume?: string; json?: true }, self: Command) => {
      if (options.pardon !== undefined || options.resume !== undefined) {
        await withEngine(self, deps, ({ store }) => settle(options, store));
        return;
      }
      const { store } = await openForReading(self, deps);
      try {
        const followed = followedReport(store, Date.now());
        if (options.json) deps.stdout.write(`${JSON.stringify({ followed })}\n`);
        else print(followed, deps);
        const bad = followed.some(
          ({ alarm, peers }) => alarm !== null || !peers.some(({ state }) => state === 'current'),
        );
        if (bad) process.exitCode = 1;
      } finally {
        store.close();
      }
    });
  addExamples(command, [
    ['peers', 'a table for each followed repository'],
    ['peers --pardon https://mirror.example/', 'after its keeper repaired it'],
  ]);
}

type Store = Parameters<typeof followedReport>[0];

function settle({ pardon, resume }: { pardon?: string; resume?: string }, store: Store): void {
  let found = false;
  for (const replica of store.replicas.all()) {
    if (resume !== undefined && replica.repository === resume) {
      store.replicas.setAlarm(replica.id, null, null);
      found = true;
    }
    for (const peer of store.replicaPeers.of(replica.id)) {
      if (pardon === undefined || (peer.address !== pardon && peer.address !== `${pardon}/`)) continue;
      store.replicaPeers.put({ ...peer, state: 'untried', reason: null, bannedUntil: null, etag: null });
      found = true;
    }
  }
  if (!found)
    throw new UsageError('unknown-peer', `this node follows no ${resume ?? pardon}`, {
      hint: '`tamizdat peers` shows whom it follows.',
    });
}

const moment = (at: number | null): string =>
  at === null ? 'never' : new Date(at).toISOString().slice(0, 16).replace('T', ' ');

function print(followed: readonly FollowedReport[], deps: CliDeps): void {
  if (followed.length === 0) deps.stdout.write("This node follows nobody: `tamizdat join 'tz1:…'` begins.\n");
  for (const one of followed) {
    deps.stdout.write(
      `${one.repository ?? one.trust}, ${one.size} entries, as of ${moment(one.issuedAt)} UTC\n`,
    );
    if (one.alarm !== null)
      deps.stdout.write(`ALARM: its desk contradicts itself, and nothing more is taken: ${one.alarm}\n`);
    else if (one.trouble !== null) deps.stdout.write(`Last pass: ${one.trouble}\n`);
    if (one.wanted > 0) deps.stdout.write(`${one.wanted} texts are still to come.\n`);
    if (one.held > 0) deps.stdout.write(`${one.held} removals wait for the signature of the desk's owner.\n`);
    const rows = one.peers.map((peer) => [
      peer.address,
      `${peer.state}${peer.throttled ? ', throttled' : ''}`,
      moment(peer.issuedAt),
      peer.behind === null ? '-' : String(peer.behind),
      peer.reason ?? '',
    ]);
    deps.stdout.write(renderTable(HEADINGS, rows, deps.stdout, deps.env));
  }
}
