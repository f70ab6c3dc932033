import { afterEach, describe, expect, it } from 'vitest';
import { writeMirrorCard } from '../../src/sign/mirror-card.js';
import { type MirrorServer, startMirror } from '../support/mirror-server.js';
import { deskWith, type Tree } from '../support/test-desk.js';
import { createTestFollower } from '../support/test-follower.js';

const START = Date.UTC(2026, 10, 1) / 1_000;
const DAY_MS = 86_400_000;

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

const below = (folder: string, tree: Tree): Tree =>
  new Map([...tree].map(([path, bytes]) => [`${folder}${path}`, bytes]));

async function mirrorOf(tree: Tree): Promise<MirrorServer> {
  const mirror = await startMirror(tree);
  open.push(mirror);
  return mirror;
}

describe('where a follower finds a tree', () => {
  it('looks below /signed/ where the address is that of a node, and keeps to it', async () => {
    const desk = deskWith(4, START);
    const mirror = await mirrorOf(below('signed/', desk.tree));
    const follower = createTestFollower(desk, [mirror]);
    open.push(follower);
    expect(await follower.pass()).toMatchObject({ outcome: 'news', fresh: 4, missing: 0 });
    expect(mirror.asked.filter((path) => !path.startsWith('signed/'))).toHaveLength(1);
  });

  it('asks the private addresses of a card as peers, and no longer once the card is old', async () => {
    const desk = deskWith(4, START);
    const first = await mirrorOf(desk.tree);
    const hidden = await mirrorOf(below(`signed/${desk.state.repository}/`, desk.tree));
    const follower = createTestFollower(desk, [first], {
      env: { TAMIZDAT_FETCH_ALLOW: '127.0.0.1:1' },
    });
    open.push(follower);
    await follower.pass();
    const key = desk.keys.mirrors[0];
    if (key === undefined) throw new Error('no mirrors key');
    const expiresAt = follower.clock.now() + 3 * DAY_MS;
    const card = { repository: desk.state.repository, expires: expiresAt / 1_000, urls: [hidden.url] };
    follower.store.mirrors.keepCard({
      card: writeMirrorCard(card, key),
      repository: card.repository,
      urls: card.urls,
      expiresAt,
      addedAt: follower.clock.now(),
    });
    await follower.pass();
    const cardPeers = () => follower.peers().filter(({ origin }) => origin === 'card');
    expect(cardPeers().map(({ address }) => address)).toEqual([`${hidden.url}signed/${card.repository}/`]);
    expect(JSON.stringify(follower.store.replicas.files(follower.replica().id).map(String))).not.toContain(
      hidden.pair,
    );
    desk.advance((4 * DAY_MS) / 1_000);
    desk.publish();
    await follower.pass();
    expect(cardPeers()).toEqual([]);
  });
});
