#!/usr/bin/env node
import type { Output } from './cli/cli-deps.js';
import { runCli } from './cli/run.js';

const outputOf = (stream: NodeJS.WriteStream): Output => ({
  write: (text) => void stream.write(text),
  isTTY: stream.isTTY === true,
  columns: stream.columns ?? 80,
});

for (const stream of [process.stdout, process.stderr]) {
  // `tamizdat ... | head` closes the pipe early: that is no failure.
  stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  env: process.env,
});
