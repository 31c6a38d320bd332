/** Finds where records go on after damage: headers that lead from one to the next. */
import { RECORD_HEADER_SIZE } from '../../format/framing';
import type { StreamLayer } from '../../format/layers';
import type { Reading } from '../reader';
import type { Link } from './ahead';
import { CHAIN, type Context, EMPTY, type Next, nextOf, TAIL } from './chain';
import { BODY_START, couldStart } from './plausible';

/**
 * Tells whether a chain of plausible records starts at `offset`: three that have a body, two that fill the file, or fewer that
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

/** Returns what follows a telling record; undefined for anything else. */
function* follow(context: Context, link: Link, room: number): Reading<Next | undefined> {
  const head = yield* context.reader.at(link.at, RECORD_HEADER_SIZE + BODY_START);
  if (head.length < RECORD_HEADER_SIZE) return undefined;
  const next = nextOf(context, head, 0, link, room);
  return next?.isTelling === true ? next : undefined;
}

/** Tells whether bytes at hand, from `base` on, allow a chain to start at `offset`: spares most reads of a search. */
function mayChain(context: Context, bytes: Uint8Array, base: number, offset: number, layer: StreamLayer): boolean {
  let bodies = 0;
  let link: Link = { at: offset, layer };
  for (let seen = 0; seen < CHAIN + EMPTY && bodies < CHAIN; seen++) {
    const at = link.at - base;
    if (at + RECORD_HEADER_SIZE + BODY_START > bytes.length) return true;
    const next = nextOf(context, bytes, at, link, context.reader.size - link.at);
    if (next?.isTelling !== true) return false;
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
