/** Installs what a checkout lacks: the npm packages of the lock file and, for the tests, Debian's browsers and debuggers. */
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';

const run = (command, args) => execFileSync(command, args, { stdio: ['ignore', 2, 2] });

export function ensurePackages() {
  const marker = 'node_modules/.package-lock.json';
  const fresh = existsSync(marker) && statSync(marker).mtimeMs >= statSync('package-lock.json').mtimeMs - 1000;
  if (fresh) return;
  console.error('Installing packages …');
  // Not `npm ci`: it refuses a lock file that leaves out native parts for systems which the registry at hand does not have.
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Browsers, and the programs that open what is exported. */
export function ensurePrograms() {
  const missing = [
    ['/usr/bin/chromium', 'chromium'],
    ['/usr/bin/firefox-esr', 'firefox-esr'],
    ['/usr/bin/gdb', 'gdb'],
    ['/usr/bin/readelf', 'binutils'],
  ].filter(([path]) => !existsSync(path));
  if (missing.length === 0) return;
  console.error(`Installing ${missing.map(([, name]) => name).join(', ')} …`);
  const sudo = process.getuid?.() === 0 ? [] : ['sudo'];
  const apt = (...args) => {
    const [command, ...rest] = [...sudo, 'apt-get', ...args];
    run(command, rest);
  };
  apt('update', '-qq');
  apt(
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    ...missing.map(([, name]) => name),
    'fonts-noto-core',
    'fonts-noto-mono',
  );
}
