/** `npm test`: installs what is missing, then every check in turn. Stops at none: the end says which failed. */
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePrograms, ensurePackages } from './setup.mjs';

process.chdir(dirname(dirname(fileURLToPath(import.meta.url))));
ensurePackages();
ensurePrograms();

const bin = (name) => `node_modules/.bin/${name}`;
const CHECKS = [
  ['types', bin('tsc'), '-p', '.'],
  ['lint and layers', bin('oxlint'), '--type-aware', '--deny-warnings'],
  ['format', bin('oxfmt'), '--check'],
  ['dead code', bin('knip')],
  ['prose', 'node', '.ci/prose.mjs'],
  ['picture of the layers', 'node', '.ci/layers.mjs', '--check'],
  ['build', 'npm', 'run', '-s', 'build', '--', '--logLevel', 'warn'],
  ['same build twice', 'node', '.ci/same-build.mjs'],
  ['size', bin('size-limit')],
  ['unit and browser tests', bin('vitest'), 'run'],
  ['end to end', bin('vitest'), 'run', '--config', 'test/e2e/vitest.config.ts'],
];

const only = process.argv.slice(2);
const failed = [];
for (const [name, command, ...args] of CHECKS) {
  if (only.length > 0 && !only.some((word) => name.includes(word))) continue;
  console.log(`\n── ${name}`);
  const started = performance.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit' });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status !== 0) failed.push(name);
  console.log(`${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
}
console.log(failed.length === 0 ? '\nAll checks passed.' : `\nFailed: ${failed.join(', ')}`);
process.exitCode = failed.length === 0 ? 0 : 1;
