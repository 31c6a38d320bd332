/** `npm run fuzz`: builds the fuzzer and runs it. A number says how many mutants, `--from N` at which to start. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runBuilt } from './run-built.mjs';
import { ensurePackages } from './setup.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
ensurePackages();
await runBuilt('fuzz', 'warn');
