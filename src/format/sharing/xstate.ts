/** Whether bytes are the extended state of a vCPU. Raw, by numbers that a test holds against the layouts. */
import { readU64 } from '../kit/bytes';
import { isZero } from './judge';

/** Bytes of the legacy region, and of the header behind it. */
export const XSTATE_SIZE = { legacy: 512, header: 64 } as const;
const AREA_MIN = XSTATE_SIZE.legacy + XSTATE_SIZE.header;
/** Longest area of any CPU, with room to spare: 11 008 with all that Intel has. */
export const AREA_MAX = 16 * 1024;
/** Bytes of xstate_bv and xcomp_bv, in front of the zeros. */
const MASKS = 16;
/** Components that need no more than the legacy region: x87 and SSE. */
const LEGACY = 3n;
const COMPACTED = 1n << 63n;

/**
 * Tells whether an XSAVE area stands from `at` to the end of the body, of a vCPU whose masks end there: the reserved
 * bytes of its header are zeros, and it says to hold no more components than the vCPU ever had.
 */
export function isXsaveArea(body: Uint8Array, at: number, little: boolean): boolean {
  const size = body.length - at;
  if (size === 0) return true;
  if (size < AREA_MIN || size > AREA_MAX || at < 8) return false;
  const accum = readU64(body, at - 8, little);
  const header = at + XSTATE_SIZE.legacy;
  if (!isZero(body, header + MASKS, header + XSTATE_SIZE.header)) return false;
  const held = readU64(body, header, little) | (readU64(body, header + 8, little) & ~COMPACTED);
  if ((held & ~(accum | LEGACY)) !== 0n) return false;
  return (accum & ~LEGACY) !== 0n || isZero(body, at + AREA_MIN, body.length);
}
