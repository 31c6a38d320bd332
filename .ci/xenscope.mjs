/** Runs the terminal program of a checkout: installs and builds first where that is needed. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensurePackages } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = join(root, 'dist/cli/xenscope.mjs');
const newest = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0);

const sources = ['check', 'cli', 'format', 'lib', 'memory', 'scan', 'source'].map((folder) =>
  newest(join(root, 'src', folder)),
);
if (!existsSync(program) || statSync(program).mtimeMs < Math.max(...sources)) {
  const before = process.cwd();
  process.chdir(root);
  ensurePackages();
  execFileSync('node_modules/.bin/vite', ['build', '--mode', 'cli', '--logLevel', 'error'], {
    stdio: ['ignore', 2, 2],
  });
  process.chdir(before);
}
// npm runs scripts in the checkout; operands are relative to where the user stands.
if (process.env.INIT_CWD) process.chdir(resolve(process.env.INIT_CWD));
await import(pathToFileURL(program).href);
