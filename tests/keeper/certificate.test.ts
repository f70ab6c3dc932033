import type { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { renewalOverdueAt } from '../../src/keeper/certificate.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('a certificate is not being renewed', () => {
  it.each([
    ['of Let’s Encrypt', 90 * DAY, 10 * DAY],
    ['of its short-lived kind', 160 * HOUR, (160 / 9) * HOUR],
    ['of a year', 365 * DAY, 10 * DAY],
  ])('%s: when this much is left of it', (_whose, life, left) => {
    const issued = Date.UTC(2026, 0, 1);
    const validFrom = new Date(issued).toUTCString();
    const validTo = new Date(issued + life).toUTCString();
    const own = { validFrom, validTo } as X509Certificate;
    expect(renewalOverdueAt(own)).toBeCloseTo(issued + life - left, -3);
  });
});
