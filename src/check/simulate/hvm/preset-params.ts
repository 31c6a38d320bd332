/**
 * HVM parameters that libxl sets itself before it reads the stream. Up to Xen 4.14 it sets VIRIDIAN from the
 * configuration also for a guest that is restored; Xen then refuses another value from the stream. Source:
 * tools/libxl/libxl_dom.c (4.6 to 4.13) and libxl_x86.c (4.14), hvm_set_viridian_features().
 */
import { maskOf } from '../../../format/kit/bits';
import { HvmParam, VIRIDIAN } from '../../../format/libxc/hvm-param-table';
import type { DomainConfig, ViridianConfig } from '../../kit/domain';
import type { XenVersion } from '../../kit/xen-version';

/** Groups by their number in libxl_viridian_enlightenment, with the release that brought each and the bits it sets. */
const GROUPS: readonly (readonly [from: XenVersion, bits: readonly (keyof typeof VIRIDIAN)[]])[] = [
  [0, ['base_freq']],
  [0, []],
  [0, ['time_ref_count']],
  [0, ['reference_tsc']],
  [407, ['hcall_remote_tlb_flush']],
  [407, ['apic_assist']],
  [409, ['crash_ctl']],
  [413, ['synic']],
  [413, ['time_ref_count', 'synic', 'stimer']],
  [413, ['hcall_ipi']],
];
const BASE = 0;
const FREQ = 1;
/** Groups of the default set, with the release that brought each into it. */
const DEFAULTS: readonly (readonly [from: XenVersion, group: number])[] = [
  [0, BASE],
  [0, FREQ],
  [0, 2],
  [407, 5],
  [409, 6],
];
/** The first Xen whose libxl leaves the parameter to the stream. */
const LEFT_TO_STREAM: XenVersion = 415;

/** Returns the parameters, by number, that libxl has set before the stream is read. */
export function presetParams({ type, viridian }: Pick<DomainConfig, 'type' | 'viridian'>, xen: XenVersion) {
  const preset = new Map<number, bigint>();
  const mask = type === 'hvm' && viridian && xen < LEFT_TO_STREAM ? viridianMask(viridian, xen) : 0n;
  if (mask !== 0n) preset.set(HvmParam.VIRIDIAN, mask);
  return preset;
}

function viridianMask({ defaults, enable, disable }: ViridianConfig, xen: XenVersion): bigint {
  const isKnown = (group: number): boolean => (GROUPS[group]?.[0] ?? Number.POSITIVE_INFINITY) <= xen;
  const groups = new Set(defaults ? DEFAULTS.filter(([from]) => xen >= from).map(([, group]) => group) : []);
  for (const group of enable.filter(isKnown)) groups.add(group);
  for (const group of disable.filter(isKnown)) groups.delete(group);
  const bits = Array.from(groups).flatMap((group) => GROUPS[group]?.[1] ?? []);
  if (groups.has(BASE) && !groups.has(FREQ)) bits.push('no_freq');
  return bits.reduce((mask, name) => mask | maskOf(VIRIDIAN[name]), 0n);
}
