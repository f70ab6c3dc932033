import type { Output } from '../../src/cli/cli-deps.js';
import { runCli } from '../../src/cli/run.js';

export interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CliSetting {
  env?: Record<string, string>;
  stdin?: string;
  /** Whether somebody sits at it. */
  tty?: boolean;
}

export interface RecordedOutput extends Output {
  text(): string;
}

/** An output that keeps what was written to it. */
export function recordOutput(isTTY = false, columns = 80): RecordedOutput {
  let written = '';
  return {
    isTTY,
    columns,
    write: (text) => {
      written += text;
    },
    text: () => written,
  };
}

/** Runs a command in this process, without touching its streams. */
export async function cli(
  argv: readonly string[],
  { env = {}, stdin = '', tty = false }: CliSetting = {},
): Promise<CliResult> {
  const stdout = recordOutput();
  const stderr = recordOutput();
  async function* input() {
    yield new TextEncoder().encode(stdin);
  }
  const code = await runCli(argv, { stdin: Object.assign(input(), { isTTY: tty }), stdout, stderr, env });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}
