/** Scans a file in a process of its own and prints what it took: run by the bench, one process a measurement. */
import { openNodeFile } from '../../src/source/node-file';
import { Scan } from '../../src/scan/scan';

const path = process.argv[2] ?? '';
const source = openNodeFile(path);
const measure = async (): Promise<{ ms: number; scan: Scan }> => {
  const started = performance.now();
  const scan = new Scan(source);
  await scan.run();
  return { ms: performance.now() - started, scan };
};
const first = await measure();
const second = await measure();
const result = {
  size: source.size,
  coldMs: first.ms,
  warmMs: second.ms,
  records: second.scan.records.count,
  runs: second.scan.pages.runs,
  indexBytes: second.scan.records.byteLength + second.scan.pages.byteLength,
  peakRssBytes: process.resourceUsage().maxRSS * 1024,
};
source.close();
console.log(JSON.stringify(result));
