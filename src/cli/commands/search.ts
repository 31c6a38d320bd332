/** `xenscope search`: where bytes, a text, a number or a regular expression is found. Exit code 1 if nowhere. */
import { PAGE_SIZE } from '../../format/page';
import type { FieldNode } from '../../format/kit/node';
import { given } from '../../lib/given';
import { Lru } from '../../lib/lru';
import { parseNumber } from '../../lib/number';
import { ascii, byteSize, grouped, hex0x, hexBytes } from '../../lib/text';
import type { Hit } from '../../memory/search/hit';
import { problemOf } from '../../memory/search/matcher';
import { guessKind, type IntWidth, type Kind, type Query, type Scope, SCOPES } from '../../memory/search/kit/query';
import { HIT_LIMIT, search, type SearchResult } from '../../memory/search/search';
import { fieldName, recordWith } from '../../memory/search/where';
import { kernelAddress, type KernelAddress } from '../../memory/kernel/kernel-address';
import { pageAddresses } from '../../memory/kernel/page-addresses';
import { decodeRow } from '../../scan/decode-row';
import { loadLength } from '../../scan/load-length';
import type { RecordRow } from '../../scan/records';
import type { ScanResult } from '../../scan/scan';
import type { NodeFileSource } from '../../source/node-file';
import { command, type Input } from '../command';
import { CliError } from '../error';
import { flag, JSON_OPTION, SYMBOL_OPTIONS, valued } from '../option';
import { complain, print } from '../output';
import { readGuest } from '../symbols';

const OPTIONS = {
  hex: flag('bytes, as in 4d 5a ?? 0?, where ? is any digit; the kind is guessed if not given'),
  text: flag('text, in ASCII or UTF-8'),
  utf16: flag('text in UTF-16'),
  regex: flag('a regular expression on bytes; . is any but a newline, [\\s\\S] any'),
  int: valued('N', 'an integer of 1, 2, 4 or 8 bytes'),
  ignoreCase: flag('letters stand for both cases'),
  bigEndian: flag('an integer, or UTF-16, with the highest byte first'),
  in: valued('memory|records|file', 'where to look; in the guest’s memory if not given'),
  all: flag('also in copies of pages that newer ones have replaced'),
  limit: valued('N', 'stops after so many hits; 10000 if not given'),
  ...SYMBOL_OPTIONS,
  ...JSON_OPTION,
};

export const searchCommand = command({
  name: 'search',
  operand: 'PATTERN',
  about: 'Prints where the guest’s memory has the pattern; with symbols also where its kernel has it, and names.',
  one: 'there are no hits',
  options: OPTIONS,
  choices: [{ of: ['hex', 'text', 'utf16', 'regex', 'int'] }, { of: ['symbols', 'ownSymbols'] }],
  readsPages: true,
  run: runSearch,
});

type SearchInput = Input<typeof OPTIONS>;

const WIDTHS: Readonly<Record<string, IntWidth>> = { 1: 1, 2: 2, 4: 4, 8: 8 };
const KINDS = ['hex', 'text', 'utf16', 'regex', 'int'] as const satisfies readonly Kind[];

function queryOf({ operand: pattern, options }: SearchInput): Query {
  const { int, ignoreCase, bigEndian } = options;
  const width = int === undefined ? undefined : WIDTHS[int];
  if (int !== undefined && width === undefined) throw new CliError(`--int is 1, 2, 4 or 8 bytes, not ${int}`);
  const kind = KINDS.find((one) => options[one] !== false && options[one] !== undefined) ?? guessKind(pattern);
  const query = { kind, text: pattern, ignoreCase, bigEndian, ...given({ width }) };
  const problem = problemOf(query);
  if (problem !== undefined) throw new CliError(`${pattern}: ${problem}`);
  return query;
}

function scopeOf(text: string): Scope {
  const scope = SCOPES.find((one) => one === text);
  if (!scope) throw new CliError(`--in is memory, records or file, not ${text}`);
  return scope;
}

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? HIT_LIMIT : parseNumber(text);
  if (limit === undefined || limit < 1) throw new CliError(`--limit is a number of hits, not ${text}`);
  return limit;
}

/** The fields of records, decoded once for hits that follow each other. */
class Fields {
  readonly #scan: ScanResult;
  readonly #source: NodeFileSource;
  readonly #known = new Lru<number, readonly FieldNode[]>(16);

  constructor({ scan, source }: SearchInput) {
    this.#scan = scan;
    this.#source = source;
  }

  at(row: RecordRow, offset: number): string {
    let nodes = this.#known.get(row.index);
    if (!nodes) {
      const loaded = this.#source.readNow(row.offset, loadLength(row)).slice();
      nodes = decodeRow(row, loaded, this.#source.size, this.#scan.image);
      this.#known.set(row.index, nodes);
    }
    return fieldName(nodes, offset);
  }
}

interface Shown {
  readonly hit: Hit;
  readonly row: RecordRow | undefined;
  readonly field: string;
  /** The guest-physical address of a hit in a page. */
  readonly gpa: bigint | undefined;
  /** Where the kernel has it, where there are symbols. */
  readonly kernel: KernelAddress | undefined;
}

type AddressOf = (hit: Hit) => KernelAddress | undefined;

/** Returns what finds the address that the kernel has for a hit; undefined where there are no symbols. */
async function addressesWith({ scan, source, options }: SearchInput): Promise<AddressOf | undefined> {
  if (options.symbols === undefined && !options.ownSymbols) return undefined;
  const { memory, vcpus, symbols } = await readGuest(scan, source, options);
  if (!symbols) return undefined;
  const { table } = symbols;
  const roots = vcpus.map(({ point }) => point.vcpu.registers);
  const pages = await pageAddresses(memory, roots, table);
  // The page tables are those of the end: where an older copy was then mapped they do not say.
  return ({ older, page }) => (older || !page ? undefined : kernelAddress(pages, table, page));
}

function shown(hit: Hit, { scan }: SearchInput, fields: Fields, addressOf: AddressOf | undefined): Shown {
  const { page, offset } = hit;
  const record = recordWith(scan.records, offset);
  const row = record === undefined ? undefined : scan.records.row(record);
  if (!page) return { hit, row, field: row ? fields.at(row, offset) : '', gpa: undefined, kernel: undefined };
  const gpa = BigInt(page.pfn) * BigInt(PAGE_SIZE) + BigInt(page.inPage);
  return { hit, row, field: '', gpa, kernel: addressOf?.(hit) };
}

const recordText = (row: RecordRow | undefined): string => (row ? `${row.index} ${row.name}` : 'outside of records');

const kernelText = ({ va, name }: KernelAddress): string => ` va ${hex0x(va)}${name === undefined ? '' : ` <${name}>`}`;

function textOf({ hit, row, field, gpa, kernel }: Shown): string {
  const { bytes, lead, length, older, parts } = hit;
  const where =
    gpa === undefined
      ? `${recordText(row)}${field === '' ? '' : ` ${field}`}`
      : `gpa ${hex0x(gpa)}${kernel ? kernelText(kernel) : ''} ${recordText(row)}${older ? ' older copy' : ''}${parts ? ` in ${parts.length} parts` : ''}`;
  const context = `${ascii(bytes.subarray(0, lead))}[${ascii(bytes.subarray(lead, lead + length))}]${ascii(bytes.subarray(lead + length))}`;
  return `${hex0x(hit.offset).padStart(12)}  ${where.padEnd(44)}  ${context}`;
}

const jsonOf = ({ hit, row, field, gpa, kernel }: Shown): string =>
  JSON.stringify({
    offset: hit.offset,
    length: hit.length,
    record: row?.index ?? null,
    name: row?.name ?? null,
    field: field === '' ? null : field,
    pfn: hit.page?.pfn ?? null,
    gpa: gpa === undefined ? null : gpa <= Number.MAX_SAFE_INTEGER ? Number(gpa) : hex0x(gpa),
    va: kernel ? hex0x(kernel.va) : null,
    symbol: kernel?.name ?? null,
    older: hit.older,
    parts: hit.parts ?? null,
    bytes: hexBytes(hit.bytes.subarray(hit.lead, hit.lead + hit.length)),
  });

async function runSearch(input: SearchInput): Promise<number> {
  const { scan, source, options } = input;
  const query = queryOf(input);
  const scope = scopeOf(options.in ?? 'memory');
  const limit = limitOf(options.limit);
  const placeOf = await addressesWith(input);
  const fields = new Fields(input);
  const result = await search(
    scan,
    source,
    { query, scope, all: options.all, limit },
    {
      onPart: (hits) => {
        for (const hit of hits) print((options.json ? jsonOf : textOf)(shown(hit, input, fields, placeOf)));
      },
    },
  );
  report(result, limit);
  if (result.hits > 0) return 0;
  // Nobody knows whether there are hits in what could not be read.
  return result.failedBytes > 0 ? 2 : 1;
}

/** Complains about what the hits do not say: a limit, bytes that could not be read. */
function report({ capped, failed, failedBytes }: SearchResult, limit: number): void {
  if (capped) complain(`stopped after ${grouped(limit)} hits: there may be more`);
  for (const { offset, length, reason } of failed) complain(`${byteSize(length)} at ${hex0x(offset)}: ${reason}`);
  if (failedBytes > 0) complain(`${byteSize(failedBytes)} could not be read and were not searched`);
}
