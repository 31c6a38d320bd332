/**
 * What of the records of a PV guest may be kept. Sizes and places are numbers here, as a scan need not load layouts for
 * them; a test holds them against the layouts.
 */
import { readU32 } from '../kit/bytes';
import { VCPU_HEADER_SIZE, VCPU_ID_LIMIT } from '../libxc/vcpu-header';
import { PAGE_SIZE } from '../page';
import { CONTEXT_SIZE } from '../pv/context-size';
import { all, isZero, type Judge, type Secret, type Stretch } from './judge';
import { areMsrs, MSRS } from './policy';
import { AREA_MAX, isXsaveArea } from './xstate';

/** Tells whether the body starts with the header that names a vCPU. */
const namesVcpu = (body: Uint8Array, little: boolean): boolean =>
  readU32(body, 0, little) < VCPU_ID_LIMIT && readU32(body, 4, little) === 0;

/** Returns as kept the header that names the vCPU, and its state up to `end`, or all where only zeros follow. */
const state = (body: Uint8Array, end: number): readonly Stretch[] => [
  { from: 0, to: VCPU_HEADER_SIZE, kind: 'vcpus' },
  {
    from: VCPU_HEADER_SIZE,
    to: isZero(body, end, body.length) ? body.length : end,
    kind: 'vcpus',
    secret: 'registers',
  },
];

/** Makes the judge of a record of a vCPU whose state is `most` bytes long at most. */
const vcpu = (most: number, fits: (body: Uint8Array, little: boolean) => boolean): Judge => ({
  most: VCPU_HEADER_SIZE + most,
  keeps: (body, { little }) => (namesVcpu(body, little) && fits(body, little) ? state(body, body.length) : undefined),
});

/** The trap table in vcpu_guest_context of a 64-bit guest: vector, flags, cs, a hole, the address of the handler. */
export const TRAPS = { at: 720, count: 256, size: 16, hole: 4, address: 8 } as const;

/** Tells whether each entry of the trap table is for the vector of its place, as Xen keeps it, or has no handler. */
function haveOwnVectors(body: Uint8Array): boolean {
  for (let vector = 0; vector < TRAPS.count; vector++) {
    const at = VCPU_HEADER_SIZE + TRAPS.at + vector * TRAPS.size;
    const isUnset = body[at] === 0 && isZero(body, at + TRAPS.address, at + TRAPS.size);
    if (!isZero(body, at + TRAPS.hole, at + TRAPS.address) || (body[at] !== vector && !isUnset)) return false;
  }
  return true;
}

/** Judges X86_PV_VCPU_BASIC: a context of either width, or none. */
export const VCPU_BASIC = vcpu(CONTEXT_SIZE.pv64, (body) => {
  const size = body.length - VCPU_HEADER_SIZE;
  return size === 0 || size === CONTEXT_SIZE.pv32 || (size === CONTEXT_SIZE.pv64 && haveOwnVectors(body));
});

/** Sizes of xen_domctl_ext_vcpucontext by release, and of the buffer that the legacy format kept whole. */
export const EXTENDED_SIZES = [32, 40, 56, 64];
export const EXTENDED_BUFFER = 128;

/** Judges X86_PV_VCPU_EXTENDED; behind the structure the legacy format kept what happened to be there. */
export const VCPU_EXTENDED: Judge = {
  most: VCPU_HEADER_SIZE + EXTENDED_BUFFER,
  keeps: (body, { little }) => {
    const size = body.length - VCPU_HEADER_SIZE;
    if (!namesVcpu(body, little)) return undefined;
    if (size === 0 || EXTENDED_SIZES.includes(size)) return state(body, body.length);
    const told = readU32(body, VCPU_HEADER_SIZE + 4, little);
    const isBuffer = size === EXTENDED_BUFFER && EXTENDED_SIZES.includes(told);
    return isBuffer ? state(body, VCPU_HEADER_SIZE + told) : undefined;
  },
};

/** Bytes of xcr0 and xcr0_accum, in front of the area. */
const XSAVE_MASKS = 16;

/** Judges X86_PV_VCPU_XSAVE. */
export const VCPU_XSAVE = vcpu(
  XSAVE_MASKS + AREA_MAX,
  (body, little) =>
    body.length === VCPU_HEADER_SIZE ||
    (body.length >= VCPU_HEADER_SIZE + XSAVE_MASKS && isXsaveArea(body, VCPU_HEADER_SIZE + XSAVE_MASKS, little)),
);

/** Judges X86_PV_VCPU_MSRS. */
export const VCPU_MSRS = vcpu(MSRS * 16, (body, little) => areMsrs(body, VCPU_HEADER_SIZE, little));

/** PFNs that a frame of the P2M holds, in a 64-bit and in a 32-bit guest. */
const PFNS_A_FRAME = [PAGE_SIZE / 8, PAGE_SIZE / 4];
/** Frames of the largest guest that Xen allows: 2^32 PFNs. */
const FRAMES = 2 ** 23;

/** Judges X86_PV_P2M_FRAMES: as many frames as its PFNs need, each of them one of these PFNs. */
export const P2M_FRAMES: Judge = {
  most: 8 + FRAMES * 8,
  keeps: (body, { little }) => {
    const [start, end] = [readU32(body, 0, little), readU32(body, 4, little)];
    const count = (body.length - 8) / 8;
    if (!PFNS_A_FRAME.some((each) => Math.floor(end / each) - Math.floor(start / each) + 1 === count)) return undefined;
    for (let at = 8; at < body.length; at += 8) {
      const [low, high] = little ? [at, at + 4] : [at + 4, at];
      if (readU32(body, high, little) !== 0 || readU32(body, low, little) > end) return undefined;
    }
    return all(body, 'guest');
  },
};

/**
 * The structure in the shared page, by the guest's word: its size, where the cr2 of a vCPU stands in each of 32 parts of
 * 64 bytes, and where the page tables of the P2M are named.
 */
export const SHARED = {
  8: { size: 3136, cr2: { at: 16, size: 8 }, p2m: { at: 3112, size: 16 } },
  4: { size: 2344, cr2: { at: 8, size: 4 }, p2m: { at: 2328, size: 8 } },
} as const;
const VCPU_INFO_SIZE = 64;
const VCPU_INFOS = 32;

/** Judges SHARED_INFO: the structure. The guest may write to all of the page, and the rest of it is memory like any. */
export const SHARED_INFO: Judge = {
  most: PAGE_SIZE,
  keeps: (body, { width }) => {
    const { size, cr2, p2m } = SHARED[width === 4 ? 4 : 8];
    const registers = Array.from({ length: VCPU_INFOS }, (_, id) => ({ ...cr2, at: id * VCPU_INFO_SIZE + cr2.at }));
    const end = isZero(body, size, body.length) ? body.length : size;
    return marked(end, [...registers, p2m], 'registers');
  },
};

/** Cuts `0 … end` where parts of it, ascending and apart, are secret. */
export function marked(
  end: number,
  parts: readonly { readonly at: number; readonly size: number }[],
  secret: Secret,
): Stretch[] {
  const found: Stretch[] = [];
  let from = 0;
  for (const { at, size } of parts) {
    if (at > from) found.push({ from, to: at, kind: 'guest' });
    found.push({ from: at, to: at + size, kind: 'guest', secret });
    from = at + size;
  }
  if (end > from) found.push({ from, to: end, kind: 'guest' });
  return found;
}
