/**
 * The records of Linux 3.5 to 5.9: a header, text, dictionary, one after the other. Source: struct printk_log in
 * kernel/printk/printk.c of those versions.
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

/** ts_nsec, len, text_len, dict_len, facility, flags and level; with CONFIG_PRINTK_CALLER the caller follows. */
const HEADERS = [16, 20] as const;
const LONGEST = 0x1_0000;
/** Records of a chain that shows itself to be one. */
const ENOUGH = 4;

interface Header {
  readonly size: 16 | 20;
  readonly nanoseconds: bigint;
  /** Bytes of the whole record; 0 says that the next one is at the start of the buffer. */
  readonly length: number;
  readonly textLength: number;
  readonly facility: number;
  readonly level: number;
}

function headerOf(bytes: Uint8Array, at: number, size: 16 | 20): Header | undefined {
  const length = readSmall(bytes, at + 8, 2, true);
  const textLength = readSmall(bytes, at + 10, 2, true);
  const dictLength = readSmall(bytes, at + 12, 2, true);
  const need = size + textLength + dictLength;
  // Records are padded to a multiple of 4 or of 8.
  if (length < need || length - need >= 8 || length % 4 !== 0) return undefined;
  return {
    size,
    nanoseconds: readU64(bytes, at, true),
    length,
    textLength,
    facility: bytes[at + 14] ?? 0,
    level: (bytes[at + 15] ?? 0) >> 5,
  };
}

/** Finds the header of the record whose text is at `at` in a page: that of the banner, which every log starts with. */
export function recordBefore(bytes: Uint8Array, at: number): number | undefined {
  for (const size of HEADERS) {
    const header = at >= size ? headerOf(bytes, at - size, size) : undefined;
    if (header && header.nanoseconds === 0n && header.textLength > 0) return at - size;
  }
  return undefined;
}

/**
 * Reads the chain of records from the linear address `va` on; undefined for one too short to be the log. Rejects with
 * `ReadError`.
 */
export async function readLogBuf(
  { memory, registers, find, messages, pause }: LogReader,
  va: bigint,
): Promise<KernelLog | undefined> {
  const first = await readVirtual(memory, registers, va, 20, find);
  if ('reason' in first) return undefined;
  const size = HEADERS.find((one) => headerOf(first.bytes, 0, one)?.textLength);
  if (size === undefined) return undefined;
  const lines: LogLine[] = [];
  let before = 0n;
  let bytes = 0;
  for (let at = va; lines.length < LINES_LIMIT && bytes < TEXT_LIMIT;) {
    if (lines.length % PAUSE_EVERY === 0) await pause?.();
    if (messages && messages.left-- <= 0) return undefined;
    const head = await readVirtual(memory, registers, at, size, find);
    const header = 'reason' in head ? undefined : headerOf(head.bytes, 0, size);
    // What lies behind the last record is of older ones, or nothing.
    if (!header || header.length > LONGEST || header.nanoseconds < before) break;
    const text = await readVirtual(memory, registers, at + BigInt(size), header.textLength, find);
    if ('reason' in text) break;
    const { nanoseconds, level, facility } = header;
    const place = { offset: text.offset, length: header.textLength };
    lines.push({ seq: lines.length, nanoseconds, level, facility, text: logText(text.bytes), ...place });
    before = nanoseconds;
    bytes += header.textLength;
    at += BigInt(header.length);
  }
  return lines.length < ENOUGH ? undefined : { kind: 'log_buf', va, lines, lost: 0 };
}
