/** One structure as a section of a reference page: its fields in file order, with what the layout says of each. */
import { byteSize, hex0x } from '../../src/lib/text';
import {
  type BitRange,
  type BytesField,
  type Count,
  type Field,
  fixedSize,
  type IntField,
  type Names,
  olderSizes,
  type StructField,
} from '../../src/format/kit/layout';

/** Lists of values longer than this get a table of their own below the fields. */
const INLINE_VALUES = 6;

const UNITS = { bytes: 'bytes', khz: 'kHz', ns: 'ns', dec: '', hex: '', register: '' } as const;
const SPACES = { pfn: 'page frame number', gpa: 'guest-physical address', va: 'virtual address' } as const;

/** Text that may stand in a cell of a table. */
export const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', ' ');
const code = (text: string): string => `\`${text}\``;
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
export const table = (head: readonly string[], rows: readonly string[]): string[] => [
  row(...head),
  row(...head.map(() => '---')),
  ...rows,
];

const range = (bits: number | BitRange): BitRange => (typeof bits === 'number' ? { at: bits } : bits);
const number = (value: number | bigint): string => (value < 10 ? String(value) : hex0x(value));

function counted(count: Count): string {
  return typeof count === 'number' ? String(count) : count === 'rest' ? 'to the end' : 'as announced';
}

function intType({ size, signed, endian }: IntField): string {
  return `${signed ? 'i' : 'u'}${size * 8}${endian === 'big' && size > 1 ? ' BE' : ''}`;
}

const bytesType = ({ size, as }: BytesField): string =>
  `${as === 'text' ? 'text' : as === 'zero' ? 'zeros' : 'bytes'} × ${counted(size)}`;

/** The type in words; structures lead to their section. */
function typeOf(field: Field, linkTo: (layout: StructField) => string): string {
  switch (field.kind) {
    case 'int':
      return intType(field);
    case 'bytes':
      return bytesType(field);
    case 'array':
      return `${typeOf(field.of, linkTo)} × ${counted(field.count)}`;
    case 'struct':
      return linkTo(field);
  }
}

const list = (names: Names): string =>
  Object.entries(names)
    .map(([value, words]) => `${number(Number(value))} ${words}`)
    .join('; ');

/** What an integer or a part of it may be. */
function values(field: Pick<IntField, 'names' | 'mustBe' | 'display'>): string {
  const names = field.names ?? {};
  const few = Object.keys(names).length <= INLINE_VALUES;
  const parts = [
    field.mustBe === undefined ? '' : `must be ${number(field.mustBe)}`,
    field.display === undefined ? '' : UNITS[field.display],
    few ? list(names) : 'listed below',
  ];
  return cell(parts.filter((part) => part !== '').join('; '));
}

function meaning(field: Field): string {
  const parts = [field.doc ?? ''];
  const inner = field.kind === 'array' ? field.of : field;
  if (inner !== field && inner.kind === 'int') parts.push(inner.doc ?? '');
  if (inner.kind === 'int') {
    if (inner.refine) parts.push('How it reads depends on fields before it.');
    const ref = inner.leadsTo?.(inner.size === 8 ? 0x1000n : 0x1000);
    if (ref) parts.push(`${ref.maybe ? 'May hold' : 'Names'} a ${SPACES[ref.space]}.`);
  }
  return cell(parts.filter((part) => part !== '').join(' '));
}

const bitsOf = (field: Field): [string, number | BitRange][] => {
  const inner = field.kind === 'array' ? field.of : field;
  return inner.kind === 'int' ? Object.entries(inner.bits ?? {}) : [];
};

function bitRow([name, bits]: [string, number | BitRange]): string {
  const part = range(bits);
  const { at, width = 1, doc = '' } = part;
  const place = width === 1 ? `bit ${at}` : `bits ${at + width - 1}–${at}`;
  return row('', '', place, `· ${code(name)}`, values(part), cell(doc));
}

/** Tables of the values of a field and its bits that are too many for a cell. */
function longLists(name: string, field: Field): string[] {
  const inner = field.kind === 'array' ? field.of : field;
  if (inner.kind !== 'int') return [];
  const named: [string, Names | undefined][] = [
    [name, inner.names],
    ...Object.entries(inner.bits ?? {}).map(([bit, bits]): [string, Names | undefined] => [bit, range(bits).names]),
  ];
  return named.flatMap(([title, names]) => {
    const entries = Object.entries(names ?? {});
    if (entries.length <= INLINE_VALUES) return [];
    const rows = entries.map(([value, text]) => row(number(Number(value)), cell(text)));
    return ['', `Values of ${code(title)}:`, '', ...table(['Value', 'Meaning'], rows)];
  });
}

function sizeLine(layout: StructField): string {
  const size = fixedSize(layout);
  if (size === undefined) return 'Size: as its content says.';
  const older = olderSizes(layout);
  return older.length === 0
    ? `Size: ${byteSize(size)}.`
    : `Size: ${byteSize(size)}; ${older.map(byteSize).join(' or ')} in older Xen, the rest taken for zeros.`;
}

/** All below the heading of a structure's section. */
export function structLines(layout: StructField, linkTo: (layout: StructField) => string): string[] {
  const rows: string[] = [];
  const lists: string[] = [];
  let at: number | undefined = 0;
  for (const [name, field] of Object.entries(layout.fields)) {
    const size = fixedSize(field);
    const integer = field.kind === 'array' ? field.of : field;
    rows.push(
      row(
        at === undefined ? '…' : String(at),
        size === undefined ? '…' : String(size),
        typeOf(field, linkTo),
        code(name),
        integer.kind === 'int' ? values(integer) : '',
        meaning(field),
      ),
      ...bitsOf(field).map(bitRow),
    );
    lists.push(...longLists(name, field));
    at = at === undefined || size === undefined ? undefined : at + size;
  }
  return [
    ...(layout.doc === undefined ? [] : [cell(layout.doc), '']),
    sizeLine(layout),
    ...(layout.source === undefined ? [] : [`Source: ${cell(layout.source)}.`]),
    '',
    ...(rows.length === 0 ? ['No fields.'] : table(['Offset', 'Size', 'Type', 'Field', 'Values', 'Meaning'], rows)),
    ...lists,
  ];
}
