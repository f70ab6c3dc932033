const FIELDS = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

function isField(field: string, min: number, max: number): boolean {
  return field.split(',').every((part) => {
    const [, from, to, step] = /^(?:\*|(\d{1,2})(?:-(\d{1,2}))?)(?:\/(\d{1,2}))?$/.exec(part) ?? ['', '-1'];
    const numbers = [from, to].filter((text) => text !== undefined).map(Number);
    const ordered = (numbers[0] ?? min) <= (numbers[1] ?? max);
    return ordered && numbers.every((n) => n >= min && n <= max) && step !== '0' && step !== '00';
  });
}

/** Five fields of numbers, `*`, lists, ranges and steps: minute, hour, day, month, weekday, each within its range. */
export function isCronExpression(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  return (
    fields.length === FIELDS.length && FIELDS.every(([min, max], i) => isField(fields[i] ?? '', min, max))
  );
}
