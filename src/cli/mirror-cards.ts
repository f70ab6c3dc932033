import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { renderSVG, renderUnicodeCompact } from 'uqr';
import type { Config } from '../config/config.js';
import { parseDurationMs } from '../config/units.js';
import { TamizdatError, UsageError } from '../domain/errors.js';
import { readKeys } from '../sign/keyring.js';
import { isSignedCard, MOST_CARD_URLS, parseMirrorCard, writeMirrorCard } from '../sign/mirror-card.js';
import { mirrorKeysOf } from '../sign/mirror-keys.js';
import type { Store } from '../store/store.js';
import type { CliDeps } from './cli-deps.js';
import { withEngine } from './engine-task.js';
import { addExamples } from './examples.js';
import { readAll } from './inspect-input.js';
import { openForReading } from './open-for-reading.js';

/** A card that outlives a mirror misleads: mirrors last a month on average (public lists, 2026). */
const LONGEST_MS = 90 * 86_400_000;

interface CardOptions {
  expires: string;
  svg?: string;
  json?: true;
}

/** `mirrors card` and `mirrors add`: private addresses, signed, from hand to hand. The program itself never sends one. */
export function registerCards(parent: Command, deps: CliDeps): void {
  const card = parent
    .command('card')
    .description('Make a signed card of addresses to hand to somebody: text, and a QR code.')
    .argument('<url...>', `up to ${MOST_CARD_URLS} addresses, private ones too`)
    .option('--expires <time>', 'how long it is valid, at most 90d', '14d')
    .option('--svg <file>', 'also write the QR code as an SVG picture')
    .option('--json', 'print JSON')
    .action(async (urls: string[], options: CardOptions, self: Command) => {
      const { config, store } = await openForReading(self, deps);
      try {
        const note = makeCard(urls, options, config, store);
        if (options.svg !== undefined) writeFileSync(options.svg, renderSVG(note, { ecc: 'L' }));
        if (options.json) deps.stdout.write(`${JSON.stringify({ card: note })}\n`);
        else {
          deps.stdout.write(`${note}\n`);
          deps.stdout.write(`${renderUnicodeCompact(note, { ecc: 'L', border: 2 })}\n\n`);
          deps.stdout.write('Whoever gets it types `tamizdat mirrors add`. It is kept nowhere here.\n');
        }
      } finally {
        store.close();
      }
    });
  addExamples(card, [
    ['mirrors card https://leaf.example/ink/', 'good for 14 days'],
    ['mirrors card --expires 3d --svg card.svg https://leaf.example/ink/', 'and a picture to print'],
  ]);

  const add = parent
    .command('add')
    .description('Add a card: its addresses are asked for news too, and shown to nobody.')
    .argument('[card]', 'a file with the card, or - for standard input', '-')
    .option('--json', 'print JSON')
    .action(async (source: string, options: { json?: true }, self: Command) => {
      if (source === '-' && deps.stdin.isTTY) deps.stderr.write('Paste the card, then press Ctrl-D.\n');
      const note = cardIn((source === '-' ? await readAll(deps.stdin) : readCard(source)).toString('utf8'));
      await withEngine(self, deps, (engine) => {
        const taken = takeCard(note, engine.store);
        const until = new Date(taken.expires * 1_000).toISOString();
        if (options.json) deps.stdout.write(`${JSON.stringify({ ...taken, expires: until })}\n`);
        else {
          deps.stdout.write(
            `Taken: ${taken.urls.length} ${taken.urls.length === 1 ? 'address' : 'addresses'} of ${taken.repository}, good until ${until.slice(0, 10)}.\n`,
          );
        }
      });
    });
  addExamples(add, [
    ['mirrors add card.txt', 'a saved card'],
    ['mirrors add < card.txt', 'the same from standard input'],
  ]);
}

/** @throws UsageError for what makes no card, TamizdatError where this node signs nothing or the key is away */
function makeCard(urls: readonly string[], { expires }: CardOptions, { home }: Config, store: Store): string {
  const lifeMs = parseDurationMs(expires);
  if (lifeMs === null || lifeMs < 60_000 || lifeMs > LONGEST_MS)
    throw new UsageError(
      'card-life',
      `--expires ${expires}: allowed: a duration from 1m to 90d, such as 14d`,
    );
  const desk = store.desk.get();
  const targets = store.signedFiles.current('targets');
  if (desk === null || targets === null)
    throw new TamizdatError('card-no-desk', 'this node signs nothing, so it can make no card', {
      hint: 'A card is signed by the desk whose news the addresses carry. Start `tamizdat serve` once, or ask the desk for a card.',
    });
  const allowed = mirrorKeysOf(targets.bytes);
  const key = readKeys([join(home, 'keys')]).find((one) =>
    allowed.some((bytes) => one.publicBytes.equals(bytes)),
  );
  if (key === undefined)
    throw new TamizdatError('card-no-key', `the mirrors key is not in ${join(home, 'keys')}`, {
      hint: 'Bring back the key file from where you keep it, make the card, and take it away again.',
    });
  const card = {
    repository: desk.repository,
    expires: Math.floor((Date.now() + lifeMs) / 1_000),
    urls: urls.map((url) => (URL.canParse(url) ? new URL(url).href : url)),
  };
  const note = writeMirrorCard(card, key);
  if (parseMirrorCard(note) === null)
    throw new UsageError(
      'card-addresses',
      `${urls.join(' ')}: allowed: 1 to ${MOST_CARD_URLS} http(s) addresses without user name, query or fragment`,
    );
  return note;
}

/** The card in what was saved or pasted: `mirrors card` prints its code to scan below it, a message has words around it. */
const cardIn = (text: string): string => /tz1-mirrors\/v1\s[\s\S]*?\n— [^\n]*/.exec(text)?.[0] ?? text;

function readCard(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new UsageError('card-unreadable', `${path} cannot be read`, {
      hint: 'Give a file that holds the card, or - for standard input.',
      cause,
    });
  }
}

/** @throws UsageError for what is no card; TamizdatError where it is of a stranger, forged or too old */
function takeCard(note: string, store: Store) {
  const card = parseMirrorCard(note);
  if (card === null)
    throw new UsageError('card-malformed', 'that is no mirror card', {
      hint: 'It begins with tz1-mirrors/v1 and ends with a line that begins with a long dash. Paste all of it.',
    });
  const keys = trustedMirrorKeys(store, card.repository);
  if (keys === null)
    throw new TamizdatError(
      'card-stranger',
      `the card is of ${card.repository}, which this node does not follow`,
      {
        hint: "Join it first: tamizdat join 'tz1:...', with a trust string from somebody you trust.",
      },
    );
  if (!isSignedCard(note, keys))
    throw new TamizdatError(
      'card-forged',
      'the card is not signed by the desk it names: do not use its addresses',
      {
        hint: 'Was a line lost or changed when it was pasted? Else somebody wants you at another address.',
      },
    );
  if (card.expires * 1_000 <= Date.now())
    throw new TamizdatError(
      'card-expired',
      `the card was good until ${new Date(card.expires * 1_000).toISOString().slice(0, 10)}`,
      {
        hint: 'Ask whoever gave it to you for a new one.',
      },
    );
  store.mirrors.keepCard({
    card: note,
    repository: card.repository,
    urls: card.urls,
    expiresAt: card.expires * 1_000,
    addedAt: Date.now(),
  });
  return card;
}

/** The keys that may sign cards of a repository; null where this node neither signs nor follows it. */
function trustedMirrorKeys(store: Store, repository: string): Uint8Array[] | null {
  const followed = store.replicas.all().find((replica) => replica.repository === repository);
  const targets =
    store.desk.get()?.repository === repository
      ? store.signedFiles.current('targets')
      : followed === undefined
        ? null
        : store.replicas.file(followed.id, 'targets');
  return targets === null ? null : mirrorKeysOf(targets.bytes);
}
