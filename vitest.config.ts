import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Three suites: `unit` needs nothing but Node, `network` runs whole nodes over loopback,
// `tools` drives programs from Debian's packages (Chromium, newsboat, nginx, ...) and lists what it could not run.
const jsx = { oxc: { jsx: { runtime: 'automatic' as const, importSource: 'hono/jsx' } } };

// No test replaces a module: the files of a worker share what they import, which takes longer than most of them run.
const shared = {
  isolate: false,
  // What is polled for comes as late as a busy machine lets it; vitest alone waits a second.
  expect: { poll: { timeout: 30_000 } },
  // For what hangs: time enough on a machine that does other work.
  testTimeout: 300_000,
  hookTimeout: 300_000,
};

// Only these two start the compiled program; a unit test must run while another room does not compile.
const globalSetup = ['tests/support/build-once.ts'];

export default defineConfig({
  test: {
    reporters: ['default', './tests/support/summary-reporter.ts'],
    // Some files wait most of their time, for a private Tor network or a line that freezes: one more than there are cores.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        ...jsx,
        test: {
          ...shared,
          name: 'unit',
          include: ['tests/**/*.test.{ts,tsx}'],
          // Those of `image` have a configuration of their own.
          exclude: ['tests/network/**', 'tests/tools/**', 'tests/image/**'],
        },
      },
      {
        ...jsx,
        test: {
          ...shared,
          name: 'network',
          globalSetup,
          include: ['tests/network/**/*.test.ts'],
        },
      },
      {
        ...jsx,
        test: {
          ...shared,
          name: 'tools',
          globalSetup: [...globalSetup, 'tests/support/demo-folder.ts'],
          include: ['tests/tools/**/*.test.ts'],
        },
      },
    ],
  },
});
