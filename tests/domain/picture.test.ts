import { randomBytes } from 'node:crypto';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { choosePictureStep, dataUriCostBytes } from '../../src/domain/picture.js';

const steps = [
  { role: 'inline', width: 240, sizeBytes: 1_900 },
  { role: 'inline', width: 480, sizeBytes: 5_800 },
  { role: 'inline', width: 320, sizeBytes: 2_900 },
  { role: 'light', width: 480, sizeBytes: 800 },
] as const;

describe('choosePictureStep', () => {
  it('takes the widest inline step that the page leaves room for', () => {
    expect(choosePictureStep(steps, 6_144)?.width).toBe(480);
    expect(choosePictureStep(steps, 4_000)?.width).toBe(320);
    expect(choosePictureStep(steps, 2_000)?.width).toBe(240);
  });

  it('takes none where none fits, and never one that is only linked', () => {
    expect(choosePictureStep(steps, 1_900)).toBe(null);
    expect(choosePictureStep([], 8_192)).toBe(null);
  });

  it('counts a step that fits exactly as fitting', () => {
    const cost = dataUriCostBytes(2_900);
    expect(choosePictureStep(steps, cost)?.width).toBe(320);
    expect(choosePictureStep(steps, cost - 1)?.width).toBe(240);
  });
});

describe('dataUriCostBytes', () => {
  it('covers what brotli makes of bytes that do not compress', () => {
    const text = '<p>A page of a newspaper, as it would stand around the picture.</p>'.repeat(3);
    for (const sizeBytes of [400, 1_900, 5_900]) {
      const before = brotliCompressSync(text).length;
      const after = brotliCompressSync(text + randomBytes(sizeBytes).toString('base64')).length;
      expect(after - before).toBeLessThanOrEqual(dataUriCostBytes(sizeBytes) + 40);
      expect(after - before).toBeGreaterThan(sizeBytes * 0.9);
    }
  });
});
