/** What a C2SP tlog-checkpoint says: whose log, how long, and the root of its tree. */
export interface Checkpoint {
  origin: string;
  size: number;
  root: Buffer;
}

export const writeCheckpoint = ({ origin, size, root }: Checkpoint): string =>
  `${origin}\n${size}\n${root.toString('base64')}\n`;

/** From the text of a verified note; null for what is no checkpoint. */
export function parseCheckpoint(text: string): Checkpoint | null {
  const [origin = '', digits = '', encoded = '', ...rest] = text.split('\n');
  const root = Buffer.from(encoded, 'base64');
  const size = Number(digits);
  const written =
    /^(?:0|[1-9]\d*)$/.test(digits) && Number.isSafeInteger(size) && root.toString('base64') === encoded;
  return origin !== '' && written && root.length === 32 && rest.length > 0 ? { origin, size, root } : null;
}
