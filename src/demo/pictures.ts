import sharp from 'sharp';

/** Widths offered, as a publisher's picture server has them. */
const WIDTHS: readonly number[] = [320, 640, 960, 1360];

/** The drawings as JPEG, each size made when first asked for. */
export function createPictures(svgs: ReadonlyMap<string, Buffer>) {
  const made = new Map<string, Promise<Buffer>>();

  return {
    /** Null for a drawing or a width that is not offered. */
    jpeg(name: string, width: number): Promise<Buffer> | null {
      const svg = svgs.get(name);
      if (svg === undefined || !WIDTHS.includes(width)) return null;
      const key = `${name}/${width}`;
      const known = made.get(key);
      if (known !== undefined) return known;
      const bytes = sharp(svg, { density: 144 }).resize({ width }).jpeg({ quality: 78 }).toBuffer();
      made.set(key, bytes);
      return bytes;
    },
  };
}

export type Pictures = ReturnType<typeof createPictures>;
