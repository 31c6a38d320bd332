import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Firefox takes longest by far: last in the row, it would run alone in the end. */
class FirefoxFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isFirefox = ({ moduleId }: TestSpecification): number => Number(moduleId.endsWith('/firefox.test.ts'));
    return Promise.resolve(files.toSorted((a, b) => isFirefox(b) - isFirefox(a)));
  }
}

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/e2e/*.test.ts'],
    globalSetup: ['test/e2e/serve.ts'],
    // Ends a test that hangs. Far above what any takes, so that none fails because the machine is busy.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    sequence: { sequencer: FirefoxFirst },
    // Each file drives a browser of its own, which waits as much as it works: two are what two cores carry.
    maxWorkers: 2,
  },
});
