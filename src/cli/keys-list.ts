import { join } from 'node:path';
import type { Command } from 'commander';
import { systemClock } from '../domain/clock.js';
import { expiriesOf, type RoleExpiry } from '../publish/expiries.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { nodeSettings } from './settings.js';
import { renderTable } from './table.js';

const HEADINGS = ['ROLE', 'VERSION', 'EXPIRES', 'DAYS LEFT', 'KEYS', 'WHERE'];
const DAY_MS = 86_400_000;

const asJson = ({ role, version, expiresAt, isNear, where, threshold, keys }: RoleExpiry) => ({
  role,
  version,
  expires: new Date(expiresAt).toISOString(),
  near: isNear,
  where,
  threshold,
  keys,
});

/** `keys list`, also `keys status`: each role, when its signature ends, and where its keys are. Exit code 1 where one ends soon. */
export function register(parent: Command, deps: CliDeps): void {
  const command = parent
    .command('list')
    .alias('status')
    .description('List the roles, when their signatures expire, and where their keys are.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }, self: Command) => {
      const config = nodeSettings(self, deps);
      const { followsOnlyIn, openTree } = await import('../node.js');
      const { store } = openTree(config, true);
      try {
        const roles = expiriesOf(store, join(config.home, 'keys'), systemClock.now());
        if (options.json === true)
          deps.stdout.write(
            `${JSON.stringify({ repository: store.desk.get()?.repository ?? null, roles: roles.map(asJson) })}\n`,
          );
        else if (roles.length === 0)
          deps.stdout.write(
            followsOnlyIn(config)
              ? 'This node signs nothing: it follows others, and passes on what they signed.\n'
              : 'This node signs nothing yet: its first sync makes the keys (`desk.enabled`).\n',
          );
        else deps.stdout.write(table(roles, deps) + remarks(roles, join(config.home, 'keys')));
        if (roles.some(({ isNear }) => isNear)) process.exitCode = 1;
      } finally {
        store.close();
      }
    });
  addExamples(command, [
    ['keys list', 'a table, and what to do next'],
    ['keys status --json', 'the same for a program'],
  ]);
}

const daysLeft = (expiresAt: number): number => Math.floor((expiresAt - systemClock.now()) / DAY_MS);

const table = (roles: readonly RoleExpiry[], deps: CliDeps): string =>
  renderTable(
    HEADINGS,
    roles.map(({ role, version, expiresAt, isNear, where, threshold, keys }) => [
      role,
      String(version),
      new Date(expiresAt).toISOString().slice(0, 10),
      `${daysLeft(expiresAt)}${isNear ? '  soon!' : ''}`,
      `${threshold} of ${keys.length}: ${keys.map(({ id }) => id.slice(0, 8)).join(' ')}`,
      where === 'online' ? 'here' : 'away',
    ]),
    deps.stdout,
    deps.env,
  );

/** What the keeper of these keys should do next, the most pressing first. */
function remarks(roles: readonly RoleExpiry[], folder: string): string {
  const here = (name: string): boolean =>
    roles.some(({ role, where }) => role === name && where === 'online');
  const near = roles.filter(({ isNear }) => isNear).map(({ role }) => role);
  const lines = [`The keys that are here lie in ${folder}. Back them up; nobody can make them again.`];
  if (near.length > 0)
    lines.push(
      `Ends soon: ${near.join(', ')}. Run \`tamizdat keys renew\`, with --keys DIR for keys that are away.`,
    );
  if (here('root') || here('targets'))
    lines.push(
      'Root and targets lie beside the online keys: who takes this server takes the name. `tamizdat keys offline DIR` moves them away.',
    );
  return `\n${lines.join('\n')}\n`;
}
