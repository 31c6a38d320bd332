/** Judging record headers: could this be one, and where does a chain of them go on after damage? */
import { readU32 } from '../format/kit/bytes';
import { fitsRule, type Layer, recordSpec } from '../format/records';
import { LibxcType, REC_LENGTH_MAX } from '../format/libxc/types';
import { LibxlType } from '../format/libxl/records';
import { PAGE_DATA_HEADER_SIZE, PAGE_SIZE, PFN_ENTRY_SIZE } from '../format/libxc/page-data';
import type { Reader, Reading } from './reader';

export const RECORD_HEADER_SIZE = 8;
/** Bytes of a body that tell whether it may be one. */
const BODY_START = 8;

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
 * `room`, which is what the file has from the header on, and a body that starts as Xen starts it.
 */
function couldBeHeader(bytes: Uint8Array, at: number, layer: StreamLayer, little: boolean, room: number): boolean {
  const type = readU32(bytes, at, little);
  const length = readU32(bytes, at + 4, little);
  const spec = recordSpec(layer, type);
  if (!spec || !fitsRule(spec.length, length) || RECORD_HEADER_SIZE + length > room) return false;
  if (bytes.length < at + RECORD_HEADER_SIZE + BODY_START) return true;
  const first = readU32(bytes, at + RECORD_HEADER_SIZE, little);
  const second = readU32(bytes, at + RECORD_HEADER_SIZE + 4, little);
  if (layer === 'libxl') return couldBeLibxlBody(type, first, second);
  return length <= REC_LENGTH_MAX && couldBeLibxcBody(type, length, first, second);
}

function couldBeLibxlBody(type: number, first: number, second: number): boolean {
  switch (type) {
    case LibxlType.EMULATOR_XENSTORE_DATA:
    case LibxlType.EMULATOR_CONTEXT:
      return first <= 2 && second === 0;
    case LibxlType.CHECKPOINT_STATE:
      return first <= 3;
    default:
      return true;
  }
}

/** Lengths of an X86_PV_VCPU_BASIC: no context, that of a 32-bit guest, that of a 64-bit one. */
const BASIC_LENGTHS = [8, 8 + 2800, 8 + 5168];
const VCPU_LIMIT = 8192;

function couldBeLibxcBody(type: number, length: number, first: number, second: number): boolean {
  switch (type) {
    case LibxcType.PAGE_DATA: {
      const pages = length - PAGE_DATA_HEADER_SIZE - first * PFN_ENTRY_SIZE;
      return first > 0 && second === 0 && pages >= 0 && pages <= first * PAGE_SIZE && pages % PAGE_SIZE === 0;
    }
    case LibxcType.X86_PV_P2M_FRAMES: {
      const frames = (length - 8) / 8;
      return [512, 1024].some((each) => Math.floor(second / each) - Math.floor(first / each) + 1 === frames);
    }
    case LibxcType.X86_PV_VCPU_BASIC:
      return first < VCPU_LIMIT && second === 0 && BASIC_LENGTHS.includes(length);
    case LibxcType.X86_PV_VCPU_EXTENDED:
    case LibxcType.X86_PV_VCPU_XSAVE:
    case LibxcType.X86_PV_VCPU_MSRS:
      return first < VCPU_LIMIT && second === 0;
    case LibxcType.X86_TSC_INFO:
      return first <= 3;
    case LibxcType.HVM_CONTEXT:
      // Typecode and instance of the header entry, 1 and 0, in either order; its length.
      return (first === 1 || first === 0x1_0000) && second === 24;
    case LibxcType.HVM_PARAMS:
      return second === 0 && length === 8 + first * 16;
    case LibxcType.X86_CPUID_POLICY:
      return first === 0 && second === 0xffff_ffff;
    case LibxcType.X86_MSR_POLICY:
      return second === 0;
    case LibxcType.TOOLSTACK:
    case LibxcType.CHECKPOINT_DIRTY_PFN_LIST:
      // In no stream that a release wrote, and of any content.
      return false;
    default:
      return true;
  }
}

/** Records that must follow each other, and how many of them at most may be empty. */
const CHAIN = 3;
const EMPTY = 5;
/** Bytes that may follow the last END: the 44 of a migration's go-ahead. */
export const TAIL = 64;

/**
 * Whether a chain of plausible records starts at `offset`: three that have a body, two that fill the file, or fewer that
 * lead through the last END to its end. Empty records alone prove nothing: zeroed memory looks like them.
 */
function* chain(context: Context, layer: StreamLayer, offset: number): Reading<boolean> {
  const { reader } = context;
  let bodies = 0;
  let link: Link = { at: offset, layer };
  for (let seen = 0; seen < CHAIN + EMPTY; seen++) {
    if (bodies === CHAIN) return true;
    if (link.at === reader.size) return bodies > 0 && seen > 1;
    const next = yield* follow(context, link, reader.size - link.at);
    if (!next) return false;
    if (next.length > 0) bodies++;
    if (next.layer === 'end') return bodies > 0 && reader.size - next.at <= TAIL;
    link = { at: next.at, layer: next.layer };
  }
  return false;
}

/** Whether records can go on at `offset`: three in a row, empty or not, or fewer where the file ends. */
export function* goesOn(context: Context, layer: StreamLayer, offset: number): Reading<boolean> {
  const { reader } = context;
  let link: Link = { at: offset, layer };
  for (let seen = 0; seen < CHAIN; seen++) {
    if (reader.size - link.at < RECORD_HEADER_SIZE) return true;
    const next = yield* follow(context, link, Number.POSITIVE_INFINITY);
    if (!next) return false;
    if (next.layer === 'end') return reader.size - next.at <= TAIL;
    link = { at: next.at, layer: next.layer };
  }
  return true;
}

interface Link {
  readonly at: number;
  readonly layer: StreamLayer;
}

interface Next {
  readonly at: number;
  readonly layer: StreamLayer | 'end';
  /** Of the body before. */
  readonly length: number;
}

/** What follows a plausible record; undefined for nonsense. */
function* follow(context: Context, link: Link, room: number): Reading<Next | undefined> {
  const head = yield* context.reader.at(link.at, RECORD_HEADER_SIZE + BODY_START);
  return head.length < RECORD_HEADER_SIZE ? undefined : nextOf(context, head, 0, link, room);
}

function nextOf(context: Context, bytes: Uint8Array, at: number, link: Link, room: number): Next | undefined {
  const little = context.littleEndian[link.layer];
  if (!couldBeHeader(bytes, at, link.layer, little, room)) return undefined;
  const length = readU32(bytes, at + 4, little);
  const layer = layerAfter(link.layer, readU32(bytes, at, little), context.nested);
  return { at: endOf(link.at, length), layer, length };
}

/** Whether bytes at hand, from `base` on, allow a chain to start at `offset`: spares most reads of a search. */
function mayChain(context: Context, bytes: Uint8Array, base: number, offset: number, layer: StreamLayer): boolean {
  let bodies = 0;
  let link: Link = { at: offset, layer };
  for (let seen = 0; seen < CHAIN + EMPTY && bodies < CHAIN; seen++) {
    const at = link.at - base;
    if (at + RECORD_HEADER_SIZE + BODY_START > bytes.length) return true;
    const next = nextOf(context, bytes, at, link, context.reader.size - link.at);
    if (!next) return false;
    if (next.length > 0) bodies++;
    if (next.layer === 'end') return bodies > 0 && context.reader.size - next.at <= TAIL;
    link = { at: next.at, layer: next.layer };
  }
  return bodies === CHAIN;
}

/** How far a search for the next record goes, bytes. */
export const RESYNC_LIMIT = 1024 * 1024 * 1024;
/** Bytes looked at in one go: few at first, as most searches end soon and hostile bytes can cause very many. */
const FIRST_STEP = 4096;
const STEP_LIMIT = 1024 * 1024;
/** Chains tried in one search: bounds the random reads that hostile bytes can cause. */
const TRIES = 10_000;

export interface Resynced {
  readonly offset: number;
  readonly layer: StreamLayer;
}

/** The first offset from `from` on where a chain of records starts, in either layer. Reads forward, step by step. */
export function* resync(
  context: Context,
  layers: readonly StreamLayer[],
  from: number,
  length: number,
): Reading<Resynced | undefined> {
  const { reader, littleEndian } = context;
  const limit = Math.min(reader.size, from + length);
  let tries = 0;
  let step = FIRST_STEP;
  for (let base = from; base < limit; base += step, step = Math.min(STEP_LIMIT, step * 2)) {
    const window = (yield* reader.at(base, step + RECORD_HEADER_SIZE + BODY_START)).slice();
    const end = Math.min(step, window.length - RECORD_HEADER_SIZE + 1);
    for (let at = 0; at < end; at++) {
      // The middle of a type is 0 in either byte order: what is not cannot start here, nor one byte on.
      if (window[at + 2] !== 0) {
        at++;
        continue;
      }
      if (window[at + 1] !== 0 || ((window[at] ?? 0) | (window[at + 3] ?? 0) | (window[at + 4] ?? 0)) === 0) continue;
      for (const layer of layers) {
        if (!couldStart(window, at, littleEndian[layer])) continue;
        const offset = base + at;
        if (!mayChain(context, window, base, offset, layer)) continue;
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
