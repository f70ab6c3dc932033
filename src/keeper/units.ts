const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `412 B`, `3.4 MB`, `28 GB`: powers of 1,000, as providers bill them. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

/** `40 s`, `12 min`, `5 h`, `3 days`: how long, in the largest unit that fits twice; days from two on. */
export function spanText(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1_000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`;
}

/** `12 min ago`, `never`. */
export const agoText = (at: number | null, now: number): string =>
  at === null ? 'never' : at > now ? `in ${spanText(at - now)}` : `${spanText(now - at)} ago`;

/** `2026-11-26 09:10Z`. */
export const timeText = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')}Z`;

export const countText = (count: number): string => count.toLocaleString('en');

/** `1 article`, `2,000 articles`. `many`: where it is not the noun with an s. */
export const countedText = (count: number, noun: string, many = `${noun}s`): string =>
  `${countText(count)} ${count === 1 ? noun : many}`;
