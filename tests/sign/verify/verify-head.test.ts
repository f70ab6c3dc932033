import { describe, expect, it } from 'vitest';
import { appendLeaf, leafHash } from '../../../src/sign/merkle.js';
import { joinRoot } from '../../../src/sign/verify/join-root.js';
import type { TreeState } from '../../../src/sign/verify/tree-state.js';
import { type VerifiedHead, verifyHead } from '../../../src/sign/verify/verify-head.js';
import { createTestDesk, deskWith, type TestDesk, type Tree } from '../../support/test-desk.js';

const START = Date.UTC(2026, 10, 1) / 1_000;

const readerOf = (tree: Tree) => async (path: string) => tree.get(path) ?? null;

/** A client that joined this desk, or anything served in its name. */
async function joined(desk: TestDesk) {
  let { state } = await joinRoot(desk.pin(), readerOf(desk.tree), desk.state.clock * 1_000);
  const look = (tree: Tree = desk.tree, now = desk.state.clock * 1_000): Promise<VerifiedHead> =>
    verifyHead(tree.get('head.json') as Buffer, state, readerOf(tree), now);
  const take = async (tree: Tree = desk.tree): Promise<VerifiedHead> => {
    const head = await look(tree);
    state = advanced(state, head, desk);
    return head;
  };
  return { look, take };
}

function advanced(state: TreeState, head: VerifiedHead, desk: TestDesk): TreeState {
  const { root, timestamp, snapshot, targets, edition, note } = head;
  const fresh = desk.entries.slice(state.frontier.size, head.checkpoint.size);
  const frontier = fresh.reduce((grown, entry) => appendLeaf(grown, leafHash(entry)), state.frontier);
  return { ...state, root, timestamp, snapshot, targets, edition, checkpoint: note, frontier };
}

/** A root of the same content whose signatures still are enough, as somebody without a key can write it. */
function rewritten(root: Buffer, change: (signatures: unknown[]) => unknown[]): Buffer {
  const { signatures, signed } = JSON.parse(root.toString('utf8'));
  return Buffer.from(JSON.stringify({ signatures: change(signatures), signed }));
}

describe('a head', () => {
  it('holds where every signature, hash and entry below it does', async () => {
    const desk = deskWith(12, START);
    const client = await joined(desk);
    const head = await client.take();
    expect(head.checkpoint.size).toBe(13);
    expect(head.tail.entries).toHaveLength(8);
    expect(head.isNewer).toBe(true);
    expect(head.issuedAt).toBe(START * 1_000);
    expect((await client.look()).isNewer).toBe(false);
  });

  it('goes on over publishes, heartbeats, new targets and new roots', async () => {
    const desk = deskWith(3, START);
    const client = await joined(desk);
    await client.take();
    desk.advance(600);
    desk.add('p', desk.articleBlob('later'));
    desk.publish();
    expect((await client.take()).checkpoint.size).toBe(5);
    desk.heartbeat();
    expect((await client.take()).isNewer).toBe(true);
    desk.publishRoot();
    desk.publishRoot();
    desk.publishTargets();
    desk.publish();
    expect(await client.take()).toMatchObject({ rootVersion: 3, versions: { targets: 2 } });
  });

  it('joins by any root of the chain', async () => {
    const desk = createTestDesk(START);
    const second = desk.publishRoot();
    desk.publishRoot();
    desk.publishTargets();
    desk.card('test-news');
    desk.publish();
    const { createHash } = await import('node:crypto');
    const { state, roots } = await joinRoot(
      createHash('sha256').update(second).digest(),
      readerOf(desk.tree),
      START * 1_000,
    );
    expect(roots.map(({ version }) => version)).toEqual([1, 2]);
    const head = await verifyHead(
      desk.tree.get('head.json') as Buffer,
      state,
      readerOf(desk.tree),
      START * 1_000,
    );
    expect(head.rootVersion).toBe(3);
  });

  it('has roots that nobody without their keys can write another way', async () => {
    // A follower that took one would pass on a root that no trust string names, and be called a liar for it.
    const desk = deskWith(1, START);
    const client = await joined(desk);
    const generous = desk.copy();
    generous.publishRoot({}, generous.keys.root);
    generous.publish();
    const root = desk.publishRoot();
    desk.publish();
    const withRoot = (change: (signatures: unknown[]) => unknown[]) =>
      new Map(desk.tree).set('tuf/2.root.json', rewritten(root, change));
    await expect(client.look(generous.tree)).rejects.toMatchObject({ name: 'MalformedMetadata' });
    await expect(client.look(withRoot((all) => all.reverse()))).rejects.toMatchObject({
      name: 'MalformedMetadata',
    });
    await expect(client.look(withRoot((all) => all.slice(1)))).rejects.toMatchObject({
      name: 'ForgedSignature',
    });
    expect((await client.look(withRoot((all) => all))).rootVersion).toBe(2);
  });

  it('is of another repository where no root is the one that was pinned', async () => {
    const [desk, other] = [deskWith(1, START), deskWith(1, START)];
    await expect(joinRoot(desk.pin(), readerOf(other.tree), START * 1_000)).rejects.toMatchObject({
      name: 'ForeignTree',
    });
  });

  it('may be looked at as of its own time, long after it expired', async () => {
    const desk = deskWith(2, START);
    const client = await joined(desk);
    const late = (START + 400 * 86_400) * 1_000;
    await expect(client.look(desk.tree, late)).rejects.toMatchObject({ name: 'FreezeAttack' });
    expect((await client.look(desk.tree, START * 1_000)).checkpoint.size).toBe(3);
  });
});
