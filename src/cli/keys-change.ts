import { statSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import type { Config } from '../config/config.js';
import { systemClock } from '../domain/clock.js';
import { TamizdatError, UsageError } from '../domain/errors.js';
import type { Desk, PublishExtra } from '../publish/desk.js';
import { ROLES } from '../sign/metadata.js';
import type { Store } from '../store/store.js';
import type { CliDeps } from './cli-deps.js';
import { withEngine } from './engine-task.js';
import { addExamples } from './examples.js';

interface Common {
  json?: true;
  keys?: string[];
}

/** What a command did: for people a few lines, for programs one object. */
interface Report {
  lines: readonly string[];
  json: Readonly<Record<string, unknown>>;
}

const folders = (one: string, before: string[] = []): string[] => [...before, one];

/** `keys offline`, `rotate`, `revoke`, `renew`, `ceremony`, `sign-removals`: each changes what signs, and publishes the change at once. */
export function register(parent: Command, deps: CliDeps): void {
  const add = (
    name: string,
    description: string,
    examples: readonly (readonly [string, string])[],
  ): Command => {
    const command = parent
      .command(name)
      .description(description)
      .option('--keys <dir>', 'folder with keys that were moved away; may be repeated', folders)
      .option('--json', 'print JSON');
    return addExamples(command, examples);
  };

  add('offline', 'Move the root and targets keys off this server.', [
    ['keys offline /media/stick', 'then take the stick out, and keep two copies of it'],
  ])
    .argument('<dir>', 'a folder on a USB stick or disk that you take away')
    .action((dir: string, options: Common, self: Command) =>
      withDesk(self, options, deps, {}, ({ desk, config }) => {
        const files = desk.moveOffline(dir);
        if (files.length === 0)
          throw new TamizdatError('nothing-to-move', 'neither root nor targets keys lie here any more', {
            hint: '`tamizdat keys list` shows where each key is.',
          });
        return {
          json: { moved: files },
          lines: [
            ...files.map((file) => `Moved to ${file}`),
            // A stick that is not mounted is an ordinary folder, and the move protects from nothing.
            ...(statSync(dir).dev === statSync(config.home).dev
              ? [
                  `${dir} is on the same disk as this node. Is the stick mounted? Carry these files off this machine.`,
                ]
              : []),
            'Make a second copy, keep both away from this server, and note the day that `keys list` names.',
            'Needed again, with --keys DIR: to renew targets (every 180 days) and root, to rotate or revoke, to sign many removals.',
          ],
        };
      }),
    );

  for (const [name, description] of [
    ['rotate', 'Replace the key of a role with a new one.'],
    ['revoke', 'Replace a key that was lost or stolen.'],
  ] as const)
    add(name, description, [
      [`keys ${name} edition`, 'signs with the targets key'],
      [`keys ${name} snapshot --keys /media/stick`, 'snapshot and timestamp, with the root key on the stick'],
      ...(name === 'revoke'
        ? ([
            ['keys revoke 3f2a9c01 --keys /media/a --keys /media/b', 'one share of the root, by its id'],
          ] as const)
        : []),
    ])
      .argument('<role-or-id>', `${ROLES.join(', ')}, or the beginning of a key id`)
      .option('--to <dir>', 'folder for a new root or targets key (default: where the old one was)')
      .action((what: string, options: Common & { to?: string }, self: Command) =>
        withDesk(self, options, deps, {}, ({ desk }) => {
          const changes = desk.replaceKeys(what, options.to ?? null, options.keys ?? []);
          return {
            json: { changes },
            lines: [
              ...changes.map(
                ({ role, before, after, file }) =>
                  `${role}: ${before.slice(0, 8)} is out, ${after.slice(0, 8)} is in, and lies in ${file}`,
              ),
              'Back the new key up. Whoever follows this desk learns of the change with its next pull.',
            ],
          };
        }),
      );

  add('renew', 'Sign again every role whose key is available, before it expires.', [
    ['keys renew', 'with the keys on this server'],
    ['keys renew --keys /media/stick', 'targets and root too'],
  ]).action((options: Common, self: Command) =>
    withDesk(self, options, deps, { renew: ROLES.filter((role) => role !== 'timestamp') }, ({ desk }) => {
      const before = new Map(desk.expiries().map(({ role, version }) => [role, version]));
      return () => {
        const renewed = desk.expiries().filter(({ role, version }) => version > (before.get(role) ?? 0));
        return {
          json: {
            renewed: renewed.map(({ role, expiresAt }) => ({
              role,
              expires: new Date(expiresAt).toISOString(),
            })),
          },
          lines: renewed.map(
            ({ role, expiresAt }) => `${role} holds until ${new Date(expiresAt).toISOString().slice(0, 10)}`,
          ),
        };
      };
    }),
  );

  add('ceremony', 'Split the root key among several people, some of whom must sign together.', [
    ['keys ceremony --shares 3 --threshold 2 /media/root', 'three folders in that one'],
    ['keys ceremony --threshold 2 /media/a /media/b /media/c', 'one folder for each'],
  ])
    .argument('<dirs...>', 'one folder, or one for each share')
    .option('--shares <n>', 'how many keys', number, 3)
    .option('--threshold <n>', 'how many of them must sign', number, 2)
    .action((dirs: string[], options: Common & { shares: number; threshold: number }, self: Command) => {
      const { shares, threshold } = options;
      if (dirs.length !== 1 && dirs.length !== shares)
        throw new UsageError('folders-and-shares', `${shares} shares need one folder, or ${shares} of them`, {
          hint: `Name ${shares} folders, or set --shares ${dirs.length}.`,
        });
      if (threshold > shares || shares > 9)
        throw new UsageError('threshold-too-high', `${threshold} of ${shares} can never sign`, {
          hint: 'At most 9 shares, and a threshold no higher than their number; 2 of 3 suits most.',
        });
      const own =
        dirs.length === shares
          ? dirs
          : Array.from({ length: shares }, (_, at) => join(dirs[0] ?? '', `share-${at + 1}`));
      return withDesk(self, options, deps, {}, ({ desk }) => {
        const files = desk.holdCeremony(own, threshold, options.keys ?? []);
        return {
          json: { shares: files, threshold },
          lines: [
            ...files.map((file, at) => `Share ${at + 1}: ${file}`),
            `Any ${threshold} of these ${shares} sign for the root from now on; the old root key is void, and gone from this server.`,
            'Give each share to another person, on a stick of its own, and let no two lie in one place. With more than ' +
              `${shares - threshold} lost, the name of this desk cannot be kept.`,
          ],
        };
      });
    });

  add('sign-removals', 'Confirm many removals with a signature, so that followers obey them.', [
    ['keys sign-removals --keys /media/stick', 'with the targets key on the stick'],
  ]).action((options: Common, self: Command) =>
    withDesk(self, options, deps, { signRemovals: true }, ({ desk, store }) => {
      const removals = store.log.removalsSince(systemClock.now() - 7 * 86_400_000).length;
      desk.requireKeys('targets', options.keys ?? []);
      return () => {
        for (const { id, kind } of store.decisions.open())
          if (kind === 'sign-removals') store.decisions.settle(id, 'accept', systemClock.now());
        const size = store.desk.get()?.size ?? 0;
        return {
          json: { size, removals },
          lines: [
            `Signed for the log’s first ${size} entries; ${removals} removals are of the last seven days.`,
          ],
        };
      };
    }),
  );
}

function number(text: string): number {
  if (!/^[1-9]$/.test(text)) throw new InvalidArgumentError('not a number from 1 to 9.');
  return Number(text);
}

/** Opens the desk as its one writer, does `work`, publishes, and prints the report. */
async function withDesk(
  self: Command,
  options: Common,
  deps: CliDeps,
  extra: PublishExtra,
  work: (given: { desk: Desk; store: Store; config: Config }) => Report | (() => Report),
): Promise<void> {
  await withEngine(self, deps, async ({ desk, store }, config) => {
    if (desk === null)
      throw new UsageError('no-desk', 'this node signs nothing, so it has no keys', {
        hint: 'It signs where it takes from publishers and desk.enabled is true.',
      });
    desk.open();
    // What was not signed yet is signed first, so that every role has a version to change.
    await published(desk, { away: options.keys ?? [] });
    const done = work({ desk, store, config });
    await published(desk, { ...extra, away: options.keys ?? [] });
    const report = typeof done === 'function' ? done() : done;
    deps.stdout.write(
      options.json === true ? `${JSON.stringify(report.json)}\n` : `${report.lines.join('\n')}\n`,
    );
  });
}

async function published(desk: Desk, extra: PublishExtra): Promise<void> {
  const result = await desk.publish(undefined, extra);
  if (result.kind === 'failed')
    throw new TamizdatError('publish-failed', result.reason, {
      hint: 'What was changed is kept, and is put into the tree by the next pass that can sign.',
    });
}
