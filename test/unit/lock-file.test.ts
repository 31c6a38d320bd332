/** The lock file is whole: `npm ci` takes it on every system, and each package is held to its digest. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Locked {
  readonly integrity?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const path = fileURLToPath(new URL('../../package-lock.json', import.meta.url));
const { packages } = JSON.parse(readFileSync(path, 'utf8')) as { packages: Readonly<Record<string, Locked>> };
const { '': root, ...installed } = packages;

test('every package has its integrity', () => {
  expect(root).toBeDefined();
  expect(Object.keys(installed)).toContain('node_modules/typescript');
  expect(Object.keys(installed).filter((at) => !installed[at]?.integrity?.startsWith('sha512-'))).toEqual([]);
});

test('the native parts for other systems are in it', () => {
  const missing = Object.entries(installed).flatMap(([at, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !installed[`${at}/node_modules/${name}`] && !installed[`node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
  expect(Object.keys(installed)).toContain('node_modules/@oxlint/binding-darwin-arm64');
});
