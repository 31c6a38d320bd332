/** Extended state: which XCR0 a policy allows, which are valid at all, and how large the area is. */
import { sizeOf } from '../../format/kit/layout';
import type { FeatureName } from '../../format/x86/cpuid/features';
import { Component, componentMask, hasBit } from '../../format/x86/xcr0';
import { COMPONENTS } from '../../format/x86/xsave-components';
import { AREA_MIN_SIZE } from '../../format/x86/xsave-layouts';
import type { CpuPolicy } from './policy';
import type { CpuTarget } from './target';

const { X87, SSE, YMM } = Component;
const AVX512 = componentMask(Component.OPMASK, Component.ZMM, Component.HI_ZMM);
const BOUNDS = componentMask(Component.BNDREGS, Component.BNDCSR);
const TILES = componentMask(Component.TILE_CFG, Component.TILE_DATA);

const BY_FEATURE: readonly (readonly [FeatureName, bigint])[] = [
  ['avx', componentMask(YMM)],
  ['mpx', BOUNDS],
  ['avx512f', AVX512],
  ['pku', componentMask(Component.PKRU)],
  ['lwp', componentMask(Component.LWP)],
];

/** Returns the XCR0 that a guest with this policy may have at most. Source: xen/arch/x86/cpu-policy.c, recalculate_xstate(). */
export function xcr0Max(policy: { has(feature: FeatureName): boolean }): bigint {
  if (!policy.has('xsave')) return 0n;
  return BY_FEATURE.reduce(
    (mask, [feature, more]) => (policy.has(feature) ? mask | more : mask),
    componentMask(X87, SSE),
  );
}

/** Tells whether a CPU could have this XCR0. Source: xen/arch/x86/xstate.c, valid_xcr0(). */
export function isValidXcr0(xcr0: bigint): boolean {
  const hasAllOrNone = (mask: bigint): boolean => (xcr0 & mask) === 0n || (xcr0 & mask) === mask;
  if (!hasBit(xcr0, X87)) return false;
  if (hasBit(xcr0, YMM) && !hasBit(xcr0, SSE)) return false;
  if ((xcr0 & AVX512) !== 0n && !hasBit(xcr0, YMM)) return false;
  return hasAllOrNone(AVX512) && hasAllOrNone(BOUNDS) && hasAllOrNone(TILES);
}

/** Offset and size of a component in the uncompacted area, bytes: as leaf 0xd of the CPU tells, else as Intel's CPUs have it. */
function placeOf(component: number, cpu: CpuPolicy | undefined): { offset: number; size: number } | undefined {
  const leaf = cpu?.leaf(0xd, component);
  if (leaf && leaf.eax > 0) return { offset: leaf.ebx, size: leaf.eax };
  const { intel, layout } = COMPONENTS[component] ?? {};
  return intel === undefined || !layout ? undefined : { offset: intel, size: sizeOf(layout) };
}

/** Returns the bytes of the uncompacted area of these components; undefined where the place of one is not known. */
export function xstateSize(xcr0: bigint, cpu: CpuPolicy | undefined): number | undefined {
  if (xcr0 === 0n) return 0;
  let end = AREA_MIN_SIZE;
  for (let component = 2; component < 63; component++) {
    if (!hasBit(xcr0, component)) continue;
    const place = placeOf(component, cpu);
    if (!place) return undefined;
    end = Math.max(end, place.offset + place.size);
  }
  return end;
}

/** Returns the components of the extended state that the target's CPU has and Xen uses; undefined where it is not known. */
export function hostComponents(target: CpuTarget | undefined): bigint | undefined {
  const host = target?.host;
  if (!host) return undefined;
  if (!host.has('xsave')) return 0n;
  const leaf = host.leaf(0xd, 0);
  return leaf ? (BigInt(leaf.edx) << 32n) | BigInt(leaf.eax) : 0n;
}
