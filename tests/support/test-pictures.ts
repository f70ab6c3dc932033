import sharp, { type Sharp } from 'sharp';

/** A landscape of gradients, hills and grain: compresses like a photograph, and is nobody's. */
export function scene(width: number, height: number): Sharp {
  const pixels = Buffer.alloc(width * height * 3);
  const random = randomOf(7);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [across, down] = [x / width, y / height];
      const hill = 0.6 + 0.08 * Math.sin(across * 9) + 0.03 * Math.sin(across * 31);
      const [red, green, blue] =
        down > hill ? [62, 70, 44] : [120 + 110 * down, 150 + 50 * down, 200 - 60 * down];
      const grain = (random() - 0.5) * 14;
      pixels.set([red + grain, green + grain, blue + grain].map(clamp), (y * width + x) * 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/** Grain from none (0, flat gray) to pure noise (255), the picture that compresses worst. */
export function noise(width: number, height: number, strength: number, seed: number): Sharp {
  const random = randomOf(seed);
  const pixels = Buffer.alloc(width * height * 3);
  for (let index = 0; index < pixels.length; index += 1)
    pixels[index] = clamp(128 + (random() - 0.5) * strength);
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

const clamp = (value: number): number => Math.min(255, Math.max(0, Math.round(value)));

/** Park and Miller's generator: a test picture is the same in every run. */
function randomOf(seed: number): () => number {
  let state = (Math.abs(seed) % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
