/** Whether a system error says that there is no such file (ENOENT), rather than that it may not or cannot be read. */
export const isMissingFile = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';
