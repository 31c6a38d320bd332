/** Searches an image and reads it through, in turn, in a process of its own. Run by the bench. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { Query } from '../../src/memory/search/kit/query';
import { search } from '../../src/memory/search/search';
import { Scan } from '../../src/scan/scan';
import { openNodeFile } from '../../src/source/node-file';

const path = process.argv[2] ?? '';
/** Bytes that stand for the whole: of a file larger than memory each turn takes others, which are in no cache. */
const PART = Number(process.argv[3] ?? 0);
const BLOCK = 4 * 2 ** 20;

const source = openNodeFile(path);
const scan = await new Scan(source).run();
const part = PART === 0 ? source.size : PART;

/** Bytes per millisecond. */
function readThrough(from: number): number {
  const fd = openSync(path, 'r');
  const block = Buffer.alloc(BLOCK);
  const started = performance.now();
  for (let at = 0; at < part; at += BLOCK) readSync(fd, block, 0, BLOCK, from + at);
  closeSync(fd);
  return part / (performance.now() - started);
}

async function searchThrough(query: Query): Promise<number> {
  const stop = new AbortController();
  const started = performance.now();
  const { searchedBytes } = await search(
    scan,
    source,
    { query, scope: 'memory' },
    {
      signal: stop.signal,
      onPart: () => undefined,
      onProgress: (done) => {
        if (done >= part) stop.abort();
      },
    },
  );
  return searchedBytes / (performance.now() - started);
}

const QUERIES: Readonly<Record<string, Query>> = {
  text: { kind: 'text', text: 'Nothing has this text in it' },
  'text of either case': { kind: 'text', text: 'Nothing has this text in it', ignoreCase: true },
  'bytes with wildcards': { kind: 'hex', text: '4d 5a ?? 0? 13 37' },
  'number of 8 bytes': { kind: 'int', text: '0xffffffff81234567' },
  'regular expression': { kind: 'regex', text: 'BEGIN [A-Z]+ KEY' },
  'regular expression without a fixed start': { kind: 'regex', text: '[A-Z]{3,8}_[0-9]+Q' },
  'regular expression with nothing fixed in it': { kind: 'regex', text: '[a-z]+[0-9]+[a-z]+[0-9]+[a-z]+Q' },
};

interface Rates {
  readonly search: number;
  readonly read: number;
}

/** The best of three turns, out of the system's cache. */
async function cached(): Promise<Record<string, Rates>> {
  readThrough(0);
  const rates: Record<string, Rates> = {};
  for (const [name, query] of Object.entries(QUERIES)) {
    const turns: Rates[] = [];
    for (let turn = 0; turn < 3; turn++) turns.push({ search: await searchThrough(query), read: readThrough(0) });
    rates[name] = {
      search: Math.max(...turns.map(({ search: rate }) => rate)),
      read: Math.max(...turns.map(({ read: rate }) => rate)),
    };
  }
  return rates;
}

/** What is read for the first time. */
async function uncached(): Promise<Record<string, Rates>> {
  const text = QUERIES['text'];
  if (!text) return {};
  return { text: { search: await searchThrough(text), read: readThrough(source.size - 2 * part) } };
}

const rates = PART === 0 ? await cached() : await uncached();
source.close();
console.log(JSON.stringify(rates));
