import type { Command } from 'commander';
import { join, readTrustString } from '../replicate/replicate.js';
import type { CliDeps } from './cli-deps.js';
import { withNewEngine } from './engine-task.js';
import { addExamples } from './examples.js';
import { mirrorOf } from './mirror-of.js';
import { settingsOf } from './settings.js';

/** `join`: follow another node from now on. Exit code 1 where no address of it could be reached or believed; it is followed all the same. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('join')
    .description('Follow other nodes instead of publishers, checking every byte against a signature.')
    .argument('<trust>', 'the line that a node shows on /verify/ and /mirrors/: tz1:HASH@ADDRESS,ADDRESS')
    .option('--leave', 'stop following it; its articles stay')
    .option('--json', 'print JSON')
    .action(async (text: string, options: { leave?: true; json?: true }, self: Command) => {
      const trust = readTrustString(text);
      const mirror = await mirrorOf(settingsOf(self, deps).config);
      await withNewEngine(mirror, deps, async (engine, config) => {
        const { store } = engine;
        if (options.leave) {
          const known = store.replicas.byPin(trust.root);
          if (known !== null) store.replicas.drop(known.id);
          deps.stdout.write(
            known === null ? 'It was not followed.\n' : 'No longer followed; what it brought stays.\n',
          );
          return;
        }
        const replica = join(text, { store, at: Date.now() });
        const { verifyMirror } = await import('../replicate/verify-mirror.js');
        const { fileFetcherOf } = await import('../node/follower.js');
        const reports = [];
        for (const address of trust.addresses) {
          const report = await verifyMirror(
            address,
            { pin: trust.root },
            { fetcher: fileFetcherOf(config), now: Date.now() },
          );
          reports.push(report);
          if (report.verdict === 'fresh' || report.verdict === 'old') break;
        }
        const good = reports.find(({ verdict }) => ['fresh', 'old', 'very-old'].includes(verdict));
        if (options.json) deps.stdout.write(`${JSON.stringify({ trust: replica.trust, reports })}\n`);
        else {
          for (const { address, verdict, reason, entries } of reports)
            deps.stdout.write(`${address} ${reason ?? `${verdict}, ${entries} entries`}\n`);
          deps.stdout.write(
            good === undefined
              ? 'Followed, but nobody proved it yet: every pass tries again. `tamizdat peers` shows how they do.\n'
              : `Following ${good.repository}. A running node takes its news with the next pass; \`tamizdat sync --once\` does it now.\n`,
          );
          if (config.publishersGiven)
            deps.stdout.write('This node also syncs the publishers of its config by itself.\n');
        }
        if (good === undefined) process.exitCode = 1;
      });
    });
  addExamples(command, [
    ["join 'tz1:mXJ…@mirror.example'", 'all that a volunteer types'],
    ["join 'tz1:mXJ…@mirror.example' --leave", 'and back'],
  ]);
}
