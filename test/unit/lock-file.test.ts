/** The lock file is whole: `npm ci` takes it on every system, and each package is held to its digest. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Readonly<Record<string, Locked>> };
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

test('every package comes from the registry, and runs nothing as it is installed', () => {
  const others = Object.entries(installed).filter(
    ([, { resolved, hasInstallScript }]) =>
      hasInstallScript === true || (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')),
  );
  expect(others).toEqual([]);
  expect(read('.npmrc').split('\n')).toContain('ignore-scripts=true');
});

test('what is named is a version, and not a range', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Readonly<
    Record<'dependencies' | 'devDependencies', Readonly<Record<string, string>>>
  >;
  const named = Object.entries({ ...dependencies, ...devDependencies });
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter(([name, version]) => installed[`node_modules/${name}`]?.version !== version)).toEqual([]);
});
