/** Bits of CR4 and EFER that a guest's CPU allows. Source: xen/arch/x86/hvm/hvm.c. */
import type { GuestCpu } from '../../../target/guest-cpu';
import type { FeatureName } from '../../../../format/x86/cpuid/features';
import type { XenVersion } from '../../../kit/xen-version';

/** What the bits hang on. */
export interface CpuLimits {
  /** Undefined where nothing is known of the guest's CPU: then all that any could have. */
  readonly cpu: GuestCpu | undefined;
  readonly nestedHvm: boolean;
  readonly xen: XenVersion;
}

const PG = 1n << 31n;

const CR4_BITS: readonly (readonly [mask: bigint, features: readonly FeatureName[], from?: XenVersion])[] = [
  [0x3n, ['vme']],
  [0x4n, ['tsc']],
  [0x8n, ['de']],
  [0x10n, ['pse']],
  [0x20n, ['pae']],
  [0x40n, ['mce', 'mca']],
  [0x80n, ['pge']],
  [0x200n, ['fxsr']],
  [0x400n, ['sse']],
  [0x800n, ['umip'], 410],
  [0x1_0000n, ['fsgsbase']],
  [0x2_0000n, ['pcid']],
  [0x4_0000n, ['xsave']],
  [0x10_0000n, ['smep']],
  [0x20_0000n, ['smap']],
  [0x40_0000n, ['pku'], 407],
  [0x80_0000n, ['cet-ss', 'cet-ibt'], 416],
  [0x100_0000n, ['pks'], 418],
  [0x800_0000n, ['lass'], 422],
];
const PCE = 0x100n;
const VMXE = 0x2000n;

/** hvm_cr4_guest_valid_bits() */
export function cr4Valid({ cpu, nestedHvm, xen }: CpuLimits): bigint {
  const has = (feature: FeatureName): boolean => cpu === undefined || cpu.has(feature);
  let valid = PCE;
  for (const [mask, features, from = 0] of CR4_BITS) if (xen >= from && features.some(has)) valid |= mask;
  if (has('vmx') && nestedHvm) valid |= VMXE;
  return valid;
}

const Efer = {
  SCE: 1n,
  LME: 1n << 8n,
  LMA: 1n << 10n,
  NXE: 1n << 11n,
  SVME: 1n << 12n,
  LMSLE: 1n << 13n,
  FFXSE: 1n << 14n,
  AIBRSE: 1n << 21n,
} as const;

/** Bits that some CPU may have. 4.6 and 4.7 did not look. */
function knownEfer(xen: XenVersion): bigint {
  if (xen < 408) return (1n << 64n) - 1n;
  const known = Efer.SCE | Efer.LME | Efer.LMA | Efer.NXE | Efer.SVME | Efer.FFXSE;
  if (xen < 412) return known | Efer.LMSLE;
  return xen < 418 ? known : known | Efer.AIBRSE;
}

/** hvm_efer_valid(): the words that Xen prints, undefined where it is content. */
export function eferFault(value: bigint, cr0: bigint, { cpu, nestedHvm, xen }: CpuLimits): string | undefined {
  const lacks = (feature: FeatureName): boolean => cpu !== undefined && !cpu.has(feature);
  const set = (bit: bigint): boolean => (value & bit) !== 0n;
  if ((value & ~knownEfer(xen)) !== 0n) return 'Unknown bits set';
  if (set(Efer.SCE) && lacks('syscall')) return 'SCE without feature';
  if (set(Efer.LME | Efer.LMA) && lacks('lm')) return 'LME/LMA without feature';
  if (set(Efer.LMA) && (!set(Efer.LME) || (cr0 & PG) === 0n)) return 'LMA/LME/CR0.PG inconsistency';
  if (set(Efer.NXE) && lacks('nx')) return xen < 416 ? 'NX without feature' : 'NXE without feature';
  if (set(Efer.SVME) && (lacks('svm') || !nestedHvm)) return 'SVME without nested virt';
  if (set(Efer.FFXSE) && lacks('ffxsr')) return 'FFXSE without feature';
  return xen >= 418 && set(Efer.AIBRSE) && lacks('auto-ibrs') ? 'AutoIBRS without feature' : undefined;
}
