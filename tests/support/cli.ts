import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
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

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

/** Runs the compiled program as a person would. */
export function tamizdat(
  argv: readonly string[],
  { env = {}, stdin = '' }: CliSetting = {},
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...argv], { env: { PATH: process.env.PATH, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr += text;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
    child.stdin.on('error', () => undefined).end(stdin);
  });
}
