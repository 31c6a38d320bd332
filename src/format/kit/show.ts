/** How one integer reads on the screen. */
import { byteSize, grouped, hex, hex0x } from '../../lib/text';
import type { Before, BitRange, Display, IntField, IntOptions } from './layout';
import type { FieldNode } from './node';

function shown(value: number | bigint, display: Display | undefined, size: number): string {
  switch (display) {
    case 'hex':
      return value < 0 ? `-${hex0x(-value)}` : hex0x(value);
    case 'register':
      return hex(value, size * 2);
    case 'bytes':
      return byteSize(Number(value));
    case 'khz':
      return `${grouped(value)} kHz`;
    case 'ns':
      return `${grouped(value)} ns`;
    case 'dec':
    case undefined:
      return grouped(value);
  }
}

/** What a value counts, in full. */
const UNITS: Readonly<Partial<Record<Display, string>>> = {
  bytes: 'bytes',
  khz: 'kilohertz',
  ns: 'nanoseconds',
};

const unitOf = (display: Display | undefined): { unit?: string } => {
  const unit = display && UNITS[display];
  return unit === undefined ? {} : { unit };
};

const range = (bits: number | BitRange): BitRange => (typeof bits === 'number' ? { at: bits } : bits);

function part(value: number | bigint, { at, width = 1 }: BitRange): bigint {
  return BigInt.asUintN(width, BigInt.asUintN(64, BigInt(value)) >> BigInt(at));
}

const named = (names: IntField['names'], value: number | bigint): string | undefined =>
  names && value <= 0xffff_ffff ? names[Number(value)] : undefined;

function mismatch(found: number | bigint, wanted: number | bigint | undefined): string | undefined {
  if (wanted === undefined || BigInt(found) === BigInt(wanted)) return undefined;
  return `expected ${hex0x(wanted)}, found ${hex0x(found)}`;
}

const NOTHING: IntOptions = {};

/**
 * Returns the node of an integer: value, text, meaning, and one child for each named bit range. `source` is that of the
 * structure around it.
 */
export function intNode(
  name: string,
  plain: IntField,
  value: number | bigint,
  offset: number,
  around: { readonly before: Before; readonly source: string | undefined },
): FieldNode {
  const field = { ...plain, ...(plain.refine?.(around.before) ?? NOTHING) };
  const source = field.source ?? around.source;
  const sourced = source === undefined ? {} : { source };
  const flags: string[] = [];
  const children: FieldNode[] = [];
  for (const [bitName, bits] of Object.entries(field.bits ?? {})) {
    const { at, width: whole = 1, names, display, doc, mustBe, quiet, reserved } = range(bits);
    // One table serves registers of 32 and 64 bits: what lies beyond the end is not there.
    const width = Math.min(whole, field.size * 8 - at);
    if (width <= 0) continue;
    const found = part(value, { at, width });
    if (width === 1 && found === 1n && mustBe === undefined && !quiet && !reserved) flags.push(bitName);
    const problem = mismatch(found, mustBe);
    const meaning = named(names, found);
    children.push({
      name: bitName,
      offset,
      length: field.size,
      value: found <= 0xffff_ffffn ? Number(found) : found,
      text: shown(found, display, 0),
      ...(meaning === undefined ? {} : { note: meaning }),
      bits: [at, width],
      ...(reserved ? { reserved } : {}),
      ...(quiet ? { quiet } : {}),
      ...unitOf(display),
      ...(doc === undefined ? {} : { doc }),
      ...sourced,
      ...(problem === undefined ? {} : { problem }),
    });
  }
  const problem = mismatch(value, field.mustBe) ?? children.find((child) => child.problem)?.problem;
  const note = named(field.names, value) ?? field.note?.(value);
  const leadsTo = field.leadsTo?.(value);
  return {
    name,
    offset,
    length: field.size,
    value,
    text: shown(value, field.display, field.size),
    ...(note === undefined ? {} : { note }),
    ...(flags.length > 0 ? { flags } : {}),
    ...unitOf(field.display),
    ...(children.length > 0 ? { children } : {}),
    ...(field.doc === undefined ? {} : { doc: field.doc }),
    ...(field.reserved ? { reserved: true } : {}),
    ...sourced,
    ...(leadsTo === undefined ? {} : { leadsTo }),
    ...(problem === undefined ? {} : { problem }),
  };
}
