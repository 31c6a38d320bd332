/** What loads at the start, shared parts included: those are what the budgets are for. */
import { readdirSync, readFileSync } from 'node:fs';

const ASSETS = 'dist/web/assets/';

/** The scripts and styles that the page names. */
const page = readFileSync('dist/web/index.html', 'utf8');
const named = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/gu)].map(([, path]) => `dist/web/${path}`);

/** A script and all that it imports when it is loaded. */
function withImports(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const script = readFileSync(ASSETS + name, 'utf8');
  for (const [, imported] of script.matchAll(/(?:import|from)\s*"\.\/([^"]+\.js)"/gu)) withImports(imported, found);
  return found;
}

const worker = readdirSync(ASSETS).find((name) => /^scan\.worker-.*\.js$/u.test(name));

export default [
  { name: 'page: script at start', path: named.filter((path) => path.endsWith('.js')), limit: '200 kB', gzip: true },
  { name: 'worker', path: [...withImports(worker)].map((name) => ASSETS + name), limit: '60 kB', gzip: true },
  { name: 'styles', path: named.filter((path) => path.endsWith('.css')), limit: '20 kB', gzip: true },
];
