import react from '@vitejs/plugin-react';
import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { icedX86 } from '../../vite.iced.ts';
import { CHROMIUM } from '../chromium.ts';

/** Holds the components against their pictures: `npm run components`. No part of `npm test`. */
export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  plugins: [react(), icedX86],
  optimizeDeps: { exclude: ['iced-x86'] },
  worker: { format: 'es', plugins: () => [icedX86] },
  test: {
    include: ['test/components/*.test.tsx'],
    testTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      // A window that holds the largest view that a test asks for: a larger view is scaled down, and pictures of it too.
      provider: playwright({
        launchOptions: CHROMIUM,
        contextOptions: { viewport: { width: 1920, height: 1200 } },
      }),
      instances: [{ browser: 'chromium' }],
    },
  },
});
