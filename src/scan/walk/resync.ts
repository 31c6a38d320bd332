/** Finds where records go on after damage: headers that lead from one to the next. */
import { RECORD_HEADER_SIZE } from '../../format/framing';
import type { StreamLayer } from '../../format/layers';
import type { Reading } from '../reader';
import type { Link } from './ahead';
import { CHAIN, type Context, EMPTY, nextOf, TAIL } from './chain';
import { BODY_START, couldStart } from './plausible';

/** How far a search for the next record goes, bytes. */
export const RESYNC_LIMIT = 1024 * 1024 * 1024;
/** Bytes looked at in one go: few at first, as most searches end soon and hostile bytes can cause very many. */
const FIRST_STEP = 512;
const STEP_LIMIT = 1024 * 1024;

/** How far a chain of records has been followed. */
interface Followed extends Link {
  /** Records so far, and those of them that have a body. */
  readonly seen: number;
  readonly bodies: number;
}

/**
 * Takes one more record of a chain, whose header stands at `at` of `bytes`. True once it is a chain: three records that
 * have a body, two that fill the file, or fewer that lead through the last END to its end. False for nonsense. Empty
 * records alone prove nothing: zeroed memory looks like them.
 */
function step(context: Context, bytes: Uint8Array, at: number, chain: Followed): Followed | boolean {
  const { size } = context.reader;
  if (bytes.length - at < RECORD_HEADER_SIZE) return false;
  const next = nextOf(context, bytes, at, chain, size - chain.at);
  if (next?.isTelling !== true) return false;
  const bodies = chain.bodies + (next.length > 0 ? 1 : 0);
  const seen = chain.seen + 1;
  if (next.layer === 'end') return bodies > 0 && size - next.at <= TAIL;
  if (bodies === CHAIN) return true;
  if (next.at === size) return bodies > 0 && seen > 1;
  return seen === CHAIN + EMPTY ? false : { at: next.at, layer: next.layer, seen, bodies };
}

/** Follows a chain from `offset` on as far as the bytes at hand go, which stand at `base`: spares most reads of a search. */
function within(context: Context, bytes: Uint8Array, base: number, start: Link): Followed | boolean {
  let chain: Followed | boolean = { ...start, seen: 0, bodies: 0 };
  while (typeof chain === 'object') {
    const at: number = chain.at - base;
    const isHere = at + RECORD_HEADER_SIZE + BODY_START <= bytes.length;
    if (!isHere && base + bytes.length < context.reader.size) return chain;
    chain = step(context, bytes, Math.min(at, bytes.length), chain);
  }
  return chain;
}

/** Follows a chain to its end. Each record is a read somewhere else, of which there are so many and no more. */
function* beyond(context: Context, from: Followed): Reading<boolean> {
  const { reader, ahead } = context;
  let chain: Followed | boolean = from;
  while (typeof chain === 'object') {
    if (ahead.isNonsense(chain) || !ahead.mayLook()) return false;
    const head: Uint8Array = yield* reader.exactly(chain.at, RECORD_HEADER_SIZE + BODY_START);
    const next = head.length < RECORD_HEADER_SIZE ? undefined : nextOf(context, head, 0, chain, reader.size - chain.at);
    if (next?.isTelling !== true) {
      ahead.notARecord(chain);
      return false;
    }
    chain = step(context, head, 0, chain);
  }
  return chain;
}

/** Where records go on, and in which layer. */
export interface Resynced {
  readonly offset: number;
  readonly layer: StreamLayer;
}

/** Finds the first offset from `from` on where a chain of records starts, in either layer. Reads forward, step by step. */
export function* resync(
  context: Context,
  layers: readonly StreamLayer[],
  from: number,
  length: number,
): Reading<Resynced | undefined> {
  const { reader, littleEndian, ahead } = context;
  const limit = Math.min(reader.size, from + length);
  let piece = FIRST_STEP;
  for (let base = from; base < limit; base += piece, piece = Math.min(STEP_LIMIT, piece * 2)) {
    const window = (yield* reader.at(base, piece + RECORD_HEADER_SIZE + BODY_START)).slice();
    const end = Math.min(piece, window.length - RECORD_HEADER_SIZE + 1);
    ahead.searched(base, end);
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
        const chain = within(context, window, base, { at: offset, layer });
        if (chain === true || (chain !== false && (yield* beyond(context, chain)))) return { offset, layer };
      }
    }
  }
  return undefined;
}
