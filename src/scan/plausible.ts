/** Judging record headers: could this be one, and where does a chain of them go on after damage? */
import { readU32 } from '../format/kit/bytes';
import { fitsRule, type Layer, recordSpec } from '../format/records';
import { LibxcType, REC_LENGTH_MAX } from '../format/libxc/types';
import { LibxlType } from '../format/libxl/records';
import { PAGE_DATA_HEADER_SIZE, PAGE_SIZE, PFN_ENTRY_SIZE } from '../format/libxc/page-data';
import type { Reader, Reading } from './reader';

export const RECORD_HEADER_SIZE = 8;

export type StreamLayer = Extract<Layer, 'libxl' | 'libxc'>;

/** Bodies are padded with zeros to a multiple of 8 bytes. */
export const padded = (length: number): number => Math.ceil(length / 8) * 8;

export const endOf = (offset: number, length: number): number => offset + RECORD_HEADER_SIZE + padded(length);

/** Which layer reads the header after a record: each hands over to the other at fixed records. */
export function layerAfter(layer: StreamLayer, type: number, nested: boolean): StreamLayer | 'end' {
  if (layer === 'libxl') {
    if (type === LibxlType.END) return 'end';
    return type === LibxlType.CHECKPOINT_END ? 'libxc' : 'libxl';
  }
  if (type === LibxcType.END) return nested ? 'libxl' : 'end';
  return type === LibxcType.CHECKPOINT && nested ? 'libxl' : 'libxc';
}

/** What a stream's readers must know to judge a header. */
export interface Context {
  readonly reader: Reader;
  readonly littleEndian: Readonly<Record<StreamLayer, boolean>>;
  /** The libxc stream lies inside a libxl stream. */
  readonly nested: boolean;
}

/**
 * Whether the bytes at `at` could be a real record header: a defined type whose length obeys its rule and ends within
 * `room`, which is what the file has from the header on.
 */
function couldBeHeader(bytes: Uint8Array, at: number, layer: StreamLayer, little: boolean, room: number): boolean {
  const type = readU32(bytes, at, little);
  const length = readU32(bytes, at + 4, little);
  const spec = recordSpec(layer, type);
  if (!spec || !fitsRule(spec.length, length) || RECORD_HEADER_SIZE + length > room) return false;
  if (layer === 'libxl') return true;
  if (length > REC_LENGTH_MAX) return false;
  if (type !== LibxcType.PAGE_DATA || bytes.length < at + RECORD_HEADER_SIZE + PAGE_DATA_HEADER_SIZE) return true;
  const count = readU32(bytes, at + 8, little);
  const pages = length - PAGE_DATA_HEADER_SIZE - count * PFN_ENTRY_SIZE;
  return count > 0 && pages >= 0 && pages <= count * PAGE_SIZE && pages % PAGE_SIZE === 0;
}

const CHAIN = 3;

/**
 * Whether a chain of plausible records starts at `offset`: three in a row, two that fill the file, or fewer that lead
 * through the last END to its end. A chain of empty records alone proves nothing: zeroed memory looks like it.
 */
export function* chain(context: Context, layer: StreamLayer, offset: number): Reading<boolean> {
  return yield* links(context, layer, offset, true);
}

/** Whether records can go on at `offset`: a chain again, but one that the file cuts, or of empty records, will do. */
export function* goesOn(context: Context, layer: StreamLayer, offset: number): Reading<boolean> {
  return yield* links(context, layer, offset, false);
}

function* links(context: Context, layer: StreamLayer, offset: number, prove: boolean): Reading<boolean> {
  const { reader, littleEndian, nested } = context;
  let at = offset;
  let now = layer;
  let substance = !prove;
  for (let seen = 0; seen < CHAIN; seen++) {
    const room = reader.size - at;
    if (room < RECORD_HEADER_SIZE) return !prove || (room === 0 && substance && seen > 1);
    const head = yield* reader.at(at, RECORD_HEADER_SIZE + PAGE_DATA_HEADER_SIZE);
    const little = littleEndian[now];
    if (!couldBeHeader(head, 0, now, little, prove ? room : Number.POSITIVE_INFINITY)) return false;
    const length = readU32(head, 4, little);
    substance ||= length > 0;
    at = endOf(at, length);
    const after = layerAfter(now, readU32(head, 0, little), nested);
    if (after === 'end') return substance && reader.size - at <= 64;
    now = after;
  }
  return substance;
}

/** How far a search for the next record goes, bytes. */
export const RESYNC_LIMIT = 1024 * 1024 * 1024;
const STEP = 1024 * 1024;
/** Chains tried in one search: bounds the random reads that hostile bytes can cause. */
const TRIES = 10_000;

export interface Resynced {
  readonly offset: number;
  readonly layer: StreamLayer;
}

/** The first offset from `from` on where a chain of records starts, in either layer. Reads forward, step by step. */
export function* resync(context: Context, layers: readonly StreamLayer[], from: number): Reading<Resynced | undefined> {
  const { reader, littleEndian } = context;
  const limit = Math.min(reader.size, from + RESYNC_LIMIT);
  let tries = 0;
  for (let base = from; base < limit; base += STEP) {
    const window = (yield* reader.at(base, STEP + RECORD_HEADER_SIZE + PAGE_DATA_HEADER_SIZE)).slice();
    const end = Math.min(STEP, window.length - RECORD_HEADER_SIZE + 1);
    for (let at = 0; at < end; at++) {
      for (const layer of layers) {
        const little = littleEndian[layer];
        const offset = base + at;
        if (!couldStart(window, at, little) || !couldBeHeader(window, at, layer, little, reader.size - offset))
          continue;
        if (++tries > TRIES) return undefined;
        if (yield* chain(context, layer, offset)) return { offset, layer };
      }
    }
  }
  return undefined;
}

/** Cheap first look: a small type, and not the all-zero header that zeroed memory is full of. */
function couldStart(bytes: Uint8Array, at: number, little: boolean): boolean {
  const first = bytes[little ? at : at + 3] ?? 0;
  if (first > LibxcType.X86_MSR_POLICY) return false;
  const rest = little
    ? (bytes[at + 1] ?? 0) | (bytes[at + 2] ?? 0) | (bytes[at + 3] ?? 0)
    : (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) | (bytes[at + 2] ?? 0);
  if (rest !== 0) return false;
  return first !== 0 || (bytes[at + 4] ?? 0) !== 0;
}
