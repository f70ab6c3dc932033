#!/usr/bin/env node
import type { Output } from './cli/cli-deps.js';
import { runCli } from './cli/run.js';
import { systemClock } from './domain/clock.js';
import { guardOutput } from './observe/crash.js';
import { createLog } from './observe/log.js';

const outputOf = (stream: NodeJS.WriteStream): Output => ({
  write: (text) => void stream.write(text),
  isTTY: stream.isTTY === true,
  columns: stream.columns ?? 80,
});

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A log on a full disk loses lines; that must not end a node.
    if (error.code === 'ENOSPC' || error.code === 'EDQUOT') return;
    // `tamizdat ... | head` closes the pipe early: that is no failure.
    process.exit(error.code === 'EPIPE' ? 0 : 1);
  });
}

const argv = process.argv.slice(2);
const { TAMIZDAT_LOG_LEVEL: level, TAMIZDAT_LOG_FORMAT: format } = process.env;
guardOutput(
  process,
  createLog(
    {
      level: level === 'debug' ? 'debug' : 'error',
      format: format === 'json' ? 'json' : 'text',
      write: (line) => void process.stderr.write(line),
    },
    { clock: systemClock },
  ),
  { serving: argv.includes('serve') },
);

process.exitCode = await runCli(argv, {
  stdin: process.stdin,
  stdout: outputOf(process.stdout),
  stderr: outputOf(process.stderr),
  env: process.env,
});
