/** What one check of the doctor found. `fail` wants somebody to act before anything else; `warn` soon. */
export interface Finding {
  check: string;
  level: 'ok' | 'warn' | 'fail';
  found: string;
  /** What to do about it; null where nothing is. */
  todo: string | null;
}

export const ok = (check: string, found: string): Finding => ({ check, level: 'ok', found, todo: null });
export const warn = (check: string, found: string, todo: string): Finding => ({
  check,
  level: 'warn',
  found,
  todo,
});
export const fail = (check: string, found: string, todo: string): Finding => ({
  check,
  level: 'fail',
  found,
  todo,
});

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
