import type { Command } from 'commander';
import { systemClock } from '../domain/clock.js';
import { UsageError } from '../domain/errors.js';
import type { Store } from '../store/store.js';
import type { CliDeps } from './cli-deps.js';
import { addExamples } from './examples.js';
import { findArticle } from './find-article.js';
import { mirrorOf } from './mirror-of.js';
import { nodeSettings } from './settings.js';
import { renderTable } from './table.js';

const pathOf = (publisherId: string, stableId: string): string => `/${publisherId}/a${stableId}/`;

/** `pin add|remove URL`, `pin list`: articles that stay whatever retention says. Exit code 2 for one this node does not keep. */
export function register(parent: Command, deps: CliDeps): void {
  /** The command's config, and the store it writes pins into, beside a pass too. */
  const withStore = async (self: Command, work: (store: Store) => void): Promise<void> => {
    const config = nodeSettings(self, deps);
    const { openTree } = await import('../node.js');
    // Fails where no node has run yet, which only a reader notices.
    openTree(config, true).store.close();
    const { store } = openTree(config, false);
    try {
      work(store);
    } finally {
      store.close();
    }
  };

  for (const verb of ['add', 'remove'] as const) {
    const command = parent
      .command(verb)
      .description(
        verb === 'add' ? 'Keep an article whatever its age.' : 'Let an article expire like any other again.',
      )
      .argument('<url>', "the original's address, or its path on a mirror")
      .option('--json', 'print JSON')
      .action(async (address: string, options: { json?: true }, self: Command) => {
        const { publishers } = await mirrorOf(nodeSettings(self, deps));
        await withStore(self, (store) => {
          const article = findArticle(store, publishers, address);
          if (article === null)
            throw new UsageError('pin-unknown', `this node keeps no article at ${address}`, {
              hint: 'Give the original’s address, or its path on a mirror such as /moscow-times/a89514/.',
            });
          const { publisherId, stableId } = article;
          const changed =
            verb === 'add'
              ? store.pins.add(publisherId, stableId, systemClock.now())
              : store.pins.remove(publisherId, stableId);
          const path = pathOf(publisherId, stableId);
          const word = verb === 'add' ? 'pinned' : 'not pinned';
          if (options.json)
            deps.stdout.write(
              `${JSON.stringify({ path, url: article.url, pinned: verb === 'add', changed })}\n`,
            );
          else deps.stdout.write(`${path} ${changed ? 'is now' : 'was already'} ${word}: ${article.title}\n`);
        });
      });
    addExamples(command, [
      [`pin ${verb} /moscow-times/a89514/`, 'by its path on any mirror'],
      [`pin ${verb} https://www.themoscowtimes.com/2026/11/20/any-words-a89514`, "by the original's address"],
    ]);
  }

  const list = parent
    .command('list')
    .description('List pinned articles.')
    .option('--json', 'print JSON')
    .action((options: { json?: true }, self: Command) =>
      withStore(self, (store) => {
        const pins = store.pins.all().map(({ publisherId, stableId, pinnedAt }) => {
          const article = store.articles.find(publisherId, { stableId, guid: null, url: null });
          const kept = article !== null && article.prunedAt === null;
          return {
            path: pathOf(publisherId, stableId),
            pinned: new Date(pinnedAt).toISOString(),
            title: kept ? article.title : null,
          };
        });
        if (options.json) deps.stdout.write(`${JSON.stringify(pins)}\n`);
        else if (pins.length === 0)
          deps.stdout.write('No article is pinned. `tamizdat pin add URL` pins one.\n');
        else
          deps.stdout.write(
            renderTable(
              ['PATH', 'PINNED', 'TITLE'],
              pins.map(({ path, pinned, title }) => [path, pinned.slice(0, 10), title ?? '(not here)']),
              deps.stdout,
              deps.env,
            ),
          );
      }),
    );
  addExamples(list, [['pin list', 'path, since when, headline']]);
}
