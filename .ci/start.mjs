/** `npm start`: installs what is missing, builds the page, serves it, prints the address. */
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePackages } from './setup.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
ensurePackages();
console.log('Building the page …');
execFileSync('node_modules/.bin/vite', ['build', '--logLevel', 'warn'], { stdio: ['ignore', 2, 2] });
const { preview } = await import('vite');
// Vite takes the next free port if this one is taken.
const server = await preview({ build: { outDir: 'dist/web' }, preview: { port: Number(process.env.PORT ?? 4173) } });
console.log(`Xenscope is at ${server.resolvedUrls?.local[0]}`);
