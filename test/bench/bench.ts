/**
 * The budgets of the design, measured. Times are of this machine at this moment; what is worth keeping are the ratios.
 * Nothing here passes or fails.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { measureBrowser } from './browser';
import { measureMap } from './map';
import { writeBigImage, writeManyRecords } from './big-image';
import { readThrough } from './read-through';

const MIB = 2 ** 20;

interface NodeScan {
  readonly size: number;
  readonly coldMs: number;
  readonly warmMs: number;
  readonly records: number;
  readonly runs: number;
  readonly indexBytes: number;
  readonly mapMs: number;
  readonly totalsMs: number;
  readonly mapBytes: number;
  readonly peakRssBytes: number;
}

const rows: [what: string, measured: string, budget: string][] = [];
const report = (what: string, measured: string, budget: string): void => {
  rows.push([what, measured, budget]);
  console.log(`${what}: ${measured}   (budget: ${budget})`);
};
const mib = (bytes: number): string => `${(bytes / MIB).toFixed(0)} MiB`;
const rate = (bytesPerMs: number): string => `${((bytesPerMs * 1000) / 1e9).toFixed(2)} GB/s`;

const scanInNode = (path: string): NodeScan =>
  JSON.parse(
    execFileSync(process.execPath, [join(import.meta.dirname, 'node-scan.mjs'), path], { encoding: 'utf8' }),
  ) as NodeScan;

const searchInNode = (path: string, part = 0): Record<string, { search: number; read: number }> =>
  JSON.parse(
    execFileSync(process.execPath, [join(import.meta.dirname, 'node-search.mjs'), path, String(part)], {
      encoding: 'utf8',
    }),
  ) as Record<string, { search: number; read: number }>;

const reportSearch = (where: string, rates: ReturnType<typeof searchInNode>): void => {
  for (const [name, { search, read }] of Object.entries(rates)) {
    report(
      `search for a ${name}, ${where}, Node`,
      `${rate(search)}: ${(search / read).toFixed(2)} × reading it through (${rate(read)})`,
      '≥ 0.8 ×',
    );
  }
};

const folder = mkdtempSync(join(tmpdir(), 'xenscope-bench-'));
console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}\n`);
try {
  const idle = scanInNode(join(import.meta.dirname, 'node-scan.mjs')).peakRssBytes;

  const image = join(folder, '64gib');
  const size = writeBigImage(image, 64);
  const node = scanInNode(image);
  const through = readThrough(image);
  const scanned = size / node.warmMs;
  report(
    'full index of a warm 64 GiB image, Node',
    `${node.warmMs.toFixed(0)} ms, ${(scanned / through.first).toFixed(0)} × reading it through (${rate(through.first)}), ${(scanned / through.again).toFixed(0)} × reading what is cached (${rate(through.again)})`,
    '≥ 100 ×',
  );

  reportSearch('image larger than memory', searchInNode(image, 4 * 2 ** 30));
  const full = join(folder, 'full');
  writeBigImage(full, 2, { filled: true });
  reportSearch('cached image of 2 GiB', searchInNode(full));
  rmSync(full);

  const browser = await measureBrowser(image, size, join(folder, 'many'), () =>
    writeManyRecords(join(folder, 'many'), 10_000_000),
  );
  for (const [what, measured, budget] of browser) report(what, measured, budget);
  rmSync(image);

  for (const [gib, budget] of [
    [128, '≤ 150 MB'],
    [1024, '≤ 600 MB'],
  ] as const) {
    const path = join(folder, String(gib));
    writeBigImage(path, gib, { again: gib === 1024 ? 4096 : 0 });
    const scan = scanInNode(path);
    if (gib === 1024) for (const row of await measureMap(path)) report(...row);
    rmSync(path);
    report(
      `map and totals of a ${gib} GiB image in the worker's code, Node`,
      `${scan.mapMs.toFixed(0)} ms and ${scan.totalsMs.toFixed(0)} ms, ${mib(scan.mapBytes)}`,
      '≤ 1 s',
    );
    report(
      `memory of the scan, ${gib} GiB image in order`,
      `index ${mib(scan.indexBytes)}, process ${mib(scan.peakRssBytes)} of which ${mib(idle)} before it starts`,
      budget,
    );
  }

  // All scripts that load with the page, not the first alone.
  const page = readFileSync('dist/web/index.html', 'utf8');
  const scripts = [...page.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.js)"/gu)].map(([, path]) => path ?? '');
  const bytes = scripts.reduce((sum, path) => sum + gzipSync(readFileSync(join('dist/web', path))).length, 0);
  report('initial JS, gzipped, shared parts included', `${(bytes / 1000).toFixed(0)} KB`, '≤ 200 KB');
} finally {
  rmSync(folder, { recursive: true });
}

console.log('\n| what | measured | budget |\n|---|---|---|');
for (const row of rows) console.log(`| ${row.join(' | ')} |`);
