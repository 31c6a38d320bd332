/**
 * The ring of messages of Linux 5.10 and newer, found by its shape and read through the kernel's page tables. Source:
 * kernel/printk/printk_ringbuffer.h of Linux; Documentation/admin-guide/kdump/gdbmacros.txt.
 */
import { readSmall, readU64 } from '../../format/kit/bytes';
import { readVirtual } from '../walk/virtual';
import {
  type KernelLog,
  LINES_LIMIT,
  type LogLine,
  type LogReader,
  logText,
  PAUSE_EVERY,
  TEXT_LIMIT,
} from './log-line';

/** A ring as its structure describes it. */
interface Ring {
  readonly word: 4 | 8;
  readonly countBits: number;
  readonly descs: bigint;
  readonly infos: bigint;
  readonly headId: bigint;
  readonly tailId: bigint;
  readonly sizeBits: number;
  readonly data: bigint;
}

/** Bits of the number of messages and of the bytes of text: CONFIG_LOG_BUF_SHIFT is 12 to 25, log_buf_len= up to 2 GiB. */
const COUNT_BITS = { least: 5, most: 26 } as const;
const SIZE_BITS = { least: 10, most: 31 } as const;
/** struct printk_info: seq, ts_nsec, text_len, facility, flags and level, caller_id, 64 bytes of dev_info. */
const INFO_SIZE = 88;
/** enum desc_state, in the two highest bits of state_var. */
const COMMITTED = 1;
const FINALIZED = 2;
const REUSABLE = 3;

/** struct prb_desc_ring has head_id and tail_id, since 5.19 the last finalized one too; then prb_data_ring follows. */
const DESC_WORDS = [6, 5] as const;

/** Reads what the structure at `at` would say; undefined for what is none. Most places fail at the first number. */
export function ringAt(bytes: Uint8Array, at: number, word: 4 | 8): Ring | undefined {
  const countBits = readSmall(bytes, at, 4, true);
  if (countBits < COUNT_BITS.least || countBits > COUNT_BITS.most) return undefined;
  if (word === 8 && readSmall(bytes, at + 4, 4, true) !== 0) return undefined;
  const read = (index: number): bigint =>
    word === 8 ? readU64(bytes, at + index * 8, true) : BigInt(readSmall(bytes, at + index * 4, 4, true));
  const half = word === 8 ? 1n << 63n : 1n << 31n;
  const isPointer = (va: bigint): boolean => va >= half && va % BigInt(word) === 0n;
  const [descs, infos, headId, tailId] = [read(1), read(2), read(3), read(4)];
  if (!isPointer(descs) || !isPointer(infos) || descs === infos) return undefined;
  for (const words of DESC_WORDS) {
    const start = at + words * word;
    if (start + 4 * word > bytes.length) continue;
    const sizeBits = readSmall(bytes, start, 4, true);
    if (sizeBits < SIZE_BITS.least || sizeBits > SIZE_BITS.most || sizeBits < countBits) continue;
    if (word === 8 && readSmall(bytes, start + 4, 4, true) !== 0) continue;
    const data = read(words + 1);
    if (data >= half && data !== descs && data !== infos)
      return { word, countBits, descs, infos, headId, tailId, sizeBits, data };
  }
  return undefined;
}

/** Bytes of the structure that `ringAt` looks at. */
export const RING_BYTES = 10 * 8;

/**
 * Reads the messages, oldest first; undefined where the ring's memory does not bear out what its structure says.
 * Rejects with `ReadError`.
 */
export async function readRing(reader: LogReader, ring: Ring, va: bigint): Promise<KernelLog | undefined> {
  const { word, countBits, headId, tailId } = ring;
  const mask = (1n << BigInt(word * 8 - 2)) - 1n;
  const ids = Number((headId - tailId) & mask) + 1;
  if (ids > 2 ** countBits || ids > LINES_LIMIT) return undefined;
  const lines: LogLine[] = [];
  let lost = 0;
  let bytes = 0;
  for (let number = 0; number < ids && bytes < TEXT_LIMIT; number++) {
    if (number % PAUSE_EVERY === 0) await reader.pause?.();
    if (reader.messages && reader.messages.left-- <= 0) return undefined;
    const line = await readLine(reader, ring, (tailId + BigInt(number)) & mask);
    if (line === 'no-ring') return undefined;
    if (line === 'lost') lost++;
    else if (line !== 'unused') {
      lines.push(line);
      bytes += line.length;
    }
    // A shape that fits by chance shows itself at once.
    if (number === 8 && lines.length === 0) return undefined;
  }
  return lines.length === 0 ? undefined : { kind: 'printk_ringbuffer', va, lines, lost };
}

async function readLine(reader: LogReader, ring: Ring, id: bigint): Promise<LogLine | 'no-ring' | 'lost' | 'unused'> {
  const { memory, registers, find } = reader;
  const { word, countBits, descs, infos } = ring;
  const index = id & ((1n << BigInt(countBits)) - 1n);
  const desc = await readVirtual(memory, registers, descs + index * BigInt(word * 3), word * 3, find);
  if ('reason' in desc) return 'no-ring';
  const at = (place: number): bigint =>
    word === 8 ? readU64(desc.bytes, place * 8, true) : BigInt(readSmall(desc.bytes, place * 4, 4, true));
  const shift = BigInt(word * 8 - 2);
  const state = Number(at(0) >> shift);
  // The tail may be one that was given up, as the first of a new ring is.
  if (state === REUSABLE) return 'unused';
  if ((at(0) & ((1n << shift) - 1n)) !== id || (state !== COMMITTED && state !== FINALIZED)) return 'lost';
  const info = await readVirtual(memory, registers, infos + index * BigInt(INFO_SIZE), INFO_SIZE, find);
  if ('reason' in info) return 'no-ring';
  const length = readSmall(info.bytes, 16, 2, true);
  const text = await readText(reader, ring, id, { begin: at(1), next: at(2), length });
  if (!text) return 'lost';
  return {
    seq: Number(readU64(info.bytes, 0, true)),
    nanoseconds: readU64(info.bytes, 8, true),
    facility: info.bytes[18] ?? 0,
    level: (info.bytes[19] ?? 0) >> 5,
    text: logText(text.bytes),
    offset: text.offset,
    length: text.bytes.length,
  };
}

interface Block {
  /** Logical positions: those without data are odd. */
  readonly begin: bigint;
  readonly next: bigint;
  readonly length: number;
}

async function readText(
  { memory, registers, find }: LogReader,
  ring: Ring,
  id: bigint,
  { begin, next, length }: Block,
) {
  if ((begin & 1n) === 1n && (next & 1n) === 1n) return { bytes: new Uint8Array(0), offset: 0 };
  const size = 1n << BigInt(ring.sizeBits);
  const wraps = begin / size !== next / size && next % size !== 0n;
  // A block that does not fit before the end of the ring starts again at its beginning.
  const start = wraps ? 0n : begin % size;
  const end = wraps || next % size !== 0n ? next % size : size;
  const room = Number(end - start) - ring.word;
  if (room < 0) return undefined;
  const whole = ring.word + Math.min(length, room);
  const read = await readVirtual(memory, registers, ring.data + start, whole, find);
  if ('reason' in read) return undefined;
  const owner = ring.word === 8 ? readU64(read.bytes, 0, true) : BigInt(readSmall(read.bytes, 0, 4, true));
  if (owner !== id) return undefined;
  return { bytes: read.bytes.subarray(ring.word), offset: read.offset + ring.word };
}
