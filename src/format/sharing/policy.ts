/** What of the records of policies and MSRs may be kept: lists whose every entry is one. */
import { readU32 } from '../kit/bytes';
import { CPUID_LEAF_SIZE, leavesIn } from '../libxc/cpuid-leaf';
import { NO_SUBLEAF } from '../x86/cpuid/leaf';
import { all, type Judge } from './judge';

/** Most leaves of one policy; Xen writes 120 at most. */
const LEAVES = 512;
/** Leaves are numbered from these on: basic, of the hypervisor, extended. */
const LEAF_RANGES = [0, 0x4000_0000, 0x8000_0000];
const LEAVES_OF_RANGE = 0x1000;
const SUBLEAVES = 0x100;

/** Judges X86_CPUID_POLICY: leaves, each of a number that a CPU or Xen can have, in ascending order. */
export const CPUID_POLICY: Judge = {
  most: LEAVES * CPUID_LEAF_SIZE,
  keeps: (body, { little }) => {
    let last = -1;
    for (const { leaf, subleaf } of leavesIn(body, little)) {
      const inRange = LEAF_RANGES.some((first) => leaf >= first && leaf < first + LEAVES_OF_RANGE);
      if (!inRange || leaf < last || (subleaf >= SUBLEAVES && subleaf !== NO_SUBLEAF)) return undefined;
      last = leaf;
    }
    return all(body, 'policy');
  },
};

/** Bytes of xen_msr_entry_t and of hvm_one_msr, which are alike: index, a word of zeros, value. */
const MSR_SIZE = 16;

/** Tells whether the body is a list of MSRs from `from` on: no MSR twice, and zeros where they must be. */
export function areMsrs(body: Uint8Array, from: number, little: boolean): boolean {
  const seen = new Set<number>();
  for (let at = from; at + MSR_SIZE <= body.length; at += MSR_SIZE) {
    const index = readU32(body, at, little);
    if (readU32(body, at + 4, little) !== 0 || seen.has(index)) return false;
    seen.add(index);
  }
  return (body.length - from) % MSR_SIZE === 0;
}

/** Most MSRs of one list; Xen sends a handful. */
export const MSRS = 64;

/** Judges X86_MSR_POLICY. */
export const MSR_POLICY: Judge = {
  most: MSRS * MSR_SIZE,
  keeps: (body, { little }) => (areMsrs(body, 0, little) ? all(body, 'policy') : undefined),
};
