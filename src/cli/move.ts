import type { Command } from 'commander';
import type { Config } from '../config/config.js';
import { fetchSettings } from '../config/fetch-settings.js';
import { systemClock } from '../domain/clock.js';
import { TamizdatError, UsageError } from '../domain/errors.js';
import type { Fetcher } from '../domain/fetcher.js';
import { MIRROR_MOVE, parseMirrorMove } from '../domain/mirror-move.js';
import { publicMirrorUrl } from '../fetch/public-mirror-url.js';
import { createLog } from '../observe/log.js';
import type { Store } from '../store/store.js';
import type { CliDeps } from './cli-deps.js';
import { withEngine } from './engine-task.js';
import { addExamples } from './examples.js';
import { trustedOf } from './trusted.js';

interface MoveOptions {
  announce?: true;
  cancel?: true;
  check: boolean;
  json?: true;
}

/** `move URL`: tells readers and their programs of this mirror's new address, after looking whether it stands there. */
export function register(program: Command, deps: CliDeps): void {
  const command = program
    .command('move')
    .description('Tell readers and feed readers about a new address of this mirror.')
    .argument('[url]', 'the new public address; without it, show what is announced')
    .option('--announce', 'announce only: the old address still serves its feeds')
    .option('--cancel', 'withdraw the announcement')
    .option('--no-check', 'announce it even if it does not answer yet')
    .option('--json', 'print JSON')
    .action(async (url: string | undefined, options: MoveOptions, self: Command) => {
      await move(url, options, self, deps);
    });
  addExamples(command, [
    ['move --announce https://new.example/', 'before a block: a line on every page, an entry in every feed'],
    ['move https://new.example/', 'the same, and feeds at the old address lead to the new one'],
    ['move --cancel', 'take it back'],
  ]);
}

async function move(
  text: string | undefined,
  options: MoveOptions,
  self: Command,
  deps: CliDeps,
): Promise<void> {
  await withEngine(self, deps, async (engine, config) => {
    if (options.cancel) engine.sync.addresses.announceMove(null, false);
    else if (text !== undefined) {
      const to = publicUrl(text, config);
      if (options.check) await checkAddress(to, engine.store, config, deps);
      engine.sync.addresses.announceMove(to, options.announce !== true);
    }
    if (options.cancel || text !== undefined) await renderSome(engine.sync.render);
    report(engine.store, options, deps);
  });
}

/** @throws UsageError where the address may not be made public */
export function publicUrl(text: string, config: Config): string {
  const found = publicMirrorUrl(text, config.fetch.allow);
  if ('url' in found) return found.url;
  throw new UsageError('mirror-address', `${text}: ${found.problem}`, {
    hint: 'Public addresses are https, onion, ipfs or ipns. `tamizdat mirrors card` hands private ones over.',
  });
}

/** What is out of date after a move is the whole tree: as much as fits into a short wait is rendered here, the rest by the next pass. */
async function renderSome(render: (options: { signal: AbortSignal }) => Promise<number>): Promise<void> {
  await render({ signal: AbortSignal.timeout(RENDER_MS) });
}
const RENDER_MS = 20_000;

/** @throws TamizdatError where nothing answers there, or another mirror does */
async function checkAddress(to: string, store: Store, config: Config, deps: CliDeps): Promise<void> {
  const log = createLog({ ...config.log, write: (line) => deps.stderr.write(line) }, { clock: systemClock });
  const { createFetcher } = await import('../fetch/fetcher.js');
  const fetcher = createFetcher({ ...fetchSettings(config), politenessMs: 0 }, { clock: systemClock, log });
  try {
    const ours = store.publishers.active().map((publisher) => publisher.id);
    const theirs = await publishersAt(to, fetcher);
    const missing = ours.filter((id) => !theirs.includes(id));
    if (missing.length === 0) return await checkSignature(to, store, config);
    throw new TamizdatError('move-other-mirror', `${to} answers, but does not carry ${missing.join(', ')}`, {
      hint: 'Let the new node catch up first (restore a backup there, or join this one), then try again; --no-check announces it all the same.',
    });
  } finally {
    await fetcher.close();
  }
}

/** @throws TamizdatError where the tree there is not the one that this node signs or follows: a name can be bought, a key cannot. */
async function checkSignature(to: string, store: Store, config: Config): Promise<void> {
  const trusted = trustedOf(store);
  if (trusted.length === 0) return;
  const { verifyMirror } = await import('../replicate/verify-mirror.js');
  const { fileFetcherOf } = await import('../node/follower.js');
  const deps = { fetcher: fileFetcherOf(config), now: Date.now() };
  let why: string | null = null;
  for (const from of trusted) {
    const { verdict, reason } = await verifyMirror(to, from, deps);
    if (verdict !== 'lies' && verdict !== 'unproved') return;
    why ??= reason;
  }
  throw new TamizdatError('move-unproved', `${to} answers, and its signed tree is not this node's: ${why}`, {
    hint: 'Start the new node with a backup that has the keys, or let it join this one, so that it serves the same signed tree; --no-check announces it all the same.',
  });
}

/** Publishers that the mirror at `base` says it carries. */
async function publishersAt(base: string, fetcher: Fetcher): Promise<string[]> {
  const url = new URL('api/v1/publishers.json', base);
  const outcome = await fetcher.fetch({ url: url.href, expect: 'json', hosts: [url.hostname] });
  if (outcome.kind !== 'fetched') {
    const detail = 'detail' in outcome ? `: ${outcome.detail}` : '';
    throw new TamizdatError(
      'move-no-answer',
      `${base} does not answer as a mirror (${outcome.kind}${detail})`,
      {
        hint: 'Start the new node and open its address in a browser; then try again. --no-check announces it all the same.',
        retryable: true,
      },
    );
  }
  try {
    const { publishers } = JSON.parse(new TextDecoder().decode(outcome.body)) as {
      publishers: { id: unknown }[];
    };
    return publishers.map((publisher) => String(publisher.id));
  } catch {
    throw new TamizdatError('move-no-mirror', `${base} answers, but is no mirror of this kind`, {
      hint: 'Is another program listening there? The new node must serve at exactly this address.',
    });
  }
}

function report(store: Store, options: MoveOptions, deps: CliDeps): void {
  const move = parseMirrorMove(store.meta.get(MIRROR_MOVE));
  if (options.json) {
    const json = move === null ? null : { ...move, announcedAt: new Date(move.announcedAt).toISOString() };
    deps.stdout.write(`${JSON.stringify(json)}\n`);
    return;
  }
  if (move === null) deps.stdout.write('No new address is announced.\n');
  else {
    deps.stdout.write(`Announced on every page and in every feed: ${move.to}\n`);
    deps.stdout.write(
      move.redirects
        ? 'Feeds at the old address lead there for good.\n'
        : 'Feeds at the old address still answer; `tamizdat move URL` makes them lead there.\n',
    );
  }
  const left = store.dirty.count();
  if (left > 0)
    deps.stdout.write(`${left} groups of pages are still to be rendered: the next pass goes on.\n`);
}
