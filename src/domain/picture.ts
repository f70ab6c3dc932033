/** `inline`: may stand inside a page. `light`: a link any browser and any line can open. `large`: a link that states its size. */
export type PictureRole = 'inline' | 'light' | 'large';

export type PictureType = 'image/avif' | 'image/webp' | 'image/jpeg';

/** One encoding of a picture. Width and height in pixels. */
export interface PictureStep {
  role: PictureRole;
  type: PictureType;
  width: number;
  height: number;
  bytes: Uint8Array;
  sizeBytes: number;
  /** Hexadecimal SHA-256 of `bytes`: its name under `/media/`. */
  sha256: string;
}

/** A picture as a mirror keeps it: a ladder of encodings, upright, in sRGB, with no metadata. */
export interface EncodedPicture {
  kind: 'picture';
  /** Of the original, after its orientation was applied. */
  width: number;
  height: number;
  /** 200-400 B in the picture's own colors, for a page without room and a browser without AVIF. */
  blur: { bytes: Uint8Array; type: 'image/jpeg'; width: number; height: number };
  /** Inline steps from narrow to wide, then `light`, then `large` where the original is wider than the widest inline step. */
  steps: readonly PictureStep[];
}

export type PictureRefusal =
  | 'not-a-picture'
  | 'vector'
  | 'too-many-bytes'
  | 'too-many-pixels'
  | 'too-small'
  | 'broken';

export type PictureResult = EncodedPicture | { kind: 'refused'; reason: PictureRefusal; detail: string };

/** Makes the ladder of a publisher's picture. Whatever the bytes are, the answer is a value. */
export type PictureEncoder = (bytes: Uint8Array) => Promise<PictureResult>;

/**
 * Compressed bytes that a character of base64 costs in a page. Six bits of entropy in eight give 0.75; measured in
 * November 2026 over three pages and three photographs at 1-6 KB: brotli-11 0.71-0.758; gzip-9 0.741-0.747 where the data URI
 * has deflate blocks of its own (flush with Z_BLOCK before and after it), but 0.79-0.89 where it shares them with the text.
 */
const BYTES_PER_BASE64_CHARACTER = 0.76;

/** What a data URI of `sizeBytes` adds to the page's compressed body, its element's markup not included. */
export function dataUriCostBytes(sizeBytes: number): number {
  return Math.ceil(Math.ceil(sizeBytes / 3) * 4 * BYTES_PER_BASE64_CHARACTER);
}

/** The widest inline step that costs at most `leftoverBytes` of the compressed page; null where none does. */
export function choosePictureStep<Step extends Pick<PictureStep, 'role' | 'width' | 'sizeBytes'>>(
  steps: readonly Step[],
  leftoverBytes: number,
): Step | null {
  return steps
    .filter((step) => step.role === 'inline' && dataUriCostBytes(step.sizeBytes) <= leftoverBytes)
    .reduce<Step | null>((best, step) => (best === null || step.width > best.width ? step : best), null);
}
