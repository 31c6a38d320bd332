/** A CPU policy as leaves and MSRs, and the few features of it that a restore hangs on. */
import { sizeOf } from '../../format/kit/layout';
import { parse } from '../../format/kit/parse';
import { CPUID_LEAF, MSR_ENTRY } from '../../format/libxc/policy';
import { type CpuidLeaf, NO_SUBLEAF } from '../../format/x86/cpuid/leaf';
import type { Register } from '../../format/x86/cpuid/features';

export type Leaf = CpuidLeaf;

export const LEAF_SIZE = sizeOf(CPUID_LEAF);
export const MSR_SIZE = sizeOf(MSR_ENTRY);
export const MSR_PLATFORM_INFO = 0xce;

/** Where CPUID keeps a feature. */
type FeaturePlace = readonly [leaf: number, subleaf: number, register: Register, bit: number];
const basic = (register: Register, bit: number): FeaturePlace => [1, NO_SUBLEAF, register, bit];
const more = (register: Register, bit: number, subleaf = 0): FeaturePlace => [7, subleaf, register, bit];
const extended = (register: Register, bit: number, leaf = 0x8000_0001): FeaturePlace => [
  leaf,
  NO_SUBLEAF,
  register,
  bit,
];

/** Named as Xen names them (public/arch-x86/cpufeatureset.h). */
const FEATURES = {
  vme: basic('edx', 1),
  de: basic('edx', 2),
  pse: basic('edx', 3),
  tsc: basic('edx', 4),
  pae: basic('edx', 6),
  mce: basic('edx', 7),
  pge: basic('edx', 13),
  mca: basic('edx', 14),
  fxsr: basic('edx', 24),
  sse: basic('edx', 25),
  vmx: basic('ecx', 5),
  pcid: basic('ecx', 17),
  xsave: basic('ecx', 26),
  avx: basic('ecx', 28),
  fsgsbase: more('ebx', 0),
  smep: more('ebx', 7),
  mpx: more('ebx', 14),
  avx512f: more('ebx', 16),
  smap: more('ebx', 20),
  umip: more('ecx', 2),
  pku: more('ecx', 3),
  'cet-ss': more('ecx', 7),
  rdpid: more('ecx', 22),
  pks: more('ecx', 31),
  'cet-ibt': more('edx', 20),
  'amx-tile': more('edx', 24),
  ibrsb: more('edx', 26),
  ssbd: more('edx', 31),
  lass: more('eax', 6, 1),
  'intel-psfd': more('edx', 0, 2),
  'ipred-ctrl': more('edx', 1, 2),
  'rrsba-ctrl': more('edx', 2, 2),
  'bhi-ctrl': more('edx', 4, 2),
  xsaves: [0xd, 1, 'eax', 3],
  syscall: extended('edx', 11),
  nx: extended('edx', 20),
  ffxsr: extended('edx', 25),
  rdtscp: extended('edx', 27),
  lm: extended('edx', 29),
  svm: extended('ecx', 2),
  lwp: extended('ecx', 15),
  dbext: extended('ecx', 26),
  ibrs: extended('ebx', 14, 0x8000_0008),
  'amd-ssbd': extended('ebx', 24, 0x8000_0008),
  'virt-ssbd': extended('ebx', 25, 0x8000_0008),
  psfd: extended('ebx', 28, 0x8000_0008),
  'auto-ibrs': extended('eax', 8, 0x8000_0021),
} as const satisfies Readonly<Record<string, FeaturePlace>>;
export type Feature = keyof typeof FEATURES;

const keyOf = (leaf: number, subleaf: number): string => `${leaf}:${subleaf}`;

export class CpuPolicy {
  readonly #leaves = new Map<string, Leaf>();
  readonly msrs: ReadonlyMap<number, bigint>;

  /** Of leaves given twice the last one counts, as for Xen. */
  constructor(leaves: readonly Leaf[], msrs: ReadonlyMap<number, bigint>) {
    for (const leaf of leaves) this.#leaves.set(keyOf(leaf.leaf, leaf.subleaf), leaf);
    this.msrs = msrs;
  }

  leaf(leaf: number, subleaf = NO_SUBLEAF): Leaf | undefined {
    return this.#leaves.get(keyOf(leaf, subleaf));
  }

  get leaves(): Iterable<Leaf> {
    return this.#leaves.values();
  }

  has(feature: Feature): boolean {
    const [leaf, subleaf, register, bit] = FEATURES[feature];
    return (((this.leaf(leaf, subleaf)?.[register] ?? 0) >>> bit) & 1) === 1;
  }

  get maxLeaf(): number {
    return this.leaf(0)?.eax ?? 0;
  }
  get maxSubleaf(): number {
    return this.leaf(7, 0)?.eax ?? 0;
  }
  get maxExtended(): number {
    return this.leaf(0x8000_0000)?.eax ?? 0;
  }
  get platformInfo(): bigint {
    return this.msrs.get(MSR_PLATFORM_INFO) ?? 0n;
  }
  /** Bits of a physical address; Xen takes 36 where the leaf is missing. */
  get maxPhysAddr(): number {
    return (this.leaf(0x8000_0008)?.eax ?? 36) & 0xff;
  }
  /** `AuthenticAMD` */
  get vendor(): string {
    const zero = this.leaf(0);
    const words = zero ? [zero.ebx, zero.edx, zero.ecx] : [];
    return words
      .map((word) => String.fromCharCode(word & 0xff, (word >> 8) & 0xff, (word >> 16) & 0xff, word >>> 24))
      .join('');
  }
}

export function leavesOf(raw: Uint8Array): Leaf[] {
  return Array.from({ length: Math.floor(raw.length / LEAF_SIZE) }, (_, index) =>
    parse(CPUID_LEAF, raw, true, index * LEAF_SIZE),
  );
}

export interface MsrEntry {
  readonly idx: number;
  readonly flags: number;
  readonly val: bigint;
}

export function msrsOf(raw: Uint8Array): MsrEntry[] {
  return Array.from({ length: Math.floor(raw.length / MSR_SIZE) }, (_, index) =>
    parse(MSR_ENTRY, raw, true, index * MSR_SIZE),
  );
}
