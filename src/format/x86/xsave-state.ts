/** An XSAVE area as far as its header tells: which components are where, and which of them count. */
import { endOf, fieldsOf } from '../kit/fields';
import type { Body } from '../kit/node';
import { parse } from '../kit/parse';
import { Component, componentMask } from './xcr0';
import { XSAVE_AREA, XSAVE_HEADER } from './xsave-layouts';
import { type ComponentPlace, componentPlaces } from './xsave-places';

/** An XSAVE area, with what its header tells. */
export interface ExtendedState {
  readonly body: Body;
  /** Components that count, by bit. */
  readonly live: bigint;
  readonly places: readonly ComponentPlace[];
}

/** What a node of a component says that is in its initial state. */
export const INITIAL = { initial: true, note: 'in its initial state: these bytes do not count' } as const;

/** The two masks that the header starts with, from the start of the area. */
const masksAt = fieldsOf(XSAVE_AREA)('xsave_hdr.xstate_bv', 'xsave_hdr.xcomp_bv');

/** Components that count where the header is cut off: x87 and SSE, whose registers come before it. */
const LEGACY = componentMask(Component.X87, Component.SSE);

/** Reads the header of an XSAVE area. `accum` is xcr0_accum: the components that the area has room for. */
export function extendedState(area: Body, accum: bigint): ExtendedState {
  const { bytes, littleEndian } = area;
  if (bytes.length < endOf(masksAt)) return { body: area, live: LEGACY, places: [] };
  const { xstate_bv: live, xcomp_bv: xcompBv } = parse(XSAVE_HEADER, bytes, littleEndian, masksAt.offset);
  const places = componentPlaces({ mask: accum, xcompBv, length: area.claimed, xstate: area.guest?.xstate });
  return { body: area, live, places };
}
