/**
 * `npm run bench`: builds the benchmarks and runs them; prints the design's budgets as measured here and now, then how
 * time and memory grow with the input. `npm run bench -- growth` does the second only, `-- growth gaps JSON` for the
 * inputs whose names have one of the words.
 */
import { execFileSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensurePrograms, ensurePackages } from './setup.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
ensurePackages();
ensurePrograms();
const onlyGrowth = process.argv[2] === 'growth';
const vite = (...args) =>
  execFileSync('node_modules/.bin/vite', ['build', '--logLevel', 'error', ...args], { stdio: ['ignore', 2, 2] });
if (!onlyGrowth) vite();
vite('--mode', 'cli');
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
      input: ['bench', 'node-scan', 'node-search', 'growth/growth'].map((name) => `test/bench/${name}.ts`),
      output: { entryFileNames: '[name].mjs' },
    },
  },
});
const programs = onlyGrowth ? ['growth'] : ['bench', 'growth'];
for (const name of programs) await import(pathToFileURL(resolve(`dist/bench/${name}.mjs`)).href);
