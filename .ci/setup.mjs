/** Installs what a checkout lacks: the npm packages of the lock file and, for the tests, Debian's browsers and debuggers. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const run = (command, args) => execFileSync(command, args, { stdio: ['ignore', 2, 2] });

const LOCK = 'package-lock.json';
const INSTALLED = 'node_modules/.package-lock.json';
const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/** Whether what the lock file names is installed, version by version, and nothing else. */
function isInstalled() {
  if (!existsSync(INSTALLED)) return false;
  const [locked, installed] = [packagesOf(LOCK), packagesOf(INSTALLED)];
  const present = Object.entries(locked).every(
    // Optional ones are the native parts for other systems.
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
  return present && Object.keys(installed).every((path) => locked[path] !== undefined);
}

/** Installs exactly what the lock file names, where that is not there already. */
export function ensurePackages() {
  if (isInstalled()) return;
  console.error('Installing packages …');
  // How many packages came is said on stdout, what went wrong on stderr.
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio: ['ignore', 'ignore', 2] });
}

/** Browsers, the fonts that the pictures of the components are drawn with, and the programs that open what is exported. */
export function ensurePrograms() {
  const missing = [
    ['/usr/bin/chromium', 'chromium'],
    ['/usr/bin/firefox-esr', 'firefox-esr'],
    ['/usr/bin/gdb', 'gdb'],
    ['/usr/bin/readelf', 'binutils'],
    ['/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf', 'fonts-noto-core'],
    ['/usr/share/fonts/truetype/noto/NotoSansMono-Regular.ttf', 'fonts-noto-mono'],
  ].filter(([path]) => !existsSync(path));
  if (missing.length === 0) return;
  console.error(`Installing ${missing.map(([, name]) => name).join(', ')} …`);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    run(command, rest);
  };
  apt('update', '-qq');
  apt('install', '-y', '-qq', '--no-install-recommends', ...missing.map(([, name]) => name));
}
