/** Searches an image in a process of its own, and reads it through for comparison, in turn. Run by the bench. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Query } from '../../src/memory/search/query';
import { search } from '../../src/memory/search/search';
import { Scan } from '../../src/scan/scan';
import { openNodeFile } from '../../src/source/node-file';

const path = process.argv[2] ?? '';
const BLOCK = 4 * 2 ** 20;

const source = openNodeFile(path);
const scan = await new Scan(source).run();

/** Bytes per millisecond. */
function readThrough(): number {
  const fd = openSync(path, 'r');
  const block = Buffer.alloc(BLOCK);
  const started = performance.now();
  for (let at = 0; at < source.size; at += BLOCK) readSync(fd, block, 0, BLOCK, at);
  closeSync(fd);
  return source.size / (performance.now() - started);
}

async function searchThrough(query: Query): Promise<number> {
  const started = performance.now();
  const { searchedBytes } = await search(scan, source, { query, scope: 'memory' }, { onPart: () => undefined });
  return searchedBytes / (performance.now() - started);
}

const QUERIES: Readonly<Record<string, Query>> = {
  text: { kind: 'text', text: 'Nothing has this text in it' },
  'text of either case': { kind: 'text', text: 'Nothing has this text in it', ignoreCase: true },
  bytes: { kind: 'hex', text: '4d 5a ?? 0? 13 37' },
  number: { kind: 'int', text: '0xffffffff81234567' },
  'regular expression': { kind: 'regex', text: 'BEGIN [A-Z]+ KEY' },
};

readThrough();
const rates: Record<string, { search: number; read: number }> = {};
for (const [name, query] of Object.entries(QUERIES)) {
  await searchThrough(query);
  const turns: [number, number][] = [];
  for (let turn = 0; turn < 3; turn++) turns.push([await searchThrough(query), readThrough()]);
  rates[name] = { search: Math.max(...turns.map(([one]) => one)), read: Math.max(...turns.map(([, one]) => one)) };
}
source.close();
console.log(JSON.stringify(rates));
