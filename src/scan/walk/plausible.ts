/** Tells whether bytes could be a record header, by themselves. */
import { MAX_LENGTH, RECORD_HEADER_SIZE } from '../../format/framing';
import { HVM_HEADER } from '../../format/hvm/header';
import { HvmType } from '../../format/hvm/types';
import { readU32 } from '../../format/kit/bytes';
import { sizeOf } from '../../format/kit/layout';
import type { StreamLayer } from '../../format/layers';
import { PAGE_DATA_HEADER_SIZE, PFN_ENTRY_SIZE } from '../../format/libxc/page-data';
import { LibxcType } from '../../format/libxc/types';
import { VCPU_HEADER_SIZE, VCPU_ID_LIMIT } from '../../format/libxc/vcpu-header';
import { LibxlType } from '../../format/libxl/types';
import { PAGE_SIZE } from '../../format/page';
import { CONTEXT_SIZE } from '../../format/pv/context-size';
import { fitsRule } from '../../format/record-spec';
import { recordSpec } from '../../format/records';
import { startsFilled } from '../../format/sharing/fill';
import { NO_SUBLEAF } from '../../format/x86/cpuid/leaf';

/** Bytes of a body that tell whether it may be one: two words. */
export const BODY_START = 8;

/**
 * Tells whether the bytes at `at` could be a real record header: a defined type whose length obeys its rule and ends
 * within `room`, which is what the file has from the header on, and a body that starts as Xen starts it. Raw, without
 * layouts: a search asks this of millions of places.
 */
export function couldBeHeader(
  bytes: Uint8Array,
  at: number,
  layer: StreamLayer,
  little: boolean,
  room: number,
): boolean {
  const type = readU32(bytes, at, little);
  const length = readU32(bytes, at + 4, little);
  const spec = recordSpec(layer, type);
  if (!spec || !fitsRule(spec.length, length) || RECORD_HEADER_SIZE + length > room) return false;
  if (bytes.length < at + RECORD_HEADER_SIZE + BODY_START) return true;
  if (startsFilled(bytes, at + RECORD_HEADER_SIZE)) return length <= MAX_LENGTH[layer];
  const starts = STARTS[layer][type];
  if (length > MAX_LENGTH[layer] || !starts) return length <= MAX_LENGTH[layer];
  const first = readU32(bytes, at + RECORD_HEADER_SIZE, little);
  const second = readU32(bytes, at + RECORD_HEADER_SIZE + 4, little);
  return starts(first, second, length);
}

/** Tells by the first two words of a body and its length whether Xen could have written it. */
type Starts = (first: number, second: number, length: number) => boolean;

/** The header in front of both emulator records. */
const emulator: Starts = (id, index) => id <= 2 && index === 0;
/** The header in front of the state of a PV vCPU. */
const vcpu: Starts = (id, reserved) => id < VCPU_ID_LIMIT && reserved === 0;
/** Refuses any body: types that no stream of a release has, and whose content can be anything. */
const never: Starts = () => false;

const CONTEXT_LENGTHS = [0, CONTEXT_SIZE.pv32, CONTEXT_SIZE.pv64].map((size) => VCPU_HEADER_SIZE + size);
const HVM_HEADER_SIZE = sizeOf(HVM_HEADER);
/** PFNs that a frame of the P2M holds, in a 64-bit and in a 32-bit guest. */
const PFNS_A_FRAME = [PAGE_SIZE / 8, PAGE_SIZE / 4];

/** How bodies start, of those types of which that can be told. */
const STARTS: Readonly<Record<StreamLayer, Readonly<Partial<Record<number, Starts>>>>> = {
  libxl: {
    [LibxlType.EMULATOR_XENSTORE_DATA]: emulator,
    [LibxlType.EMULATOR_CONTEXT]: emulator,
    [LibxlType.CHECKPOINT_STATE]: (state) => state <= 3,
  },
  libxc: {
    [LibxcType.PAGE_DATA]: (count, reserved, length) => {
      const pages = length - PAGE_DATA_HEADER_SIZE - count * PFN_ENTRY_SIZE;
      return count > 0 && reserved === 0 && pages >= 0 && pages <= count * PAGE_SIZE && pages % PAGE_SIZE === 0;
    },
    [LibxcType.X86_PV_P2M_FRAMES]: (start, end, length) => {
      const frames = (length - BODY_START) / 8;
      return PFNS_A_FRAME.some((each) => Math.floor(end / each) - Math.floor(start / each) + 1 === frames);
    },
    [LibxcType.X86_PV_VCPU_BASIC]: (id, reserved, length) =>
      vcpu(id, reserved, length) && CONTEXT_LENGTHS.includes(length),
    [LibxcType.X86_PV_VCPU_EXTENDED]: vcpu,
    [LibxcType.X86_PV_VCPU_XSAVE]: vcpu,
    [LibxcType.X86_PV_VCPU_MSRS]: vcpu,
    [LibxcType.X86_TSC_INFO]: (mode) => mode <= 3,
    // Typecode and instance 0 of the header entry, in either byte order; its length.
    [LibxcType.HVM_CONTEXT]: (entry, length) =>
      (entry === HvmType.HEADER || entry === HvmType.HEADER * 0x1_0000) && length === HVM_HEADER_SIZE,
    [LibxcType.HVM_PARAMS]: (count, reserved, length) => reserved === 0 && length === 8 + count * 16,
    [LibxcType.X86_CPUID_POLICY]: (leaf, subleaf) => leaf === 0 && subleaf === NO_SUBLEAF,
    [LibxcType.X86_MSR_POLICY]: (_index, flags) => flags === 0,
    [LibxcType.TOOLSTACK]: never,
    [LibxcType.CHECKPOINT_DIRTY_PFN_LIST]: never,
  },
};

/** Tells whether nothing in a record of a defined type tells it from other bytes. */
export const isFaceless = (layer: StreamLayer, type: number): boolean => STARTS[layer][type] === never;

const HIGHEST_TYPE = Math.max(...Object.values(LibxcType), ...Object.values(LibxlType));

/**
 * Tells at a first look, which costs little, whether a record can start there: a small type, and not all zeros, which
 * zeroed memory is full of.
 */
export function couldStart(bytes: Uint8Array, at: number, little: boolean): boolean {
  const first = bytes[little ? at : at + 3] ?? 0;
  if (first > HIGHEST_TYPE) return false;
  const rest = little
    ? (bytes[at + 1] ?? 0) | (bytes[at + 2] ?? 0) | (bytes[at + 3] ?? 0)
    : (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) | (bytes[at + 2] ?? 0);
  if (rest !== 0) return false;
  return first !== 0 || (bytes[at + 4] ?? 0) !== 0;
}
