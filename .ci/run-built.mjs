/** Builds a tool of `test` that has workers of its own, and runs it. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Fixtures lie beside the files that read them, not beside what is built of those. */
const ownUrl = {
  name: 'own-url',
  transform: (code, id) => code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
};

/** Builds `test/NAME/NAME.ts` and its `worker.ts` into `dist/NAME`, and runs the first. */
export async function runBuilt(name, logLevel) {
  const { build } = await import('vite');
  await build({
    configFile: false,
    logLevel,
    publicDir: false,
    plugins: [ownUrl],
    build: {
      ssr: true,
      outDir: `dist/${name}`,
      target: 'node20',
      rollupOptions: {
        input: [`test/${name}/${name}.ts`, `test/${name}/worker.ts`],
        output: { entryFileNames: '[name].mjs' },
      },
    },
  });
  await import(pathToFileURL(resolve(`dist/${name}/${name}.mjs`)).href);
}
