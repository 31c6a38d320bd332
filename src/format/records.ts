/** What the format says of a header or record by its number in the index. How bodies decode is in `decoders`. */
import { type HeaderRow, HEADERS, HeaderType, type Layer, type OfStreams } from './layers';
import { LIBXC_RECORDS, type LibxcRow, LibxcType } from './libxc/types';
import { LIBXL_RECORDS, LibxlType } from './libxl/types';
import type { RecordRow, RecordSpec } from './record-spec';

/** A header with its name, as the specification spells it. */
interface HeaderSpec extends HeaderRow {
  readonly name: string;
  readonly group: 'header';
}

/** A libxc record type with its name. */
type LibxcSpec = LibxcRow & RecordSpec;

/** Rows by number. */
type Numbered<Row> = Readonly<Record<number, Row>>;

/** Makes of a table by name one by number, in which each row has its name. */
function numbered<Name extends string, Row>(
  numbers: Readonly<Record<Name, number>>,
  rows: Readonly<Record<Name, Row>>,
): Numbered<Row & { readonly name: Name }> {
  const names = Object.keys(numbers) as Name[];
  return Object.fromEntries(names.map((name) => [numbers[name], { ...rows[name], name }] as const));
}

/** Rows of libxc, with what only its types have. */
const LIBXC: Numbered<LibxcSpec> = numbered<string, LibxcRow>(LibxcType, LIBXC_RECORDS);

/** The record types of each layer that is a stream; the others are headers only. */
const RECORDS: OfStreams<Numbered<RecordSpec>> = {
  libxl: numbered<string, RecordRow>(LibxlType, LIBXL_RECORDS),
  libxc: LIBXC,
};

const HEADER_SPECS: Numbered<HeaderSpec> = Object.fromEntries(
  Object.entries(numbered(HeaderType, HEADERS)).map(([type, row]) => [type, { ...row, group: 'header' as const }]),
);

/** Returns what the format says of a libxc record type; undefined for one that it does not define. */
export function libxcSpec(type: number): LibxcSpec | undefined {
  return LIBXC[type];
}

/** Returns what the format says of a record type; undefined for one that it does not define. */
export function recordSpec(layer: Layer, type: number): RecordSpec | undefined {
  return RECORDS[layer]?.[type];
}

/** Returns what the format says of a header by its number. */
export function headerSpec(headerType: number): HeaderSpec | undefined {
  return HEADER_SPECS[headerType];
}

/** Returns the name of an unassigned type, as `list` and the timeline spell it. */
export function unknownName(type: number): string {
  return `0x${type.toString(16).padStart(8, '0')}`;
}

/** Returns the names of all headers and records that the format defines, each once. */
export function recordNames(): string[] {
  const specs = [HEADER_SPECS, ...Object.values(RECORDS)].flatMap((table) => Object.values(table));
  return [...new Set(specs.map(({ name }) => name))];
}
