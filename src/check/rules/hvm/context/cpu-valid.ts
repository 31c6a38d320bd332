/** Bits of CR4 and EFER that a guest's CPU allows. Source: xen/arch/x86/hvm/hvm.c. */
import { isSet, maskOf } from '../../../../format/kit/bits';
import type { FeatureName } from '../../../../format/x86/cpuid/features';
import { CR0, CR4, EFER } from '../../../../format/x86/registers';
import type { GuestCpu } from '../../../target/guest-cpu';
import type { XenVersion } from '../../../kit/xen-version';

/** What the bits hang on that a guest may set. */
export interface CpuLimits {
  /** Undefined where nothing is known of the guest's CPU: then all that any could have. */
  readonly cpu: GuestCpu | undefined;
  readonly nestedHvm: boolean;
  readonly xen: XenVersion;
}

type Cr4Flag = keyof typeof CR4;

/** Flags of CR4, the features of which one must be there, and the release since when a guest can have them. */
const CR4_FLAGS: readonly (readonly [
  flags: readonly Cr4Flag[],
  features: readonly FeatureName[],
  from?: XenVersion,
])[] = [
  [['VME', 'PVI'], ['vme']],
  [['TSD'], ['tsc']],
  [['DE'], ['de']],
  [['PSE'], ['pse']],
  [['PAE'], ['pae']],
  [['MCE'], ['mce', 'mca']],
  [['PGE'], ['pge']],
  [['OSFXSR'], ['fxsr']],
  [['OSXMMEXCPT'], ['sse']],
  [['UMIP'], ['umip'], 410],
  [['FSGSBASE'], ['fsgsbase']],
  [['PCIDE'], ['pcid']],
  [['OSXSAVE'], ['xsave']],
  [['SMEP'], ['smep']],
  [['SMAP'], ['smap']],
  [['PKE'], ['pku'], 407],
  [['CET'], ['cet-ss', 'cet-ibt'], 416],
  [['PKS'], ['pks'], 418],
  [['LASS'], ['lass'], 422],
];

/** Returns the bits of CR4 that the guest may set. Source: hvm_cr4_guest_valid_bits(). */
export function cr4Valid({ cpu, nestedHvm, xen }: CpuLimits): bigint {
  const has = (feature: FeatureName): boolean => cpu === undefined || cpu.has(feature);
  const flags = CR4_FLAGS.filter(([, features, from = 0]) => xen >= from && features.some(has)).flatMap(
    ([some]) => some,
  );
  if (has('vmx') && nestedHvm) flags.push('VMXE');
  return flags.reduce((mask, flag) => mask | maskOf(CR4[flag]), maskOf(CR4.PCE));
}

type EferFlag = keyof typeof EFER;
const eferMask = (...flags: readonly EferFlag[]): bigint => flags.reduce((mask, flag) => mask | maskOf(EFER[flag]), 0n);

/** Returns the bits of EFER that some CPU may have. 4.6 and 4.7 did not look. */
function knownEfer(xen: XenVersion): bigint {
  if (xen < 408) return (1n << 64n) - 1n;
  const known = eferMask('SCE', 'LME', 'LMA', 'NXE', 'SVME', 'FFXSE');
  if (xen < 412) return known | eferMask('LMSLE');
  return xen < 418 ? known : known | eferMask('AIBRSE');
}

/** Returns why Xen refuses a value of EFER, in its own words; undefined where it takes it. Source: hvm_efer_valid(). */
export function eferFault(value: bigint, cr0: bigint, { cpu, nestedHvm, xen }: CpuLimits): string | undefined {
  const lacks = (feature: FeatureName): boolean => cpu !== undefined && !cpu.has(feature);
  const set = (...flags: readonly EferFlag[]): boolean => (value & eferMask(...flags)) !== 0n;
  const isPaging = isSet(cr0, CR0.PG);
  if ((value & ~knownEfer(xen)) !== 0n) return 'Unknown bits set';
  if (set('SCE') && lacks('syscall')) return 'SCE without feature';
  if (set('LME', 'LMA') && lacks('lm')) return 'LME/LMA without feature';
  if (set('LMA') && (!set('LME') || !isPaging)) return 'LMA/LME/CR0.PG inconsistency';
  if (set('NXE') && lacks('nx')) return xen < 416 ? 'NX without feature' : 'NXE without feature';
  if (set('SVME') && (lacks('svm') || !nestedHvm)) return 'SVME without nested virt';
  if (set('FFXSE') && lacks('ffxsr')) return 'FFXSE without feature';
  return xen >= 418 && set('AIBRSE') && lacks('auto-ibrs') ? 'AutoIBRS without feature' : undefined;
}
