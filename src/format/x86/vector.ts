/** The bytes of a vector register as numbers. The lowest byte comes first, as in memory; so does the lowest lane. */
import { hex } from '../../lib/text';

/** Ways to read a vector register as numbers. */
export const LANES = ['u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64', 'f32', 'f64'] as const;
/** A way to read a vector register as numbers: the type of each. */
export type Lane = (typeof LANES)[number];

const SIZES: Readonly<Record<Lane, number>> = {
  u8: 1,
  u16: 2,
  u32: 4,
  u64: 8,
  i8: 1,
  i16: 2,
  i32: 4,
  i64: 8,
  f32: 4,
  f64: 8,
};

function lane(view: DataView, at: number, kind: Lane): number | bigint {
  switch (kind) {
    case 'u8':
      return view.getUint8(at);
    case 'u16':
      return view.getUint16(at, true);
    case 'u32':
      return view.getUint32(at, true);
    case 'u64':
      return view.getBigUint64(at, true);
    case 'i8':
      return view.getInt8(at);
    case 'i16':
      return view.getInt16(at, true);
    case 'i32':
      return view.getInt32(at, true);
    case 'i64':
      return view.getBigInt64(at, true);
    case 'f32':
      return view.getFloat32(at, true);
    case 'f64':
      return view.getFloat64(at, true);
  }
}

/** Returns all whole lanes of a kind, the lowest first. x86 is little-endian whatever the stream around it is. */
export function lanes(bytes: Uint8Array, kind: Lane): (number | bigint)[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = SIZES[kind];
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => lane(view, index * size, kind));
}

/** Few digits are written out, others with their power of ten. */
const PLAIN_FROM = 1e-5;
const PLAIN_TO = 1e9;

/** Returns the shortest number that is read back as this single: the double that it widens to has digits of no meaning. */
function shortSingle(value: number): number {
  if (value === 0) return value;
  for (let digits = 1; digits < 10; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function floatText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  if (!Number.isFinite(value)) return String(value).replace('Infinity', '∞');
  const size = Math.abs(value);
  return size === 0 || (size >= PLAIN_FROM && size < PLAIN_TO) ? String(value) : value.toExponential();
}

function laneText(value: number | bigint, kind: Lane): string {
  if (typeof value === 'bigint') return String(value);
  if (kind === 'f32') return floatText(shortSingle(value));
  return kind === 'f64' ? floatText(value) : String(value);
}

/** Returns all whole lanes of a kind as texts, the lowest first. */
export const laneTexts = (bytes: Uint8Array, kind: Lane): string[] =>
  lanes(bytes, kind).map((value) => laneText(value, kind));

/** Returns the register as one number, the highest byte first. */
export const vectorHex = (bytes: Uint8Array): string => Array.from(bytes.toReversed(), (byte) => hex(byte, 2)).join('');
