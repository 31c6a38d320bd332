/** Vector registers, put together from the parts that an XSAVE area keeps in different places. */
import { fieldsOf } from '../kit/fields';
import { FXSAVE_SIZE } from './fxsave';
import { Component, hasBit } from './xcr0';
import { XSAVE_AREA } from './xsave-layouts';
import type { ExtendedState } from './xsave-state';

/** Bytes of a register and where they stand. */
interface VectorPart {
  /** Lowest bit of the register that they are. */
  readonly bit: number;
  /** Absolute offset in the file, bytes. */
  readonly offset: number;
  readonly length: number;
  /** The component is in its initial state: the part is zero, whatever the bytes of the file say. */
  readonly initial: boolean;
}

/** A vector register put together. */
export interface VectorRegister {
  readonly name: string;
  readonly parts: readonly VectorPart[];
  /** The value, lowest byte first. */
  readonly bytes: Uint8Array;
}

const { SSE, YMM, ZMM, HI_ZMM } = Component;

/** Offset of xmm0 in the area, bytes. */
const XMM_OFFSET = fieldsOf(XSAVE_AREA)('fpu_sse.xmm').offset;

interface Piece {
  readonly component: number;
  readonly bit: number;
  readonly size: number;
  /** Offset of register 0 from the start of the area, bytes. */
  readonly at: number;
}

/** Returns where registers 0 to 15 keep their parts, the lowest first. */
function piecesOf({ places }: ExtendedState): Piece[] {
  const placeOf = (component: number): number | undefined =>
    places.find((place) => place.component === component)?.offset;
  const pieces: Piece[] = [{ component: SSE, bit: 0, size: 16, at: XMM_OFFSET }];
  const [ymm, zmm] = [placeOf(YMM), placeOf(ZMM)];
  if (ymm === undefined) return pieces;
  pieces.push({ component: YMM, bit: 128, size: 16, at: ymm });
  if (zmm !== undefined) pieces.push({ component: ZMM, bit: 256, size: 32, at: zmm });
  return pieces;
}

function assemble(name: string, pieces: readonly Piece[], index: number, { body, live }: ExtendedState) {
  const bytes = new Uint8Array(pieces.reduce((sum, { size }) => sum + size, 0));
  const parts: VectorPart[] = [];
  for (const { component, bit, size, at } of pieces) {
    const from = at + index * size;
    const initial = !hasBit(live, component);
    const raw = body.bytes.subarray(from, from + size);
    // A register that the file has in part only is not shown as if it were whole.
    if (raw.length < size) return undefined;
    if (!initial) bytes.set(raw, bit / 8);
    parts.push({ bit, offset: body.offset + from, length: size, initial });
  }
  return { name, parts, bytes };
}

const WIDTHS = ['xmm', 'ymm', 'zmm'] as const;

/** Returns the registers by their widest name: xmm0–15, ymm0–15, or zmm0–31. */
export function vectorRegisters(state: ExtendedState): VectorRegister[] {
  const low = piecesOf(state);
  const width = WIDTHS[low.length - 1] ?? 'xmm';
  const high = state.places.find(({ component }) => component === HI_ZMM);
  const names = Array.from({ length: 16 }, (_, index) => index);
  const registers = names.map((index) => assemble(`${width}${index}`, low, index, state));
  if (high && high.offset >= FXSAVE_SIZE) {
    const whole = [{ component: HI_ZMM, bit: 0, size: 64, at: high.offset }];
    registers.push(...names.map((index) => assemble(`zmm${index + 16}`, whole, index, state)));
  }
  return registers.filter((register) => register !== undefined);
}
