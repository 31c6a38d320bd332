/** An XSAVE area as far as its header tells: which components are where, and which of them count. */
import { readU64 } from '../kit/bytes';
import type { Body } from '../kit/node';
import { FXSAVE_SIZE } from './fxsave';
import { type ComponentPlace, componentPlaces } from './xsave-places';

/** An XSAVE area. */
export interface ExtendedState {
  readonly body: Body;
  /** Components that count, by bit. */
  readonly live: bigint;
  readonly places: readonly ComponentPlace[];
}

/** What a node of a component says that is in its initial state. */
export const INITIAL = { initial: true, note: 'in its initial state: these bytes do not count' } as const;

export function extendedState(area: Body, accum: bigint): ExtendedState {
  const { bytes, littleEndian } = area;
  if (bytes.length < FXSAVE_SIZE + 16) return { body: area, live: 3n, places: [] };
  const xcompBv = readU64(bytes, FXSAVE_SIZE + 8, littleEndian);
  const places = componentPlaces({ mask: accum, xcompBv, length: area.claimed, xstate: area.guest?.xstate });
  return { body: area, live: readU64(bytes, FXSAVE_SIZE, littleEndian), places };
}
