const formats = new Map<string, Intl.DateTimeFormat | null>();

/** Epoch milliseconds of a wall-clock time, itself given as if it were UTC. An unknown zone counts as UTC. */
export function localToEpoch(localMs: number, timeZone: string): number {
  const first = localMs - offsetMs(localMs, timeZone);
  // Once more at the instant found: the offset may differ there when clocks change between the two.
  return localMs - offsetMs(first, timeZone);
}

function offsetMs(instant: number, timeZone: string): number {
  const format = formatOf(timeZone);
  if (format === null || Number.isNaN(instant)) return 0;
  const value = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = value;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(instant / 1000) * 1000;
}

function formatOf(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  let format: Intl.DateTimeFormat | null = null;
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    // RangeError: no such zone. The publisher schema checks names; a feed's date is not the place to fail.
  }
  formats.set(timeZone, format);
  return format;
}
