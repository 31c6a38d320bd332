/** One link of a chain of records: where it stands, and what its header leads to. */
import { endOf, isOptional, layerAfter, MAX_LENGTH } from '../../format/framing';
import { readU32 } from '../../format/kit/bytes';
import type { StreamLayer } from '../../format/layers';
import { OPTIONAL_RECORD } from '../../format/libxc/types';
import { recordSpec } from '../../format/records';
import type { Reader } from '../reader';
import type { Ahead, Link } from './ahead';
import { couldBeHeader, isFaceless } from './plausible';

/** What a stream's readers must know to judge a header. */
export interface Context {
  readonly reader: Reader;
  readonly littleEndian: Readonly<Record<StreamLayer, boolean>>;
  /** The stream of records around the libxc stream. */
  readonly outer: StreamLayer | undefined;
  readonly ahead: Ahead;
}

/** Records that must follow each other, and how many of them at most may be empty. */
export const CHAIN = 3;
export const EMPTY = 5;
/** Numbers of optional records, bit 31 left out, that are low enough to tell a record by. */
const LOW_NUMBERS = 0x1_0000;
/** Bytes that may follow the last END: the 44 of a migration's go-ahead. */
export const TAIL = 64;

/** A record that could be one, and what follows it. */
export interface Next {
  readonly at: number;
  readonly layer: StreamLayer | 'end';
  readonly type: number;
  /** Bytes of the body that lies before. */
  readonly length: number;
  /** The type is one that the format defines, and that bytes can be held against. */
  readonly isKnown: boolean;
  /** It looks like a record by itself: known and plausible, or optional and of a low number. */
  readonly isTelling: boolean;
}

/**
 * Returns what follows the record whose header stands at `at` of `bytes`; undefined for nonsense. A known record must end
 * within `room`, an unknown one within the file.
 */
export function nextOf(context: Context, bytes: Uint8Array, at: number, link: Link, room: number): Next | undefined {
  const little = context.littleEndian[link.layer];
  const type = readU32(bytes, at, little);
  const length = readU32(bytes, at + 4, little);
  const isKnown = recordSpec(link.layer, type) !== undefined && !isFaceless(link.layer, type);
  const end = endOf(link.at, length);
  const fits = isKnown
    ? couldBeHeader(bytes, at, link.layer, little, room)
    : length <= MAX_LENGTH[link.layer] && end <= context.reader.size;
  if (!fits) return undefined;
  const isTelling = isKnown || (isOptional(link.layer, type) && type - OPTIONAL_RECORD < LOW_NUMBERS);
  return { at: end, layer: layerAfter(link.layer, type, context.outer), type, length, isKnown, isTelling };
}
