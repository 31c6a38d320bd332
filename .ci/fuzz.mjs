/** `npm run fuzz`: builds the fuzzer and runs it. A number says how many mutants, `--from N` at which to start. */
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensurePackages } from './setup.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
ensurePackages();
const { build } = await import('vite');
/** Fixtures lie beside the files that read them, not beside what is built of those. */
const ownUrl = {
  name: 'own-url',
  transform: (code, id) => code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
};
await build({
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  plugins: [ownUrl],
  build: {
    ssr: true,
    outDir: 'dist/fuzz',
    target: 'node20',
    rollupOptions: {
      input: ['test/fuzz/fuzz.ts', 'test/fuzz/worker.ts'],
      output: { entryFileNames: '[name].mjs' },
    },
  },
});
await import(pathToFileURL(resolve('dist/fuzz/fuzz.mjs')).href);
