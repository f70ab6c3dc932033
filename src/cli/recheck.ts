import type { Command } from 'commander';
import { TamizdatError, UsageError } from '../domain/errors.js';
import type { Publisher } from '../domain/publisher.js';
import type { StoredArticle } from '../store/article-row.js';
import type { Store } from '../store/store.js';
import type { CliDeps } from './cli-deps.js';
import { withEngine } from './engine-task.js';
import { addExamples } from './examples.js';
import { findArticle } from './find-article.js';
import { mirrorOf } from './mirror-of.js';
import { nodeSettings } from './settings.js';

type Outcome =
  | { kind: 'changed' | 'unchanged' | 'removed' | 'restored' }
  | { kind: 'failed' | 'waiting'; reason: string };

/** How the second look went, told by what it left in the store. */
function outcomeOf(before: StoredArticle, after: StoredArticle): Outcome {
  if (after.state !== before.state) return { kind: after.state === 'live' ? 'restored' : 'removed' };
  if (after.page.missing > before.page.missing)
    return {
      kind: 'waiting',
      reason: 'its page is gone; it counts as removed when it still is at the next look',
    };
  if (after.page.dueAt === NOW_DUE)
    return { kind: 'waiting', reason: 'other pages came first; the next pass goes on' };
  if (after.page.reason !== null) return { kind: 'failed', reason: after.page.reason };
  return { kind: after.revision > before.revision ? 'changed' : 'unchanged' };
}

/** Due before anything else is. */
const NOW_DUE = 0;

/** Looks before anything is opened for writing. @throws UsageError where this node could not recheck it */
function knownArticle(store: Store, publishers: readonly Publisher[], address: string): StoredArticle {
  const found = findArticle(store, publishers, address);
  if (found === null)
    throw new UsageError('recheck-unknown', `this node has no article at ${address}`, {
      hint: 'Give the original’s address, or its path on a mirror such as /moscow-times/a89514/. It must have been synced before.',
    });
  if (publishers.find(({ id }) => id === found.publisherId)?.page.fetch === 'never')
    throw new UsageError(
      'recheck-no-page',
      `pages of ${found.publisherId} are not read: page.fetch is never`,
      {
        hint: `Its feed alone tells what changes: tamizdat sync --publisher ${found.publisherId}`,
      },
    );
  return found;
}

async function recheck(address: string, options: { json?: true }, self: Command, deps: CliDeps) {
  const { openTree } = await import('../node.js');
  const { config, publishers } = await mirrorOf(nodeSettings(self, deps));
  const tree = openTree(config, true);
  let before: StoredArticle;
  try {
    before = knownArticle(tree.store, publishers, address);
  } finally {
    tree.store.close();
  }
  await withEngine(self, deps, async ({ store, sync }) => {
    const { state } = before.page;
    store.work.put(before.id, {
      ...before.page,
      state: state === 'none' ? 'due' : state,
      reason: null,
      tries: 0,
      dueAt: NOW_DUE,
    });
    await sync.pass({ publishers: [before.publisherId], force: true });
    const after = store.articles.get(before.id) ?? before;
    const outcome = outcomeOf(before, after);
    deps.stdout.write(options.json ? asJson(after, outcome) : asText(after, outcome));
    if (outcome.kind === 'failed') throw new TamizdatError('recheck-failed', outcome.reason);
  });
}

const pathOf = ({ publisherId, stableId }: StoredArticle): string => `/${publisherId}/a${stableId}/`;

const asJson = (article: StoredArticle, outcome: Outcome): string =>
  `${JSON.stringify({
    url: article.url,
    path: pathOf(article),
    outcome: outcome.kind,
    reason: 'reason' in outcome ? outcome.reason : null,
    state: article.state,
    revision: article.revision,
  })}\n`;

const asText = (article: StoredArticle, outcome: Outcome): string =>
  `${pathOf(article)} ${outcome.kind}, revision ${article.revision}${'reason' in outcome ? `: ${outcome.reason}` : ''}\n`;

/** `recheck URL`: looks at one article again now. Exit code 1 where its page could not be read, 2 where nobody knows it. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('recheck')
    .description(
      'Check one article at the publisher again now, for a correction, a changed byline or a removal.',
    )
    .argument('<url>', "the original's address, or its path on a mirror")
    .option('--json', 'print JSON')
    .action((address: string, options: { json?: true }, self: Command) =>
      recheck(address, options, self, deps),
    );
  addExamples(command, [
    ['recheck https://www.themoscowtimes.com/2026/11/20/any-words-a89514', "by the original's address"],
    ['recheck /moscow-times/a89514/', 'by its path on this mirror'],
  ]);
}
