/** Whether bytes could be a record header, by themselves. */
import { fitsRule } from '../../format/record-spec';
import { recordSpec } from '../../format/records';
import { RECORD_HEADER_SIZE, type StreamLayer } from '../../format/framing';
import { readU32 } from '../../format/kit/bytes';
import { PAGE_DATA_HEADER_SIZE, PFN_ENTRY_SIZE } from '../../format/libxc/page-data';
import { PAGE_SIZE } from '../../format/page';
import { LibxcType, REC_LENGTH_MAX } from '../../format/libxc/types';
import { LibxlType } from '../../format/libxl/types';

/** Bytes of a body that tell whether it may be one. */
export const BODY_START = 8;

/**
 * Whether the bytes at `at` could be a real record header: a defined type whose length obeys its rule and ends within
 * `room`, which is what the file has from the header on, and a body that starts as Xen starts it.
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
  const first = readU32(bytes, at + RECORD_HEADER_SIZE, little);
  const second = readU32(bytes, at + RECORD_HEADER_SIZE + 4, little);
  if (layer === 'libxl') return couldBeLibxlBody(type, first, second);
  return length <= REC_LENGTH_MAX && couldBeLibxcBody(type, length, first, second);
}

function couldBeLibxlBody(type: number, first: number, second: number): boolean {
  switch (type) {
    case LibxlType.EMULATOR_XENSTORE_DATA:
    case LibxlType.EMULATOR_CONTEXT:
      return first <= 2 && second === 0;
    case LibxlType.CHECKPOINT_STATE:
      return first <= 3;
    default:
      return true;
  }
}

/** Lengths of an X86_PV_VCPU_BASIC: no context, that of a 32-bit guest, that of a 64-bit one. */
const BASIC_LENGTHS = [8, 8 + 2800, 8 + 5168];
const VCPU_LIMIT = 8192;

function couldBeLibxcBody(type: number, length: number, first: number, second: number): boolean {
  switch (type) {
    case LibxcType.PAGE_DATA: {
      const pages = length - PAGE_DATA_HEADER_SIZE - first * PFN_ENTRY_SIZE;
      return first > 0 && second === 0 && pages >= 0 && pages <= first * PAGE_SIZE && pages % PAGE_SIZE === 0;
    }
    case LibxcType.X86_PV_P2M_FRAMES: {
      const frames = (length - 8) / 8;
      return [512, 1024].some((each) => Math.floor(second / each) - Math.floor(first / each) + 1 === frames);
    }
    case LibxcType.X86_PV_VCPU_BASIC:
      return first < VCPU_LIMIT && second === 0 && BASIC_LENGTHS.includes(length);
    case LibxcType.X86_PV_VCPU_EXTENDED:
    case LibxcType.X86_PV_VCPU_XSAVE:
    case LibxcType.X86_PV_VCPU_MSRS:
      return first < VCPU_LIMIT && second === 0;
    case LibxcType.X86_TSC_INFO:
      return first <= 3;
    case LibxcType.HVM_CONTEXT:
      // Typecode and instance of the header entry, 1 and 0, in either order; its length.
      return (first === 1 || first === 0x1_0000) && second === 24;
    case LibxcType.HVM_PARAMS:
      return second === 0 && length === 8 + first * 16;
    case LibxcType.X86_CPUID_POLICY:
      return first === 0 && second === 0xffff_ffff;
    case LibxcType.X86_MSR_POLICY:
      return second === 0;
    case LibxcType.TOOLSTACK:
    case LibxcType.CHECKPOINT_DIRTY_PFN_LIST:
      // In no stream that a release wrote, and of any content.
      return false;
    default:
      return true;
  }
}

/** Cheap first look: a small type, and not the all-zero header that zeroed memory is full of. */
export function couldStart(bytes: Uint8Array, at: number, little: boolean): boolean {
  const first = bytes[little ? at : at + 3] ?? 0;
  if (first > LibxcType.X86_MSR_POLICY) return false;
  const rest = little
    ? (bytes[at + 1] ?? 0) | (bytes[at + 2] ?? 0) | (bytes[at + 3] ?? 0)
    : (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) | (bytes[at + 2] ?? 0);
  if (rest !== 0) return false;
  return first !== 0 || (bytes[at + 4] ?? 0) !== 0;
}
