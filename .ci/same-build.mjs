/**
 * Builds the page and the terminal program once more, in a folder of another name, and holds every file against the build
 * that is there: nothing of the machine, the time or the place may be in it. Then looks for their names all the same.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { homedir, hostname, tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

const BUILDS = [
  { folder: 'dist/web', options: [] },
  { folder: 'dist/cli', options: ['--mode', 'cli'] },
];

/** The files of a folder, by their paths in it. */
const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();

const elsewhere = mkdtempSync(join(tmpdir(), 'xenscope-build-'));
const problems = [];
try {
  const kept = readdirSync('.').filter((name) => !['node_modules', 'dist', '.git'].includes(name));
  for (const name of kept) cpSync(name, join(elsewhere, name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(elsewhere, 'node_modules'));
  // Names that are words of every program say nothing.
  const telling = [root, elsewhere, homedir(), hostname(), userInfo().username].filter((name) => name.length > 5);
  for (const { folder, options } of BUILDS) {
    execFileSync('node_modules/.bin/vite', ['build', '--logLevel', 'error', ...options], {
      cwd: elsewhere,
      env: { ...process.env, TZ: 'Pacific/Chatham', LC_ALL: 'C' },
      stdio: ['ignore', 2, 2],
    });
    const other = join(elsewhere, folder);
    const [ours, theirs] = [filesIn(folder), filesIn(other)];
    for (const file of new Set([...ours, ...theirs])) {
      const isBoth = ours.includes(file) && theirs.includes(file);
      if (!isBoth || !readFileSync(join(folder, file)).equals(readFileSync(join(other, file))))
        problems.push(`${folder}/${file} is not the same twice`);
    }
    for (const file of ours)
      for (const name of telling)
        if (readFileSync(join(folder, file)).includes(name)) problems.push(`${folder}/${file} names ${name}`);
  }
} finally {
  rmSync(elsewhere, { recursive: true });
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
