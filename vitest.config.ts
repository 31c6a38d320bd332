import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM } from './test/chromium.ts';
import { icedX86 } from './vite.iced.ts';

/** Ends a test that hangs. Far above what any takes, so that none fails because the machine is busy. */
const GIVE_UP_MS = 600_000;

export default defineConfig({
  test: {
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['test/unit/**/*.test.ts'],
          globalSetup: ['test/fixtures/build-cli.ts'],
          // To load the modules anew for each file costs as much as half of the tests; none of them keeps a state.
          isolate: false,
          testTimeout: GIVE_UP_MS,
          hookTimeout: GIVE_UP_MS,
        },
      },
      {
        plugins: [react({ jsxImportSource: '#jsx' }), icedX86],
        optimizeDeps: {
          exclude: ['iced-x86'],
          // No source names it, the compiler of JSX does. Found only when the first test asks, it would be packed then, and
          // the page loaded anew under the tests: in a fresh checkout, and after each change of the lock file.
          include: ['react/jsx-runtime', 'react/jsx-dev-runtime'],
        },
        worker: { format: 'es', plugins: () => [icedX86] },
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.{ts,tsx}', 'test/components/*.test.tsx'],
          testTimeout: GIVE_UP_MS,
          hookTimeout: GIVE_UP_MS,
          // A second, the default, is short while the unit tests have both cores.
          expect: { poll: { timeout: 120_000 } },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: CHROMIUM,
              contextOptions: {
                // Holds the largest view that a test asks for: one that does not fit is scaled down, and its pictures too.
                viewport: { width: 1920, height: 1200 },
                // What moves would look different from one picture to the next.
                reducedMotion: 'reduce',
              },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
    ],
  },
});
