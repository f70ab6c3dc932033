import type { Command } from 'commander';
import type { Publisher } from '../domain/publisher.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { knownPublishers } from './mirror-of.js';
import { settingsOf } from './settings.js';
import { renderTable } from './table.js';

const HEADINGS = ['ID', 'MIRRORED', 'LANG', 'PUBLISH', 'RIGHTS', 'VERIFIED', 'NAME'];

const nameOf = ({ names, language, id }: Publisher) => names[language] ?? names.en ?? id;

function asJson(publisher: Publisher, mirrored: boolean) {
  const { id, names, language, homepage, sources, publish, rights, designations, verifiedAt } = publisher;
  return {
    id,
    mirrored,
    names,
    language,
    homepage,
    sources: sources.map(({ kind, url, text, role }) => ({ kind, url, text, role })),
    publish,
    rights,
    designations,
    verifiedAt,
  };
}

/** `publishers list`: whom this node knows, and what is known of them. */
export function register(parent: Command, deps: CliDeps): void {
  const command = parent
    .command('list')
    .description('List the publishers this node knows: ours, and yours in <home>/publishers.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }, self: Command) => {
      const { known: byId, asked } = await knownPublishers(settingsOf(self, deps).config);
      const known = [...byId.values()];
      const isMirrored = ({ id }: Publisher) => asked.includes(id);
      if (options.json) {
        deps.stdout.write(`${JSON.stringify(known.map((one) => asJson(one, isMirrored(one))))}\n`);
        return;
      }
      const rows = known.map((one) => [
        one.id,
        isMirrored(one) ? 'yes' : '-',
        one.language,
        one.publish,
        one.rights.basis === 'none-recorded' ? 'none' : one.rights.basis,
        one.verifiedAt ?? 'never',
        nameOf(one),
      ]);
      deps.stdout.write(renderTable(HEADINGS, rows, deps.stdout, deps.env));
      if (asked.length === 0)
        deps.stdout.write(
          '\nThis node asks none of them: its news comes from the nodes that `tamizdat peers` shows.\n',
        );
      const unverified = known.filter(({ verifiedAt }) => verifiedAt === null).length;
      if (unverified > 0) {
        deps.stdout.write(
          `\n${unverified} of ${known.length} never verified: nobody has seen their sources answer as described.\n` +
            'Look before you rely on one: tamizdat publishers check ID\n',
        );
      }
    });
  addExamples(command, [
    ['publishers list', 'a table'],
    ['publishers list --json', 'all that is known of each'],
    ['publishers list --home /srv/mirror', 'with the files in /srv/mirror/publishers'],
  ]);
}
