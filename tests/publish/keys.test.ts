import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUICK_FOLDER } from '../support/test-node.js';
import { createTestDesk } from './test-desk.js';

const DAY_MS = 86_400_000;
let desk: ReturnType<typeof createTestDesk>;
let away: string;

beforeEach(async () => {
  desk = createTestDesk();
  away = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-stick-'));
  desk.save(1);
  await desk.publish();
});
afterEach(() => {
  desk.close();
  rmSync(away, { recursive: true, force: true });
});

const expiry = (role: string) => {
  const found = desk.desk.expiries().find((one) => one.role === role);
  if (found === undefined) throw new Error(`no role ${role}`);
  return found;
};
const events = () =>
  desk.logged.map(({ event, fields }) => [event, fields.role].filter((part) => part !== undefined).join(' '));
const rootFile = (version: number) =>
  JSON.parse(readFileSync(join(desk.tree().folder, `tuf/${version}.root.json`), 'utf8'));
const rootOf = (version: number) => rootFile(version).signed;

describe('the keys of a desk', () => {
  it('are made once, for their user’s eyes only, with a note of where they lie and what to do with them', () => {
    expect(statSync(join(desk.home, 'keys')).mode & 0o777).toBe(0o700);
    for (const name of ['root', 'targets', 'edition', 'mirrors', 'snapshot'])
      expect(statSync(join(desk.home, 'keys', `${name}.pem`)).mode & 0o777).toBe(0o600);
    const made = desk.logged.filter(({ event }) => event === 'desk-keys-made');
    expect(made).toHaveLength(1);
    expect(made[0]?.fields).toMatchObject({
      folder: join(desk.home, 'keys'),
      note: expect.stringContaining('keys offline'),
    });
    expect(rootOf(1)['x-single']).toBe(true);
  });

  it('are worth a warning when they are made, but for a demo’s', async () => {
    const levels = ({ logged }: typeof desk) =>
      logged.filter(({ event }) => event === 'desk-keys-made').map(({ level }) => level);
    expect(levels(desk)).toEqual(['warn']);
    const demo = createTestDesk({ isDemo: true });
    demo.save(1);
    await demo.publish();
    expect(levels(demo)).toEqual(['debug']);
    demo.close();
  });

  it('sign again by themselves at half of each role’s life, while they are here', async () => {
    for (let day = 0; day < 300; day += 10) {
      desk.clock.advance(10 * DAY_MS);
      await desk.publish();
      for (const { isNear } of desk.desk.expiries()) expect(isNear).toBe(false);
    }
    expect(expiry('root').version).toBe(2);
    expect(expiry('targets').version).toBeGreaterThanOrEqual(4);
    expect(desk.tree().size).toBe(2);
    expect(events()).not.toContain('signature-expires root');
  });

  it('that are away are asked for in time, and renew from where they lie', async () => {
    expect(desk.desk.moveOffline(away)).toEqual([join(away, 'root.pem'), join(away, 'targets.pem')]);
    expect(existsSync(join(desk.home, 'keys/root.pem'))).toBe(false);
    expect(expiry('targets').where).toBe('away');
    desk.clock.advance(130 * DAY_MS);
    desk.save(2);
    await desk.publish();
    expect(events()).not.toContain('signature-expires targets');
    desk.clock.advance(10 * DAY_MS);
    await desk.publish();
    expect(events()).toContain('signature-expires targets');
    const { version } = expiry('targets');
    expect(await desk.desk.publish(undefined, { away: [away], renew: ['targets', 'root'] })).toMatchObject({
      kind: 'published',
    });
    expect([expiry('targets').version, expiry('targets').isNear]).toEqual([version + 1, false]);
    expect(desk.tree().size).toBe(3);
  });

  it.each(['edition', 'mirrors', 'snapshot', 'targets', 'root'])(
    'of %s give way to new ones, in a chain that holds',
    async (role) => {
      const { keys } = expiry(role);
      const [change] = desk.desk.replaceKeys(role, null, []);
      desk.clock.advance(1_000);
      desk.save(2);
      await desk.publish();
      expect(change?.before).toBe(keys[0]?.id);
      expect(expiry(role).keys).toEqual([
        { id: change?.after, file: join(desk.home, 'keys', `${role}.pem`) },
      ]);
      expect(desk.tree().size).toBe(3);
      if (role === 'snapshot') expect(expiry('timestamp').keys[0]?.id).toBe(change?.after);
    },
  );

  it('change nothing where the key that must agree is away', async () => {
    desk.desk.moveOffline(away);
    for (const role of ['edition', 'snapshot', 'root'])
      expect(() => desk.desk.replaceKeys(role, null, [])).toThrow(
        /must be signed with 1 (?:targets|root) key, and 0/,
      );
    expect(() => desk.desk.replaceKeys('nonsense', null, [])).toThrow(/neither a role nor the id of one key/);
    expect(() => desk.desk.moveOffline(join(desk.home, 'keys'))).toThrow(/where the keys lie already/);
    const before = expiry('edition');
    expect(await desk.desk.publish()).toEqual({ kind: 'nothing-new' });
    expect(expiry('edition')).toEqual(before);
  });

  it('of the root in three shares sign by two, and one lost share is replaced by the two others', async () => {
    const shares = [1, 2, 3].map((one) => join(away, `share-${one}`));
    desk.desk.holdCeremony(shares, 2, []);
    await desk.publish();
    expect(existsSync(join(desk.home, 'keys/root.pem'))).toBe(false);
    expect(rootOf(2)).toMatchObject({ version: 2, roles: { root: { threshold: 2 } } });
    expect(rootOf(2)['x-single']).toBeUndefined();
    // With a signature to spare, or in another order, whoever passes a root on could write it anew.
    expect(rootFile(2).signatures.map(({ keyid }: { keyid: string }) => keyid)).toEqual([
      ...rootOf(1).roles.root.keyids,
      ...rootOf(2).roles.root.keyids.slice(0, 2),
    ]);
    const [, , lost] = expiry('root').keys;
    rmSync(join(away, 'share-3'), { recursive: true });
    expect(() =>
      desk.desk.replaceKeys(lost?.id.slice(0, 12) ?? '', join(away, 'new'), shares.slice(0, 1)),
    ).toThrow(/2 root keys, and 1/);
    desk.desk.replaceKeys(lost?.id.slice(0, 12) ?? '', join(away, 'new'), shares.slice(0, 2));
    await desk.publish();
    const now = expiry('root').keys.map(({ id }) => id);
    expect(now).toHaveLength(3);
    expect(now).not.toContain(lost?.id);
    desk.desk.replaceKeys('snapshot', null, [shares[0] ?? '', join(away, 'new')]);
    desk.save(2);
    await desk.publish();
    expect(desk.tree().size).toBe(3);
  });
});

describe('removals past what followers obey unasked', () => {
  const removeMany = async (count: number): Promise<void> => {
    for (let id = 10; id < 10 + count; id += 1) desk.save(id);
    await desk.publish();
    for (let id = 10; id < 10 + count; id += 1) desk.setState(id, id % 2 === 0 ? 'withdrawn' : 'tombstone');
    await desk.publish();
  };

  it('are signed with targets at once where that key is here, and five a day need no signature', async () => {
    await removeMany(5);
    expect(desk.tree().targets['x-removals']).toBeUndefined();
    desk.setState(1, 'withdrawn');
    await desk.publish();
    expect(desk.tree().targets['x-removals']).toEqual({ size: desk.tree().size });
  });

  it('wait for the keeper where it is away, once, and hold nothing else up', async () => {
    desk.desk.moveOffline(away);
    await removeMany(6);
    desk.save(2);
    await desk.publish();
    expect(desk.tree().targets['x-removals']).toBeUndefined();
    expect(desk.store.decisions.open()).toMatchObject([{ kind: 'sign-removals', publisherId: 'lighthouse' }]);
    await desk.desk.publish(undefined, { away: [away], signRemovals: true });
    expect(desk.tree().targets['x-removals']).toEqual({ size: desk.tree().size });
  });
});

describe('a publish that cannot be', () => {
  it.each([
    ['an online key is gone', () => rmSync(join(desk.home, 'keys/edition.pem')), /edition key is not in/],
    [
      'a key file is broken',
      () => writeFileSync(join(desk.home, 'keys/snapshot.pem'), 'broken'),
      /snapshot\.pem is no Ed25519 key/,
    ],
  ])('because %s says so, and the next one catches up', async (_, spoil, reason) => {
    const saved = new Map(
      ['edition', 'snapshot'].map((name) => [name, readFileSync(join(desk.home, `keys/${name}.pem`))]),
    );
    spoil();
    desk.save(2);
    desk.clock.advance(3_600_000);
    expect(await desk.desk.publish()).toMatchObject({
      kind: 'failed',
      reason: expect.stringMatching(reason),
    });
    expect(events()).toContain('publish-failed');
    expect(desk.tree().size).toBe(2);
    for (const [name, bytes] of saved) writeFileSync(join(desk.home, `keys/${name}.pem`), bytes);
    await desk.publish();
    expect(desk.kinds()).toBe('dpp');
  });

  it('because a file stands where a folder must says so, and the next one catches up', async () => {
    const { folder } = desk.tree();
    renameSync(join(folder, 'blob'), join(folder, 'set-aside'));
    writeFileSync(join(folder, 'blob'), '');
    desk.save(2);
    desk.clock.advance(3_600_000);
    expect(await desk.desk.publish()).toMatchObject({ kind: 'failed' });
    rmSync(join(folder, 'blob'));
    renameSync(join(folder, 'set-aside'), join(folder, 'blob'));
    await desk.publish();
    expect(desk.kinds()).toBe('dpp');
  });
});
