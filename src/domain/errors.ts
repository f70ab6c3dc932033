export interface TamizdatErrorOptions {
  /** What the person who reads the message should do next. */
  hint?: string;
  /** Whether trying again later, with nothing changed, can succeed. */
  retryable?: boolean;
  cause?: unknown;
}

/** What must not happen. What merely may happen is a returned value, never one of these. */
export class TamizdatError extends Error {
  override readonly name: string = 'TamizdatError';
  readonly code: string;
  readonly hint: string | null;
  readonly retryable: boolean;

  constructor(code: string, message: string, options: TamizdatErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? null;
    this.retryable = options.retryable ?? false;
  }
}

/** Wrong input from the person at the command line: config, flags, publisher files. Exit code 2. */
export class UsageError extends TamizdatError {
  override readonly name = 'UsageError';
}
