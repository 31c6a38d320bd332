/** `npm run regress`: builds the terminal program and the tool that holds its answers against those of another commit. */
import { execFileSync } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensurePackages } from './setup.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
ensurePackages();
if (!process.argv.includes('--program'))
  execFileSync('node_modules/.bin/vite', ['build', '--mode', 'cli', '--logLevel', 'error'], {
    stdio: ['ignore', 2, 2],
  });
const { build } = await import('vite');
/** Fixtures lie beside the files that read them, not beside what is built of those. */
const ownUrl = {
  name: 'own-url',
  transform: (code, id) => code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
};
await build({
  configFile: false,
  logLevel: 'error',
  publicDir: false,
  plugins: [ownUrl],
  build: {
    ssr: true,
    outDir: 'dist/regress',
    target: 'node20',
    rollupOptions: {
      input: ['test/regress/regress.ts', 'test/regress/worker.ts'],
      output: { entryFileNames: '[name].mjs' },
    },
  },
});
await import(pathToFileURL(resolve('dist/regress/regress.mjs')).href);
