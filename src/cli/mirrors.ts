import type { Command } from 'commander';
import { TamizdatError } from '../domain/errors.js';
import { MOST_MIRRORS } from '../sign/mirrors-document.js';
import type { CliDeps } from './cli-deps.js';
import { withEngine } from './engine-task.js';
import { addExamples } from './examples.js';
import { registerCards } from './mirror-cards.js';
import { registerCheck } from './mirrors-check.js';
import { publicUrl } from './move.js';
import { openForReading } from './open-for-reading.js';
import { renderTable } from './table.js';

/** `mirrors list|publish|unpublish|card|add|check`: where else this tree can be read, publicly and from hand to hand. */
export function register(parent: Command, deps: CliDeps): void {
  const list = parent
    .command('list')
    .description('List the public addresses of this mirror, and how many cards it holds.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }, self: Command) => {
      const { store } = await openForReading(self, deps);
      try {
        const urls = store.mirrors.publicUrls();
        const cards = store.mirrors.cards(Date.now()).length;
        if (options.json) deps.stdout.write(`${JSON.stringify({ public: urls, cards })}\n`);
        else {
          if (urls.length === 0)
            deps.stdout.write('No public address is listed: `tamizdat mirrors publish URL` adds one.\n');
          else
            deps.stdout.write(
              renderTable(
                ['PUBLIC ADDRESS'],
                urls.map((url) => [url]),
                deps.stdout,
                deps.env,
              ),
            );
          if (cards > 0)
            deps.stdout.write(`${cards} of the 3 cards there is room for, their addresses private.\n`);
        }
      } finally {
        store.close();
      }
    });
  addExamples(list, [['mirrors list', 'what /mirrors/ shows']]);

  const publish = parent
    .command('publish')
    .description('Put public addresses into the signed list that everybody can read.')
    .argument('<url...>', 'https, an onion service, or ipfs')
    .option('--json', 'print JSON')
    .action(async (texts: string[], options: { json?: true }, self: Command) => {
      await withEngine(self, deps, async (engine, config) => {
        const urls = texts.map((text) => publicUrl(text, config));
        const told: { url: string; new: boolean }[] = [];
        for (const url of urls) {
          const result = engine.sync.addresses.publish(url);
          if (result.kind === 'too-many') throw tooMany(url);
          told.push({ url, new: result.kind === 'listed' });
        }
        await engine.sync.render();
        if (options.json) deps.stdout.write(`${JSON.stringify(told)}\n`);
        else {
          for (const one of told)
            deps.stdout.write(`${one.new ? 'Listed' : 'Was listed before'}: ${one.url}\n`);
          deps.stdout.write(
            engine.desk === null
              ? 'Shown on /mirrors/ of this node. It signs no list: it follows others.\n'
              : 'The signed list follows with the next pass.\n',
          );
        }
      });
    });
  addExamples(publish, [
    ['mirrors publish https://second.example/', 'shown on /mirrors/ and in /sites.json'],
  ]);

  const unpublish = parent
    .command('unpublish')
    .description('Take addresses out of the public list.')
    .argument('<url...>', 'as `mirrors list` shows them')
    .option('--json', 'print JSON')
    .action(async (texts: string[], options: { json?: true }, self: Command) => {
      await withEngine(self, deps, async (engine) => {
        for (const text of texts) {
          if (!engine.sync.addresses.unpublish(text) && !engine.sync.addresses.unpublish(`${text}/`))
            throw notListed(text);
          if (!options.json) deps.stdout.write(`No longer listed: ${text}\n`);
        }
        await engine.sync.render();
        if (options.json) deps.stdout.write(`${JSON.stringify(texts)}\n`);
      });
    });
  addExamples(unpublish, [['mirrors unpublish https://second.example/', 'after it was blocked']]);

  registerCards(parent, deps);
  registerCheck(parent, deps);
}

const tooMany = (url: string): TamizdatError =>
  new TamizdatError(
    'mirrors-full',
    `${url} was not listed: the public list holds ${MOST_MIRRORS} addresses`,
    {
      hint: 'A longer list would help the censor more than the reader. Hand others over with `tamizdat mirrors card`.',
    },
  );

const notListed = (url: string): TamizdatError =>
  new TamizdatError('mirror-not-listed', `${url} is not in the public list`, {
    hint: '`tamizdat mirrors list` shows what is.',
  });
