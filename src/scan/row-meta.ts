/**
 * What the record index keeps of a row in one byte: five flags, and above them the number of the layer. All that is
 * known of these bits stands here.
 */
import { type Layer, LAYERS } from '../format/layers';

/** A row is a header, not a record. */
export const HEADER = 0x01;
/** The row's length cannot be trusted, or the file ends inside. */
export const DAMAGED = 0x02;
/** The row is the first PAGE_DATA of a pass over memory. */
export const PASS_START = 0x04;
/** An entry in the PFN list of a PAGE_DATA has one of the reserved bits 59–52 set. */
export const RESERVED_BITS = 0x08;
// 0x10 is free.

const LAYER_SHIFT = 5;

/** A list that three bits can number. */
type Eight<T extends readonly unknown[]> = T['length'] extends 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 ? T : never;

/** The layers by number. The type refuses a ninth, for which the byte has no room: it would set nothing at all. */
const NUMBERED: Eight<typeof LAYERS> = LAYERS;

/** Packs a layer and flags into the byte. */
export const metaOf = (layer: Layer, flags: number): number => (NUMBERED.indexOf(layer) << LAYER_SHIFT) | flags;

/** Returns the layer that a byte names. */
export const layerOf = (meta: number): Layer => NUMBERED[meta >> LAYER_SHIFT] ?? 'libxc';
