import type { PassCounts } from '../store/pass-table.js';

export type PassTally = ReturnType<typeof createPassTally>;

/** Problems kept of one pass: enough to see a pattern, bounded whatever a publisher sends. */
const MOST_PROBLEMS = 50;

/** What one pass over a publisher brought, counted while it runs. */
export function createPassTally() {
  const counts: PassCounts = { fresh: 0, changed: 0, unchanged: 0, removed: 0, failed: 0 };
  const problems: { subject: string; reason: string }[] = [];
  return {
    counts,
    problems,
    fresh: (): void => {
      counts.fresh += 1;
    },
    changed: (): void => {
      counts.changed += 1;
    },
    unchanged: (): void => {
      counts.unchanged += 1;
    },
    removed: (): void => {
      counts.removed += 1;
    },
    /** One article or source that failed, and why. */
    failed: (subject: string, reason: string): void => {
      counts.failed += 1;
      if (problems.length < MOST_PROBLEMS)
        problems.push({ subject: subject.slice(0, 300), reason: reason.slice(0, 500) });
    },
    /** Worth telling the keeper, though nothing failed. */
    noted: (subject: string, reason: string): void => {
      if (problems.length < MOST_PROBLEMS)
        problems.push({ subject: subject.slice(0, 300), reason: reason.slice(0, 500) });
    },
  };
}
