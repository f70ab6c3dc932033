import { createHash } from 'node:crypto';
import type {
  EncodedPicture,
  PictureRefusal,
  PictureResult,
  PictureRole,
  PictureStep,
  PictureType,
} from '../domain/picture.js';
import { fitQuality } from './fit-quality.js';
import { pictureTypeOf, type SourceType } from './picture-type.js';
import { sharp } from './sharp.js';

export interface PictureLimits {
  /** Of the file as it came. */
  maxBytes: number;
  /** Width times height, read from the header before anything is decoded. */
  maxPixels: number;
  /** The same for pictures that cannot be decoded in strips: GIF, AVIF and interlaced PNG. */
  maxPixelsAtOnce: number;
  /** Shorter side; below it a picture is an icon or a counting pixel. */
  minSidePixels: number;
  /** Wall clock for decoding, whole seconds. */
  decodeTimeoutSeconds: number;
}

/**
 * 40 megapixels is more than a press photograph has (cameras of 2026 give 24-33). Measured above idle at 40 megapixels: 36 MB for
 * JPEG, 120 MB for a progressive one, 27 MB for WebP; but 200 MB for GIF, 360 MB for interlaced PNG and 700 MB for AVIF, whose
 * file need not be larger than 1 KB. So those end at the 8.3 megapixels of a 4K screen.
 */
export const DEFAULT_PICTURE_LIMITS: PictureLimits = {
  maxBytes: 20_000_000,
  maxPixels: 40_000_000,
  maxPixelsAtOnce: 8_300_000,
  minSidePixels: 32,
  decodeTimeoutSeconds: 20,
};

/** The page's paper (`--p` in its light colors): what shows through a transparent picture. */
const PAPER = '#fffdf8';

/** The inline ladder: bytes that make that width look right in AVIF (measured on 8 photographs at quality 30: 4.4 KB at 480 px, 2.6 KB at 320 px in the middle). */
const INLINE_STEPS = [
  { width: 240, targetBytes: 1_900 },
  { width: 320, targetBytes: 2_900 },
  { width: 400, targetBytes: 4_200 },
  { width: 480, targetBytes: 5_900 },
] as const;

/** As large as a page may be (`line.bodyBytes`), for a browser without AVIF: JPEG, which all of them show. */
const LIGHT = { widths: [480, 400, 320, 240], maxBytes: 8_192 } as const;

/** Opened only by whoever chose to, so sharpness wins; the cap keeps it below a minute on 2G. */
const LARGE = { width: 960, maxBytes: 49_152 } as const;

/** A picture may be this many times as tall as wide before it is fitted by height instead. */
const MAX_TALLNESS = 2;

/** JPEG, tables included, since Safari before 14 shows no WebP. 24 px with all its color was nearest to three photographs at 400 B. */
const BLUR = { side: 24, maxBytes: 400 } as const;

interface Pixels {
  data: Buffer;
  width: number;
  height: number;
}

/** Encodes one picture from a publisher into the ladder a mirror keeps. Whatever the bytes are, the answer is a value. */
export async function encodePicture(
  bytes: Uint8Array,
  limits: PictureLimits = DEFAULT_PICTURE_LIMITS,
): Promise<PictureResult> {
  const type = pictureTypeOf(bytes);
  if (type === 'svg') return refused('vector', 'SVG can carry scripts and links');
  if (type === 'unknown') return refused('not-a-picture', 'neither JPEG, PNG, WebP, GIF nor AVIF');
  if (bytes.length > limits.maxBytes)
    return refused('too-many-bytes', `${bytes.length} > ${limits.maxBytes}`);
  try {
    return await encodeKnownType(bytes, type, limits);
  } catch (error) {
    return refused('broken', error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
  }
}

async function encodeKnownType(
  bytes: Uint8Array,
  type: SourceType,
  limits: PictureLimits,
): Promise<PictureResult> {
  const { autoOrient, isProgressive } = await sharp(bytes, { pages: 1, limitInputPixels: false }).metadata();
  const { width, height } = autoOrient;
  const size = `${width}x${height}`;
  const atOnce = type === 'gif' || type === 'avif' || (type === 'png' && isProgressive);
  const maxPixels = atOnce ? limits.maxPixelsAtOnce : limits.maxPixels;
  if (width * height > maxPixels) return refused('too-many-pixels', `${size} > ${maxPixels}`);
  if (Math.min(width, height) < limits.minSidePixels) return refused('too-small', size);

  const base = await decode(bytes, limits);
  return { kind: 'picture', width, height, blur: await encodeBlur(base), steps: await encodeSteps(base) };
}

/** First frame, upright, sRGB, on paper, no wider than the largest step: everything below works on these few pixels. */
async function decode(bytes: Uint8Array, limits: PictureLimits): Promise<Pixels> {
  const { data, info } = await sharp(bytes, {
    pages: 1,
    autoOrient: true,
    failOn: 'error',
    limitInputPixels: limits.maxPixels,
  })
    .timeout({ seconds: limits.decodeTimeoutSeconds })
    .resize(boxOf(LARGE.width))
    .flatten({ background: PAPER })
    .toColorspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

const boxOf = (width: number) =>
  ({ width, height: width * MAX_TALLNESS, fit: 'inside', withoutEnlargement: true }) as const;

const pipelineOf = ({ data, width, height }: Pixels) => sharp(data, { raw: { width, height, channels: 3 } });

async function shrink(base: Pixels, width: number): Promise<Pixels> {
  const { data, info } = await pipelineOf(base)
    .resize(boxOf(width))
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

async function encodeSteps(base: Pixels): Promise<PictureStep[]> {
  const steps = await encodeInline(base);
  const light = await encodeLight(base);
  if (light !== null) steps.push(light);
  const large = await encodeLarge(base);
  if (large !== null) steps.push(large);
  return steps;
}

/** A picture narrower than a step is kept as it is for that step, and ends the ladder. */
async function encodeInline(base: Pixels): Promise<PictureStep[]> {
  const steps: PictureStep[] = [];
  let startQuality = 30;
  for (const { width, targetBytes } of INLINE_STEPS) {
    const pixels = await shrink(base, width);
    const fitted = await fitQuality((quality) => avif(pixels, quality), {
      targetBytes,
      minQuality: 5,
      maxQuality: 68,
      startQuality,
    });
    if (fitted !== null) {
      startQuality = fitted.quality;
      steps.push(stepOf('inline', 'image/avif', pixels, fitted.bytes));
    }
    if (pixels.width === base.width) break;
  }
  return steps;
}

/** Narrower before blocky: JPEG below quality 30 shows its blocks. */
async function encodeLight(base: Pixels): Promise<PictureStep | null> {
  for (const width of LIGHT.widths) {
    const pixels = await shrink(base, width);
    const fitted = await fitQuality((quality) => jpeg(pixels, quality), {
      targetBytes: LIGHT.maxBytes,
      minQuality: width === LIGHT.widths.at(-1) ? 5 : 30,
      maxQuality: 82,
      startQuality: 50,
    });
    if (fitted !== null) return stepOf('light', 'image/jpeg', pixels, fitted.bytes);
  }
  return null;
}

async function encodeLarge(base: Pixels): Promise<PictureStep | null> {
  const widestInline = INLINE_STEPS[INLINE_STEPS.length - 1]?.width ?? 0;
  if (base.width <= widestInline) return null;
  const fitted = await fitQuality((quality) => avif(base, quality), {
    targetBytes: LARGE.maxBytes,
    minQuality: 5,
    maxQuality: 50,
    startQuality: 50,
  });
  return fitted === null ? null : stepOf('large', 'image/avif', base, fitted.bytes);
}

/** Effort 2: 30-130 ms a picture on one core (measured in November 2026); half the color resolution, as in every photograph on the web. */
const avif = (pixels: Pixels, quality: number): Promise<Buffer> =>
  pipelineOf(pixels).avif({ quality, effort: 2, chromaSubsampling: '4:2:0' }).toBuffer();

const jpeg = (pixels: Pixels, quality: number): Promise<Buffer> =>
  pipelineOf(pixels).jpeg({ quality, mozjpeg: true }).toBuffer();

/** Full color resolution: at half of it, the two or three color blocks of so small a picture wash a quarter of the color out. */
async function encodeBlur(base: Pixels): Promise<EncodedPicture['blur']> {
  const { data, info } = await pipelineOf(base)
    .resize({ width: BLUR.side, height: BLUR.side, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const pixels = { data, width: info.width, height: info.height };
  const encode = (quality: number) =>
    pipelineOf(pixels).jpeg({ quality, chromaSubsampling: '4:4:4' }).toBuffer();
  const fitted = await fitQuality(encode, {
    targetBytes: BLUR.maxBytes,
    minQuality: 1,
    maxQuality: 80,
    startQuality: 60,
  });
  if (fitted === null) throw new Error(`no blur of ${pixels.width}x${pixels.height} fits ${BLUR.maxBytes} B`);
  return { bytes: fitted.bytes, type: 'image/jpeg', width: pixels.width, height: pixels.height };
}

function stepOf(role: PictureRole, type: PictureType, pixels: Pixels, bytes: Buffer): PictureStep {
  const { width, height } = pixels;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { role, type, width, height, bytes, sizeBytes: bytes.length, sha256 };
}

const refused = (reason: PictureRefusal, detail: string): PictureResult => ({
  kind: 'refused',
  reason,
  detail,
});
