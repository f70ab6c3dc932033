import { defineConfig } from 'vitest/config';

// `scripts/image-check` runs these, in namespaces of their own and with the images at hand. No other run does.
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    reporters: ['default', './tests/support/summary-reporter.ts'],
    include: ['tests/image/**/*.test.ts'],
    // They share the machine's ports, as compose.yaml names them.
    fileParallelism: false,
    testTimeout: 90_000,
    hookTimeout: 120_000,
  },
});
