/** How time and memory grow with the input, family by family. Nothing here passes or fails. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FAMILIES, type Family } from './families';
import { type Cost, costOf, exponentOf } from './measure';

const DOUBLINGS = 4;

const folder = mkdtempSync(join(tmpdir(), 'xenscope-growth-'));
const paths = { IMAGE: join(folder, 'image'), BESIDE: join(folder, 'beside'), OUT: join(folder, 'out') } as const;

/** Writes the files of a family at a size; returns the bytes of the one that grows. */
function write({ make, beside }: Family, size: number): number {
  const image = make(size);
  writeFileSync(paths.IMAGE, image);
  const other = beside?.(size);
  if (other) writeFileSync(paths.BESIDE, other);
  return other?.length ?? image.length;
}

const argsOf = (ask: string): string[] =>
  ask.split(' ').map((word) => (word in paths ? paths[word as keyof typeof paths] : word));

const shown = (exponent: number | undefined): string => (exponent === undefined ? '–' : exponent.toFixed(2));

/** Measures a family: a row for each of its commands. */
function rowsOf(family: Family, idle: Cost): string[] {
  const costs = family.ask.map((): Cost[] => []);
  let bytes = 0;
  for (let doubling = 0; doubling < DOUBLINGS; doubling++) {
    bytes = write(family, family.from * 2 ** doubling);
    for (const [at, ask] of family.ask.entries()) {
      costs[at]?.push(costOf(argsOf(ask)));
      rmSync(paths.OUT, { force: true });
    }
  }
  return family.ask.map((ask, at) => {
    const series = costs[at] ?? [];
    const last = series.at(-1) ?? idle;
    const cells = [
      family.name,
      `\`${ask.replaceAll(/ ?(?:IMAGE|-o OUT)/gu, '')}\``,
      `${(bytes / 1e6).toFixed(1)} MB`,
      `${last.seconds.toFixed(2)} s`,
      shown(exponentOf(series, idle, 'seconds')),
      `${last.mib.toFixed(0)} MiB`,
      shown(exponentOf(series, idle, 'mib')),
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

/** Measures all families, or those whose names have one of these words; prints a table. */
export function measureGrowth(only: readonly string[]): void {
  try {
    writeFileSync(paths.IMAGE, FAMILIES[0]?.make(1) ?? new Uint8Array(0));
    const idle = costOf(argsOf('list IMAGE'));
    console.log(`\nA process that does nothing: ${idle.seconds.toFixed(2)} s, ${idle.mib.toFixed(0)} MiB.\n`);
    console.log('| input | command | largest | time | exponent | memory | exponent |');
    console.log('| --- | --- | --- | --- | --- | --- | --- |');
    for (const family of FAMILIES)
      if (only.length === 0 || only.some((word) => family.name.includes(word)))
        for (const row of rowsOf(family, idle)) console.log(row);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

measureGrowth(process.argv.slice(2).filter((word) => word !== 'growth'));
