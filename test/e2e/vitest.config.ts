import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes longest starts first, so that all ends at about the same time. */
class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): number => Number(/(?:firefox|large)\.test\.ts$/u.test(moduleId));
    return Promise.resolve(files.toSorted((a, b) => isLong(b) - isLong(a)));
  }
}

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/e2e/*.test.ts'],
    globalSetup: ['test/e2e/serve.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 10_000 } },
    sequence: { sequencer: LongestFirst },
    // Each file drives a browser of its own, which waits as much as it works: three are what two cores carry.
    maxWorkers: 3,
  },
});
