import { styleText } from 'node:util';
import type { Output } from './cli-deps.js';

type Format = Parameters<typeof styleText>[0];

/** Colors only on a terminal that wants them: https://no-color.org, and `TERM=dumb`. */
export function createStyle(
  out: Pick<Output, 'isTTY'>,
  env: Readonly<Record<string, string | undefined>>,
): (format: Format, text: string) => string {
  const wanted = out.isTTY && !env.NO_COLOR && env.TERM !== 'dumb';
  return (format, text) => (wanted ? styleText(format, text, { validateStream: false }) : text);
}
