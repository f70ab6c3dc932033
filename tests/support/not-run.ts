/** Stands in the title of a skipped suite, before the reason why it was not run; `summary-reporter.ts` prints what follows it. */
export const NOT_RUN = ' | not run: ';
