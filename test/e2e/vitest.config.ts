import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/e2e/*.test.ts'],
    globalSetup: ['test/e2e/serve.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Each file drives a browser of its own: two cores do not carry more than one at a time.
    fileParallelism: false,
  },
});
