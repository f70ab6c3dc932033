import { UsageError } from '../domain/errors.js';
import type { CliDeps } from './cli-deps.js';

export interface Question<T> {
  /** Without its mark: `Name of this mirror`. */
  text: string;
  /** What an empty line stands for, as it would be typed. */
  fallback: string;
  /** The answer, or in words what is wrong with it. */
  read: (answer: string) => { value: T } | { wrong: string };
}

/** A conversation on the terminal, line by line. `close` lets the process end. */
export function createConversation({ stdin, stdout }: Pick<CliDeps, 'stdin' | 'stdout'>) {
  const input = stdin[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let pending = '';

  async function line(): Promise<string> {
    for (;;) {
      const end = pending.indexOf('\n');
      if (end !== -1) {
        const found = pending.slice(0, end);
        pending = pending.slice(end + 1);
        return found.replace(/\r$/, '').trim();
      }
      const next = await input.next();
      if (next.done === true) {
        throw new UsageError('init-ended', 'the input ended before the last question; nothing was written', {
          hint: 'Start again, or give the answers as flags: tamizdat init --yes --help',
        });
      }
      pending += decoder.decode(next.value, { stream: true });
    }
  }

  /** Asks until the answer can be read. */
  async function ask<T>({ text, fallback, read }: Question<T>): Promise<T> {
    for (;;) {
      stdout.write(`${text} [${fallback === '' ? 'none' : fallback}]: `);
      const answer = await line();
      const result = read(answer === '' ? fallback : answer);
      if ('value' in result) return result.value;
      stdout.write(`  ${result.wrong}\n`);
    }
  }

  return {
    say: (text: string): void => stdout.write(`${text}\n`),
    ask,
    close: async (): Promise<void> => {
      await input.return?.();
    },
  };
}

export type Conversation = ReturnType<typeof createConversation>;

/** Yes or no, in the letters people type. */
export const yesOrNo = (text: string, fallback: 'yes' | 'no'): Question<boolean> => ({
  text,
  fallback,
  read: (answer) =>
    /^(?:y|yes)$/i.test(answer)
      ? { value: true }
      : /^(?:n|no)$/i.test(answer)
        ? { value: false }
        : { wrong: 'Please say yes or no.' },
});
