import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { EncodedPicture, PictureResult } from '../../src/domain/picture.js';
import { DEFAULT_PICTURE_LIMITS, encodePicture } from '../../src/media/encode-picture.js';
import { noise, scene } from '../support/test-pictures.js';

function picture(result: PictureResult): EncodedPicture {
  if (result.kind === 'refused') throw new Error(`refused: ${result.reason} (${result.detail})`);
  return result;
}

const reasonOf = (result: PictureResult) => (result.kind === 'refused' ? result.reason : 'taken');

const inlineWidths = ({ steps }: EncodedPicture) =>
  steps.filter((step) => step.role === 'inline').map((step) => step.width);

/** The average color, as three numbers from 0 to 255. */
async function meanColor(bytes: Uint8Array): Promise<number[]> {
  const { channels } = await sharp(bytes).stats();
  return channels.map((channel) => Math.round(channel.mean));
}

describe('encodePicture', () => {
  it('makes a ladder of inline steps, a light one and a large one from a photograph', async () => {
    const { steps, width, height } = picture(await encodePicture(await scene(1600, 1000).jpeg().toBuffer()));

    expect({ width, height }).toEqual({ width: 1600, height: 1000 });
    expect(steps.map((step) => [step.role, step.type, step.width])).toEqual([
      ['inline', 'image/avif', 240],
      ['inline', 'image/avif', 320],
      ['inline', 'image/avif', 400],
      ['inline', 'image/avif', 480],
      ['light', 'image/jpeg', expect.any(Number)],
      ['large', 'image/avif', 960],
    ]);
    for (const step of steps) {
      const decoded = await sharp(step.bytes).metadata();
      expect([decoded.width, decoded.height]).toEqual([step.width, step.height]);
      expect(step.sizeBytes).toBe(step.bytes.length);
    }
  });

  it('keeps every step within its bytes, whatever the picture', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 32, max: 500 }),
        fc.integer({ min: 32, max: 500 }),
        fc.integer({ min: 0, max: 255 }),
        fc.integer(),
        async (width, height, strength, seed) => {
          const { steps, blur } = picture(
            await encodePicture(await noise(width, height, strength, seed).png().toBuffer()),
          );
          for (const step of steps) {
            if (step.role === 'inline') expect(step.sizeBytes).toBeLessThanOrEqual(6_144);
            if (step.role === 'light') expect(step.sizeBytes).toBeLessThanOrEqual(8_192);
            expect(step.width).toBeLessThanOrEqual(width);
          }
          expect(steps.some((step) => step.role === 'light')).toBe(true);
          expect(blur.bytes.length).toBeLessThanOrEqual(400);
        },
      ),
      { numRuns: 8 },
    );
  });

  it('never makes a picture larger than it came', async () => {
    const small = picture(await encodePicture(await scene(300, 200).png().toBuffer()));
    expect(inlineWidths(small)).toEqual([240, 300]);
    expect(small.steps.some((step) => step.role === 'large')).toBe(false);
    expect(Math.max(...small.steps.map((step) => step.width))).toBe(300);
  });

  it('fits a very tall picture by its height', async () => {
    const { steps } = picture(await encodePicture(await scene(400, 4000).png().toBuffer()));
    for (const step of steps) expect(step.height).toBeLessThanOrEqual(1920);
    expect(steps[0]).toMatchObject({ width: 48, height: 480 });
  });

  it('gives the same bytes for the same picture', async () => {
    const bytes = await scene(640, 400).jpeg().toBuffer();
    const [first, second] = [picture(await encodePicture(bytes)), picture(await encodePicture(bytes))];
    expect(second.steps.map((step) => step.sha256)).toEqual(first.steps.map((step) => step.sha256));
    expect(Buffer.from(second.blur.bytes).equals(first.blur.bytes)).toBe(true);
  });

  it('shows the colors of the picture in a blur of 200 to 400 bytes', async () => {
    const colors = ['#b02020', '#208040', '#2030b0', '#d0a020', '#8020a0', '#20a0a0'];
    const stripes = colors.map((background, index) => ({
      input: { create: { width: 100, height: 400, channels: 3, background } } as const,
      left: index * 100,
      top: 0,
    }));
    const source = await scene(600, 400).composite(stripes).png().toBuffer();
    const { blur } = picture(await encodePicture(source));
    expect(blur.bytes.length).toBeGreaterThanOrEqual(200);
    expect(blur.bytes.length).toBeLessThanOrEqual(400);

    const { data } = await sharp(blur.bytes)
      .resize(colors.length, 1, { fit: 'fill' })
      .raw()
      .toBuffer({ resolveWithObject: true });
    const expected = Buffer.from(colors.join('').replaceAll('#', ''), 'hex');
    const errors = [...data].map((value, index) => Math.abs(value - (expected[index] ?? 0)));
    expect(Math.max(...errors)).toBeLessThanOrEqual(25);
  });

  it('turns a picture upright and forgets where and when it was taken', async () => {
    const sideways = await scene(600, 300)
      .withExif({ IFD0: { Copyright: 'somebody', Make: 'a camera' }, IFD3: { GPSLatitude: '55/1 45/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const result = picture(await encodePicture(sideways));
    expect([result.width, result.height]).toEqual([300, 600]);
    for (const { bytes } of [...result.steps, result.blur]) {
      const { exif, icc, xmp, orientation, height, width } = await sharp(bytes).metadata();
      expect({ exif, icc, xmp, orientation }).toEqual({});
      expect(height).toBeGreaterThan(width);
      expect(Buffer.from(bytes).includes('somebody')).toBe(false);
    }
  });

  it('lays a transparent picture on paper', async () => {
    const clear = { width: 64, height: 64, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } as const;
    const { steps } = picture(await encodePicture(await sharp({ create: clear }).png().toBuffer()));
    const [red = 0, green = 0, blue = 0] = await meanColor(steps[0]?.bytes ?? new Uint8Array());
    expect([red, green, blue].every((mean) => mean > 240)).toBe(true);
  });

  it('turns CMYK into the colors of a screen', async () => {
    const cmyk = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#c02020' } })
      .toColorspace('cmyk')
      .jpeg()
      .toBuffer();
    expect((await sharp(cmyk).metadata()).space).toBe('cmyk');
    const { steps } = picture(await encodePicture(cmyk));
    const [red = 0, green = 0, blue = 0] = await meanColor(steps[0]?.bytes ?? new Uint8Array());
    expect(red).toBeGreaterThan(150);
    expect(Math.max(green, blue)).toBeLessThan(90);
  });

  it('keeps the first frame of an animation', async () => {
    const frames = await Promise.all(
      ['#ff0000', '#0000ff'].map((background) =>
        sharp({ create: { width: 64, height: 64, channels: 3, background } })
          .png()
          .toBuffer(),
      ),
    );
    const animation = await sharp(frames, { join: { animated: true } })
      .gif({ delay: [100, 100] })
      .toBuffer();
    expect((await sharp(animation).metadata()).pages).toBe(2);
    const result = picture(await encodePicture(animation));
    expect([result.width, result.height]).toEqual([64, 64]);
    const [red = 0, , blue = 0] = await meanColor(result.steps[0]?.bytes ?? new Uint8Array());
    expect(red).toBeGreaterThan(200);
    expect(blue).toBeLessThan(60);
  });

  it.each(['jpeg', 'png', 'webp', 'gif', 'avif'] as const)('takes %s', async (format) => {
    const bytes = await scene(120, 90).toFormat(format).toBuffer();
    expect(reasonOf(await encodePicture(bytes))).toBe('taken');
  });

  it('takes gray and 16-bit pictures', async () => {
    expect(reasonOf(await encodePicture(await scene(100, 80).grayscale().jpeg().toBuffer()))).toBe('taken');
    const deep = await scene(100, 80).toColorspace('rgb16').png().toBuffer();
    expect((await sharp(deep).metadata()).depth).toBe('ushort');
    expect(reasonOf(await encodePicture(deep))).toBe('taken');
  });

  it('refuses a picture whose header declares too many pixels, without decoding it', async () => {
    const bomb = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    const header = Buffer.from(bomb);
    header.writeUInt32BE(20_000, 16);
    header.writeUInt32BE(20_000, 20);
    header.writeUInt32BE(crc32(header.subarray(12, 29)), 29);
    expect(await encodePicture(header)).toEqual({
      kind: 'refused',
      reason: 'too-many-pixels',
      detail: '20000x20000 > 40000000',
    });
  });

  it('takes fewer pixels where a picture cannot be decoded in strips', async () => {
    const limits = { ...DEFAULT_PICTURE_LIMITS, maxPixelsAtOnce: 4_000 };
    const sixThousand = () => scene(100, 60);
    const verdicts = await Promise.all(
      [
        sixThousand().jpeg({ progressive: true }),
        sixThousand().png(),
        sixThousand().webp(),
        sixThousand().png({ progressive: true }),
        sixThousand().gif(),
        sixThousand().avif(),
      ].map(async (source) => reasonOf(await encodePicture(await source.toBuffer(), limits))),
    );
    expect(verdicts).toEqual([
      'taken',
      'taken',
      'taken',
      'too-many-pixels',
      'too-many-pixels',
      'too-many-pixels',
    ]);
  });

  it('refuses what is cut off, empty, or no picture at all', async () => {
    const whole = await scene(400, 300).jpeg().toBuffer();
    const reasons = await Promise.all(
      [
        whole.subarray(0, whole.length >> 1),
        whole.subarray(0, 20),
        (await scene(400, 300).png().toBuffer()).subarray(0, 3_000),
        (await scene(400, 300).avif().toBuffer()).subarray(0, 600),
        new Uint8Array(),
        Buffer.from('<!doctype html><title>Just a moment...</title>'),
        Buffer.from('\xff\xd8\xff but not really', 'latin1'),
      ].map(async (bytes) => reasonOf(await encodePicture(bytes))),
    );
    expect(reasons).toEqual([
      'broken',
      'broken',
      'broken',
      'broken',
      'not-a-picture',
      'not-a-picture',
      'broken',
    ]);
  });

  it('refuses SVG by name, icons, counting pixels and files too heavy', async () => {
    const svg = Buffer.from(
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    );
    expect(reasonOf(await encodePicture(svg))).toBe('vector');
    expect(reasonOf(await encodePicture(await scene(1, 1).gif().toBuffer()))).toBe('too-small');
    expect(reasonOf(await encodePicture(await scene(900, 16).png().toBuffer()))).toBe('too-small');
    const limits = { ...DEFAULT_PICTURE_LIMITS, maxBytes: 100 };
    expect(reasonOf(await encodePicture(await scene(100, 100).png().toBuffer(), limits))).toBe(
      'too-many-bytes',
    );
  });
});

/** PNG 5.5: the CRC of a chunk's type and data. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
