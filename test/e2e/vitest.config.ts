import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/e2e/*.test.ts'],
    globalSetup: ['test/e2e/serve.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Each file drives a browser of its own, which waits as much as it works: two are what two cores carry.
    maxWorkers: 2,
  },
});
