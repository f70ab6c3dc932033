export interface Encoding {
  bytes: Buffer;
  quality: number;
}

export interface FitOptions {
  targetBytes: number;
  minQuality: number;
  maxQuality: number;
  /** Where to look first. */
  startQuality: number;
}

/** Halving 60 steps of quality this often leaves two; a sixth encode was not worth its time (measured in November 2026). */
const MAX_ENCODES = 5;

/** Above this share of the target another encode is not worth its 30-130 ms. */
const GOOD_ENOUGH = 0.9;

/**
 * The best encoding of at most `targetBytes`, by bisection over quality, in at most five encodes; null where even
 * `minQuality` is larger. The same input gives the same steps, so the same bytes.
 */
export async function fitQuality(
  encode: (quality: number) => Promise<Buffer>,
  options: FitOptions,
): Promise<Encoding | null> {
  let low = options.minQuality;
  let high = options.maxQuality;
  let quality = Math.min(Math.max(options.startQuality, low), high);
  let best: Encoding | null = null;
  for (let encodes = 0; encodes < MAX_ENCODES && low <= high; encodes += 1) {
    const bytes = await encode(quality);
    if (bytes.length <= options.targetBytes) {
      best = { bytes, quality };
      if (bytes.length >= options.targetBytes * GOOD_ENOUGH) return best;
      low = quality + 1;
    } else {
      high = quality - 1;
    }
    // The last encode goes to the lowest quality when nothing has fitted yet: a poor picture is better than none.
    quality = best === null && encodes === MAX_ENCODES - 2 ? options.minQuality : (low + high) >> 1;
  }
  return best;
}
