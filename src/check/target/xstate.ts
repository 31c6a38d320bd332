/** Extended state: which XCR0 a policy allows, which are valid at all, and how large the area is. */
import type { CpuPolicy, Feature } from './policy';
import type { CpuTarget } from './target';

const XCR0 = {
  X87: 1n << 0n,
  SSE: 1n << 1n,
  YMM: 1n << 2n,
  BNDREGS: 1n << 3n,
  BNDCSR: 1n << 4n,
  OPMASK: 1n << 5n,
  ZMM: 1n << 6n,
  HI_ZMM: 1n << 7n,
  PKRU: 1n << 9n,
  TILE_CFG: 1n << 17n,
  TILE_DATA: 1n << 18n,
  LWP: 1n << 62n,
} as const;

const AVX512 = XCR0.OPMASK | XCR0.ZMM | XCR0.HI_ZMM;
const BOUNDS = XCR0.BNDREGS | XCR0.BNDCSR;
const TILES = XCR0.TILE_CFG | XCR0.TILE_DATA;

const BY_FEATURE: readonly (readonly [Feature, bigint])[] = [
  ['avx', XCR0.YMM],
  ['mpx', BOUNDS],
  ['avx512f', AVX512],
  ['pku', XCR0.PKRU],
  ['lwp', XCR0.LWP],
];

/** XCR0 that a guest with this policy may have. Source: xen/arch/x86/cpu-policy.c, recalculate_xstate(). */
export function xcr0Max(policy: { has(feature: Feature): boolean }): bigint {
  if (!policy.has('xsave')) return 0n;
  return BY_FEATURE.reduce((sum, [feature, bits]) => (policy.has(feature) ? sum | bits : sum), XCR0.X87 | XCR0.SSE);
}

/** Source: xen/arch/x86/xstate.c, valid_xcr0(). */
export function isValidXcr0(xcr0: bigint): boolean {
  const both = (bits: bigint): boolean => (xcr0 & bits) === 0n || (xcr0 & bits) === bits;
  if ((xcr0 & XCR0.X87) === 0n) return false;
  if ((xcr0 & XCR0.YMM) !== 0n && (xcr0 & XCR0.SSE) === 0n) return false;
  if ((xcr0 & AVX512) !== 0n && (xcr0 & XCR0.YMM) === 0n) return false;
  return both(AVX512) && both(BOUNDS) && both(TILES);
}

/** Legacy area and header. */
export const XSTATE_MIN_SIZE = 576;

/** Offset and size of components in the uncompacted area, as every CPU that exists lays them out. */
const STANDARD: Readonly<Record<number, readonly [offset: number, size: number]>> = {
  2: [576, 256],
  3: [960, 64],
  4: [1024, 64],
  5: [1088, 64],
  6: [1152, 512],
  7: [1664, 1024],
  9: [2688, 8],
  17: [2752, 64],
  18: [2816, 8192],
};

/** Bytes of the uncompacted area of these components: by the CPU's own leaf 0xd if it is known. */
export function xstateSize(xcr0: bigint, cpu: CpuPolicy | undefined): number | undefined {
  if (xcr0 === 0n) return 0;
  let size = XSTATE_MIN_SIZE;
  for (let component = 2; component < 63; component++) {
    if (((xcr0 >> BigInt(component)) & 1n) === 0n) continue;
    const leaf = cpu?.leaf(0xd, component);
    const [offset, length] = leaf && leaf.eax > 0 ? [leaf.ebx, leaf.eax] : (STANDARD[component] ?? [0, 0]);
    if (length === 0) return undefined;
    size = Math.max(size, offset + length);
  }
  return size;
}

/** Components of the extended state that the target's CPU has and Xen uses; undefined where it is not known. */
export function hostComponents(target: CpuTarget | undefined): bigint | undefined {
  const host = target?.host;
  if (!host) return undefined;
  if (!host.has('xsave')) return 0n;
  const leaf = host.leaf(0xd, 0);
  return leaf ? (BigInt(leaf.edx) << 32n) | BigInt(leaf.eax) : 0n;
}
