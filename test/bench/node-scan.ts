/** Scans a file in a process of its own and prints what it took: run by the bench, one process a measurement. */
import { IndexMap } from '../../src/memory/map/index-map';
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
/** The whole map at the zoom that shows all of it, and every page counted. */
const { pages, image } = second.scan;
const map = new IndexMap(pages, () => image);
const mapStarted = performance.now();
const perCell = 2 ** 14;
for (let start = 0; start <= pages.highest; start += perCell * 256)
  map.cells({ layer: 'type', start, perCell, cells: 256 });
const mapMs = performance.now() - mapStarted;
await map.totals(() => Promise.resolve());
const totalsMs = performance.now() - mapStarted - mapMs;
const result = {
  mapMs,
  totalsMs,
  mapBytes: map.byteLength,
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
