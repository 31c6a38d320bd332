/** `npm run bench`: builds the benchmarks and runs them; prints the design's budgets as measured here and now. */
import { execFileSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensurePrograms, ensurePackages } from './setup.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
ensurePackages();
ensurePrograms();
execFileSync('node_modules/.bin/vite', ['build', '--logLevel', 'warn'], { stdio: ['ignore', 2, 2] });
const { build } = await import('vite');
await build({
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  build: {
    ssr: true,
    outDir: 'dist/bench',
    target: 'node20',
    rollupOptions: {
      input: ['test/bench/bench.ts', 'test/bench/node-scan.ts', 'test/bench/node-search.ts'],
      output: { entryFileNames: '[name].mjs' },
    },
  },
});
await import(pathToFileURL(resolve('dist/bench/bench.mjs')).href);
