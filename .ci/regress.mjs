/** `npm run regress`: builds the terminal program and the tool that holds its answers against those of another commit. */
import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBuilt } from './run-built.mjs';
import { ensurePackages } from './setup.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
ensurePackages();
if (!process.argv.includes('--program'))
  execFileSync('node_modules/.bin/vite', ['build', '--mode', 'cli', '--logLevel', 'error'], {
    stdio: ['ignore', 2, 2],
  });
await runBuilt('regress', 'error');
