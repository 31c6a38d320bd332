/** `xenscope show`: the decoded fields of one record, or of the start_info page. */
import { given } from '../../lib/given';
import { upperBound } from '../../lib/bisect';
import { hex0x } from '../../lib/text';
import { PAGE_SIZE } from '../../format/page';
import { type FieldNode, noteOf } from '../../format/kit/node';
import { decodeRow } from '../../scan/decode-row';
import { loadLength } from '../../scan/load-length';
import { endOfRow } from '../../scan/records';
import type { ScanResult } from '../../scan/scan';
import type { NodeFileSource } from '../../source/node-file';
import { command, type Input } from '../command';
import { CliError } from '../error';
import { JSON_OPTION } from '../option';
import { print, printPart } from '../output';
import { readStartInfo } from '../start-info';

export const showCommand = command({
  name: 'show',
  operand: 'REF',
  about: 'Prints the decoded fields of a record. REF is its index, offset:0x…, pfn:0x… or start_info.',
  options: JSON_OPTION,
  run: printOne,
});

/** How many elements of an array are printed as text; JSON has them all. */
const TEXT_ITEMS = 64;
/** How many elements are decoded at a time. */
const BLOCK = 4096;

const NUMBER = /^(?:0x[\da-f]+|\d+)$/iu;

function parseNumber(text: string, what: string): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new CliError(`${what} is not a number: ${text}`);
  return value;
}

/** Returns the index of the record that REF names. Throws `CliError`. */
function resolve(scan: ScanResult, ref: string): number {
  const { records, pages } = scan;
  if (ref.startsWith('offset:')) {
    const offset = parseNumber(ref.slice(7), 'offset');
    const index = upperBound(records.count, (at) => records.offsetAt(at), offset) - 1;
    const row = records.row(index);
    if (!row || offset >= endOfRow(row)) throw new CliError(`no record at offset ${hex0x(offset)}`);
    return index;
  }
  if (ref.startsWith('pfn:')) {
    const pfn = parseNumber(ref.slice(4), 'pfn');
    // The record that mentions the page last, whether a restore stores that copy or not.
    const last = pages.last(pfn);
    if (!last) throw new CliError(`PFN ${hex0x(pfn)} is not in the image`);
    return last.record;
  }
  const index = parseNumber(ref.startsWith('rec:') ? ref.slice(4) : ref, 'record');
  if (index >= records.count) throw new CliError(`no record ${index}: the image has ${records.count}`);
  return index;
}

const jsonValue = (value: FieldNode['value']): number | string | null => {
  if (typeof value !== 'bigint') return value;
  const small = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return small ? Number(value) : hex0x(BigInt.asUintN(64, value));
};

const fullText = (node: FieldNode): string =>
  [node.text, noteOf(node), ...(node.flags ?? [])].filter((part) => part !== undefined && part !== '').join(' · ');

function* children(node: FieldNode, source: NodeFileSource, limit = Number.POSITIVE_INFINITY): Generator<FieldNode> {
  yield* node.children ?? [];
  const { items } = node;
  if (!items) return;
  const count = Math.min(items.count, limit);
  for (let from = 0; from < count; from += BLOCK) {
    const some = Math.min(BLOCK, count - from);
    const block =
      items.stride >= PAGE_SIZE
        ? undefined
        : source.readNow(items.offset + from * items.stride, some * items.stride).slice();
    for (let index = 0; index < some; index++) {
      const bytes = block?.subarray(index * items.stride, (index + 1) * items.stride) ?? new Uint8Array(0);
      yield items.decode(from + index, bytes);
    }
  }
}

/** Prints a field as JSON, part by part: a list can have millions of elements. */
function printJson(node: FieldNode, source: NodeFileSource): void {
  const own = {
    name: node.name,
    offset: node.offset,
    length: node.length,
    value: jsonValue(node.value),
    text: fullText(node),
    ...given({ problem: node.problem }),
  };
  printPart(JSON.stringify(own).slice(0, -1));
  let before = ',"fields":[';
  for (const child of children(node, source)) {
    printPart(before);
    printJson(child, source);
    before = ',';
  }
  printPart(before === ',' ? ']}' : '}');
}

function printText(node: FieldNode, source: NodeFileSource, depth: number): void {
  const name = `${'  '.repeat(depth)}${node.name}`;
  const problem = node.problem === undefined ? '' : `  ! ${node.problem}`;
  // Only a document has lines: any other value may have a line end in it to look like a line of the program.
  const [first = '', ...more] = node.document ? fullText(node).split('\n') : [fullText(node)];
  print(`${hex0x(node.offset).padStart(12)}  ${name.padEnd(34)}  ${first}${problem}`.trimEnd());
  for (const line of more) print(`${' '.repeat(50)}${line}`);
  const shown = node.items && node.items.count > TEXT_ITEMS ? TEXT_ITEMS : undefined;
  for (const child of children(node, source, shown)) printText(child, source, depth + 1);
  if (shown !== undefined && node.items)
    print(`${' '.repeat(14)}${'  '.repeat(depth + 1)}… ${node.items.count - shown} more`);
}

/** What is shown: a record, or a page that the guest shares with Xen. */
interface Shown {
  readonly index: number;
  readonly name: string;
  readonly offset: number;
  readonly length: number;
  readonly nodes: readonly FieldNode[];
  readonly about: readonly string[];
}

function shownRow(scan: ScanResult, source: NodeFileSource, ref: string): Shown {
  const row = scan.records.row(resolve(scan, ref));
  if (!row) throw new CliError(`no record ${ref}`);
  const loaded = source.readNow(row.offset, loadLength(row)).slice();
  const about = [`record ${row.index}`, `${row.layer} ${row.kind}`, `at ${hex0x(row.offset)}`, `${row.length} bytes`];
  return { ...row, nodes: decodeRow(row, loaded, source.size, scan.image), about };
}

function shownStartInfo(scan: ScanResult, source: NodeFileSource): Shown {
  const { pfn, record, offset, length, nodes } = readStartInfo(scan, source);
  const about = [`PFN ${hex0x(pfn)}`, `record ${record}`, `at ${hex0x(offset)}`, `${length} bytes`];
  return { index: record, name: 'start_info', offset, length, nodes, about };
}

function printOne({ scan, source, operand: ref, options: { json } }: Input<typeof JSON_OPTION>): void {
  const { index, name, offset, length, nodes, about } =
    ref === 'start_info' ? shownStartInfo(scan, source) : shownRow(scan, source, ref);
  if (json) {
    printPart(`${JSON.stringify({ index, name, offset, length }).slice(0, -1)},"fields":[`);
    for (const [at, node] of nodes.entries()) {
      if (at > 0) printPart(',');
      printJson(node, source);
    }
    print(']}');
    return;
  }
  print(`${name}  (${about.join(', ')})`);
  for (const node of nodes) printText(node, source, 0);
}
