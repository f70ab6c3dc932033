const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** A size for people, by thousands: `8,192 B`, `1.2 MB`. */
export function inBytes(bytes: number): string {
  if (bytes < 10_000) return `${bytes.toLocaleString('en')} B`;
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1_000 ** step;
  return `${amount < 10 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[step]}`;
}
