/** One mutant: scanned, checked, decoded; what must hold whatever its bytes are. */
import { textsOf } from '../../src/check/kit/log-line';
import { check, type CheckOptions } from '../../src/check/check';
import { CHECK_LIMIT } from '../../src/check/kit/finding';
import { reportJson } from '../../src/check/json';
import { parseTarget } from '../../src/check/target/policy-text';
import type { FieldNode } from '../../src/format/kit/node';
import { decodeRow } from '../../src/scan/decode-row';
import { FINDING_LIMIT } from '../../src/scan/finding';
import { loadLength } from '../../src/scan/load-length';
import { PageIndex } from '../../src/scan/pages';
import { Reader } from '../../src/scan/reader';
import { RecordIndex } from '../../src/scan/records';
import { Scan, type ScanResult } from '../../src/scan/scan';
import { Walk } from '../../src/scan/walk/walk';
import type { ByteSource } from '../../src/source/source';
import { walkNodes } from '../fixtures/nodes';
import { HOST } from '../unit/check/cases/libxc';
import { mutate } from './mutate';
import { leakOf, mutantOf } from './privacy';
import { type Budget, piecesSource } from './pieces';
import { Random } from './random';
import { pickSeed, type Seeds } from './seeds';

const KIB = 1024;
const MIB = 1024 * KIB;

/**
 * What a reader may read of a file in all. The walk, the check and the fields each read it about once; searching after
 * damage reads stretches again.
 */
const budgetOf = (size: number): Budget => ({ reads: 2000 + size / 8, bytes: 64 * MIB + 32 * size });
/** Of the indexes: first chunks of their columns, then some 30 bytes a row or run, of which each has 8 in the file. */
const indexBytes = (size: number): number => MIB + 8 * size;
/** And the table of granules, which the highest PFN makes long. */
const LOOKUP = 64 * KIB;

/** Xen 4.17 mostly; the assumed one, the oldest, those between. */
const VERSIONS = [417, 417, 417, undefined, 406, 411, 413, 414, 416, 418, 420, 423];
/** Records of which one mutant's fields are looked at, and elements of one list. */
const ROWS = 64;
const target = parseTarget(HOST);

export type Verdicts = Record<'ok' | 'suspect' | 'fails' | 'unknown', number>;
export const noVerdicts = (): Verdicts => ({ ok: 0, suspect: 0, fails: 0, unknown: 0 });

class Broken extends Error {
  override readonly name = 'Broken';
}

function must(holds: boolean, what: () => string): asserts holds {
  if (!holds) throw new Broken(what());
}

interface Placed {
  readonly offset: number;
  readonly length: number;
}

function within({ offset, length }: Placed, size: number, what: string): void {
  const holds = Number.isInteger(offset) && Number.isInteger(length);
  must(
    holds && offset >= 0 && length >= 0 && offset + length <= size,
    () => `${what} at ${offset}, ${length} bytes, in a file of ${size}`,
  );
}

/** What a template makes of a value that is not there, or of the wrong kind. */
function sensible(text: string, what: string): void {
  must(!text.includes('undefined') && !text.includes('[object '), () => `${what} reads “${text}”`);
}

function lookAtScan(scan: ScanResult, size: number): void {
  const { records, pages, findings, image } = scan;
  // One more for a read that failed.
  must(findings.length <= FINDING_LIMIT + 1, () => `${findings.length} findings`);
  for (const finding of findings) {
    within(finding, size, `finding ${finding.id}`);
    must(finding.record === undefined || finding.record < records.count, () => `${finding.id} of no record`);
    sensible([finding.message, finding.expected, finding.found].join(' '), `finding ${finding.id}`);
  }
  const held = records.byteLength + pages.byteLength;
  must(held <= indexBytes(size), () => `indexes of ${held} bytes for a file of ${size}`);
  for (const gap of image.gaps) within(gap, size, 'a gap');
  for (const { offset } of image.context) within({ offset, length: 8 }, size, 'an HVM entry');
  if (image.config) within(image.config, size, 'the configuration');
  if (image.trailer) within(image.trailer, size, 'the trailer');
  let last = -1;
  for (let index = 0; index < records.count; index++) {
    const offset = records.offsetAt(index);
    must(offset > last && offset < size, () => `row ${index} at ${offset}, after ${last}, of ${size}`);
    last = offset;
  }
}

function lookAtNode(node: FieldNode, size: number): void {
  within(node, size, `field ${node.name}`);
  sensible([node.text, node.note, node.problem].join(' '), `field ${node.name}`);
}

/** The fields of records, and of their lists the first and the last element. */
function decodeRows(scan: ScanResult, source: ByteSource, random: Random): void {
  const { records, image } = scan;
  const { size } = source;
  const read = (offset: number, length: number): Uint8Array => source.readNow?.(offset, length) ?? new Uint8Array(0);
  const first = records.count > ROWS ? random.below(records.count - ROWS) : 0;
  for (let index = first; index < Math.min(records.count, first + ROWS); index++) {
    const row = records.row(index);
    if (!row) continue;
    for (const node of walkNodes(decodeRow(row, read(row.offset, loadLength(row)), size, image))) {
      lookAtNode(node, size);
      const { items } = node;
      if (!items || items.count === 0) continue;
      within({ offset: items.offset, length: items.count * items.stride }, size, `list ${node.name}`);
      for (const at of [0, items.count - 1]) {
        const element = items.decode(at, read(items.offset + at * items.stride, items.stride));
        for (const part of walkNodes([element])) lookAtNode(part, size);
      }
    }
  }
}

async function judge(scan: ScanResult, source: ByteSource, options: CheckOptions): Promise<keyof Verdicts> {
  const { size } = source;
  const report = await check(scan, source, options);
  const { complete, verdict, first, findings } = report;
  must(complete, () => 'the check did not come to its end');
  must((verdict === 'fails') === (first !== undefined), () => `verdict ${verdict}, first finding ${first?.id}`);
  must(findings.length <= CHECK_LIMIT, () => `${findings.length} findings of the check`);
  for (const finding of findings) {
    within(finding, size, `finding ${finding.id}`);
    must(
      finding.record === undefined || (finding.record >= 0 && finding.record < scan.records.count),
      () => `${finding.id} of no record`,
    );
    sensible([finding.message, ...textsOf(finding.log)].join(' '), `finding ${finding.id}`);
  }
  sensible(report.stages.flatMap(({ facts }) => facts).join(' '), 'the story');
  // Numbers of 64 bits have no JSON.
  JSON.stringify(reportJson(report, scan, source));
  const held = scan.records.byteLength + scan.pages.byteLength;
  must(held <= 2 * indexBytes(size) + LOOKUP, () => `indexes of ${held} bytes after the check of a file of ${size}`);
  return verdict;
}

/**
 * A walk by itself, at once: the fingerprint, of which nothing depends on what is in the file, costs as much as all the
 * rest. Some mutants go the whole way.
 */
async function scanned(source: ByteSource, whole: boolean): Promise<ScanResult> {
  if (whole || !source.readNow) return new Scan(source).run();
  const records = new RecordIndex();
  const pages = new PageIndex();
  const walk = new Walk(new Reader(source.size), records, pages);
  const steps = walk.run();
  for (let step = steps.next(); !step.done;) step = steps.next(source.readNow(step.value.offset, step.value.length));
  const { findings, suppressed, image } = walk;
  return { records, pages, findings, suppressed, image, fingerprint: undefined };
}

/** A mutant of an image whose memory is marked: not one mark may be in what is shared of it. */
function keepsSecrets(number: number, { marked }: Seeds): void {
  const { mark, seeds } = marked[number % marked.length] ?? {};
  if (mark === undefined || seeds === undefined) return;
  const { name, bytes } = mutantOf(number, seeds);
  const leak = leakOf(bytes, mark);
  must(leak === undefined, () => `marked like ${mark}, of ${name}: ${leak}`);
}

/** Makes mutant `number` and holds everything against it. Rejects, with the seed's name, where something does not hold. */
export async function runMutant(number: number, seeds: Seeds): Promise<keyof Verdicts> {
  const random = new Random(number);
  const seed = pickSeed(seeds, random);
  try {
    const source = piecesSource(seed.bytes, mutate(seed, random, seeds.restorable), budgetOf);
    const scan = await scanned(source, random.below(32) === 0);
    lookAtScan(scan, source.size);
    // Fields cost more than all the rest, and small seeds have all kinds of them.
    if (random.below(20) === 0) decodeRows(scan, source, random);
    keepsSecrets(number, seeds);
    return await judge(scan, source, {
      xen: random.pick(VERSIONS.map((xen) => ({ xen }))).xen,
      ...(random.below(2) === 0 ? { target } : {}),
    });
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    const again = `npm run fuzz -- 1 --from ${number}`;
    throw new Error(`mutant ${number} of ${seed.name}: ${what} (again: ${again})`, { cause: error });
  }
}
