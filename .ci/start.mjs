/** `npm start`: installs what is missing, builds the page, serves it, prints the address. */
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve } from './serve.mjs';
import { ensurePackages } from './setup.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
ensurePackages();
console.log('Building the page …');
execFileSync('node_modules/.bin/vite', ['build', '--logLevel', 'warn'], { stdio: ['ignore', 2, 2] });
const { url } = await serve('dist/web', Number(process.env.PORT ?? 4173));
console.log(`Xenscope is at ${url}`);
