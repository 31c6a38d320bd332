/** A CPU policy as leaves and MSRs, and the few features of it that a restore hangs on. */
import { sizeOf, type ValueOf } from '../../format/kit/layout';
import { parse } from '../../format/kit/parse';
import { CPUID_LEAF, MSR_ENTRY, X86_CPUID_POLICY, X86_MSR_POLICY } from '../../format/libxc/policy';
import { type FeatureName, featurePlace } from '../../format/x86/cpuid/features';
import { bitsOf, type CpuidLeaf, NO_SUBLEAF } from '../../format/x86/cpuid/leaf';
import { Msr } from '../../format/x86/msrs';

/** Bytes of a leaf in an X86_CPUID_POLICY record. */
export const LEAF_SIZE = sizeOf(CPUID_LEAF);
/** Bytes of an MSR in an X86_MSR_POLICY or X86_PV_VCPU_MSRS record. */
export const MSR_SIZE = sizeOf(MSR_ENTRY);

/** Bits of a physical address that Xen takes where a policy does not tell. */
const DEFAULT_ADDRESS_BITS = 36;

const keyOf = (leaf: number, subleaf: number): string => `${leaf}:${subleaf}`;

/** A CPU policy: of a host, of what it gives its guests, or of one guest. */
export class CpuPolicy {
  readonly #leaves = new Map<string, CpuidLeaf>();
  readonly msrs: ReadonlyMap<number, bigint>;

  /** Where a leaf is given twice the last one counts, as for Xen. */
  constructor(leaves: readonly CpuidLeaf[], msrs: ReadonlyMap<number, bigint>) {
    for (const leaf of leaves) this.#leaves.set(keyOf(leaf.leaf, leaf.subleaf), leaf);
    this.msrs = msrs;
  }

  leaf(leaf: number, subleaf = NO_SUBLEAF): CpuidLeaf | undefined {
    return this.#leaves.get(keyOf(leaf, subleaf));
  }

  has(feature: FeatureName): boolean {
    const place = featurePlace(feature);
    const word = 'leaf' in place ? (this.leaf(place.leaf, place.subleaf)?.[place.register] ?? 0) : this.#half(place);
    return bitsOf(word, place.bit, 1) === 1;
  }

  #half({ msr, half }: { readonly msr: number; readonly half: 'low' | 'high' }): number {
    const value = this.msrs.get(msr) ?? 0n;
    return Number(BigInt.asUintN(32, half === 'low' ? value : value >> 32n));
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
    return this.msrs.get(Msr.INTEL_PLATFORM_INFO) ?? 0n;
  }
  /** Bits of a physical address. */
  get maxPhysAddr(): number {
    return bitsOf(this.leaf(0x8000_0008)?.eax ?? DEFAULT_ADDRESS_BITS, 0, 8);
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

/** Reads the leaves in the body of an X86_CPUID_POLICY record; an incomplete one at the end is left out. */
export const leavesOf = (raw: Uint8Array): readonly CpuidLeaf[] => parse(X86_CPUID_POLICY, raw).leaf;

/** An MSR with its value, as a policy or a vCPU has it. */
export type MsrEntry = ValueOf<typeof MSR_ENTRY>;

/** Reads the entries in the body of an X86_MSR_POLICY record; an incomplete one at the end is left out. */
export const msrsOf = (raw: Uint8Array): readonly MsrEntry[] => parse(X86_MSR_POLICY, raw).msr;

/** Makes a policy of the entries of the two records. */
export const policyOf = (leaves: readonly CpuidLeaf[], msrs: readonly Pick<MsrEntry, 'idx' | 'val'>[]): CpuPolicy =>
  new CpuPolicy(leaves, new Map(msrs.map(({ idx, val }) => [idx, val])));
