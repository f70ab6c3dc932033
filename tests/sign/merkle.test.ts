import { describe, expect, it } from 'vitest';
import {
  appendLeaf,
  consistencyProof,
  EMPTY_FRONTIER,
  type Frontier,
  frontierAt,
  frontierLength,
  inclusionProof,
  leafHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from '../../src/sign/merkle.js';
import {
  bundlePath,
  nodesFromTiles,
  packPath,
  parseBundle,
  tilePath,
  tileWidth,
  writeBundle,
} from '../../src/sign/tiles.js';

/** The entries and roots that Certificate Transparency's own tests use for RFC 6962. */
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('an RFC 6962 tree', () => {
  it('has the known roots', () => {
    expect(rootOf(EMPTY_FRONTIER).toString('hex')).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    );
    let frontier = EMPTY_FRONTIER;
    ENTRIES.forEach((entry, index) => {
      frontier = appendLeaf(frontier, leafHash(Buffer.from(entry, 'hex')));
      expect(rootOf(frontier).toString('hex')).toBe(ROOTS[index]);
      expect(frontier.hashes).toHaveLength(frontierLength(index + 1));
    });
  });

  describe('of 600 entries in tiles', () => {
    const SIZE = 600;
    const tiles = new Map<string, Buffer>();
    const frontiers: Frontier[] = [EMPTY_FRONTIER];
    const leaves = Array.from({ length: SIZE }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));
    for (const leaf of leaves) {
      frontiers.push(
        appendLeaf(frontiers.at(-1) as Frontier, leaf, (level, index, hash) => {
          if (level % 8 !== 0) return;
          const name = `${level / 8}/${Math.floor(index / 256)}`;
          tiles.set(name, Buffer.concat([tiles.get(name) ?? Buffer.alloc(0), hash]));
        }),
      );
    }
    const read = nodesFromTiles(SIZE, (level, index) => tiles.get(`${level}/${index}`) as Buffer);
    const rootAt = (size: number): Buffer => rootOf(frontiers[size] as Frontier);

    it('gives back the frontier of any earlier size', () => {
      for (const size of [0, 1, 2, 255, 256, 257, 511, 512, 599, 600])
        expect(frontierAt(size, read)).toEqual(frontiers[size]);
    });

    it('proves that an entry is in it, and not in another place', () => {
      for (const size of [1, 2, 255, 256, 300, 600]) {
        for (const index of [0, 1, 127, 255, 256, 299, 599].filter((one) => one < size)) {
          const proof = inclusionProof(index, size, read);
          const leaf = leaves[index] as Buffer;
          expect(verifyInclusion(leaf, index, size, proof, rootAt(size))).toBe(true);
          expect(verifyInclusion(leafHash(Buffer.from('other')), index, size, proof, rootAt(size))).toBe(
            false,
          );
          expect(verifyInclusion(leaf, index + 1, size, proof, rootAt(size))).toBe(false);
          if (proof.length > 0)
            expect(verifyInclusion(leaf, index, size, proof.slice(1), rootAt(size))).toBe(false);
        }
      }
    });

    it('proves that it begins with an earlier one, and with no other', () => {
      for (const [before, size] of [
        [0, 5],
        [1, 2],
        [3, 7],
        [4, 7],
        [6, 8],
        [255, 600],
        [256, 600],
        [512, 600],
        [600, 600],
      ] as const) {
        const proof = consistencyProof(before, size, read);
        expect(verifyConsistency(before, size, proof, rootAt(before), rootAt(size))).toBe(true);
        if (before > 0)
          expect(verifyConsistency(before, size, proof, leafHash(Buffer.from('x')), rootAt(size))).toBe(
            false,
          );
        if (proof.length > 0)
          expect(verifyConsistency(before, size, proof.slice(1), rootAt(before), rootAt(size))).toBe(false);
      }
      expect(verifyConsistency(7, 6, [], rootAt(7), rootAt(6))).toBe(false);
    });
  });
});

describe('the names and forms of C2SP tlog-tiles', () => {
  it('group the number by three digits', () => {
    expect(tilePath(0, 0)).toBe('log/tile/0/000');
    expect(tilePath(1, 1_234_067)).toBe('log/tile/1/x001/x234/067');
    expect(tilePath(0, 273, 112)).toBe('log/tile/0/273.p/112');
    expect(bundlePath(1_000)).toBe('log/tile/entries/x001/000');
    expect(packPath(390)).toBe('log/pack/000390.ndjson.gz');
  });

  it('know how wide a tile is in a log of that size', () => {
    expect(tileWidth(0, 0, 70_000)).toBe(256);
    expect(tileWidth(0, 273, 70_000)).toBe(112);
    expect(tileWidth(1, 1, 70_000)).toBe(17);
    expect(tileWidth(2, 0, 70_000)).toBe(1);
    expect(tileWidth(0, 274, 70_000)).toBe(0);
  });

  it('pack entries with their lengths, and refuse lengths that do not add up', () => {
    const entries = [Buffer.from('a'), Buffer.alloc(0), Buffer.alloc(300, 'b')];
    const bundle = writeBundle(entries);
    expect(bundle.subarray(0, 3).toString('hex')).toBe('000161');
    expect(parseBundle(bundle)).toEqual(entries);
    expect(parseBundle(bundle.subarray(0, -1))).toBeNull();
    expect(parseBundle(bundle.subarray(0, 4))).toBeNull();
  });
});
