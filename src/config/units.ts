const MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const BYTES = { B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;

const isUnitOf = <T extends object>(units: T, name: string): name is keyof T & string =>
  Object.hasOwn(units, name);

function parseAmount(text: string, units: Readonly<Record<string, number>>): number | null {
  const [, amount, unit] = /^(\d{1,12}(?:\.\d{1,3})?) ?([A-Za-z]+)$/.exec(text.trim()) ?? [];
  if (amount === undefined || unit === undefined || !isUnitOf(units, unit)) return null;
  const value = Number(amount) * (units[unit] ?? Number.NaN);
  return Number.isSafeInteger(value) ? value : null;
}

/** `15s`, `10m`, `6h`, `7d`, `250ms` in milliseconds; null for anything else. A bare number has no unit and is refused. */
export const parseDurationMs = (text: string): number | null => parseAmount(text, MS);

/** `8192B`, `64KiB`, `20MB` in bytes; null for anything else. kB, MB, GB count by 1,000; KiB, MiB, GiB by 1,024. */
export const parseSizeBytes = (text: string): number | null => parseAmount(text, BYTES);
