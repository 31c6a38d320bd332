/** Which machine-check capabilities a guest can be given. Source: xen/arch/x86/cpu/mcheck/vmce.c, vmce_restore_vcpu(). */
import { maskOf } from '../../format/kit/bits';
import { MCG_CAP } from '../../format/x86/vmce';
import type { XenVersion } from '../kit/xen-version';
import type { GuestCpu } from './guest-cpu';
import type { CpuTarget } from './target';

const INTEL = 'GenuineIntel';

/** The number of banks and MCG_CTL, which Xen does not look at. */
const IGNORED = maskOf(MCG_CAP.COUNT) | maskOf(MCG_CAP.CTL_P);

/** Those of guests on Intel's CPUs; other guests have none. */
function ofIntel(xen: XenVersion): bigint {
  const always = maskOf(MCG_CAP.SER_P) | maskOf(MCG_CAP.TES_P) | maskOf(MCG_CAP.CMCI_P);
  return xen >= 410 ? always | maskOf(MCG_CAP.LMCE_P) : always;
}

/** What is known where a guest's capabilities are restored. */
interface Host {
  readonly xen: XenVersion;
  readonly target: CpuTarget | undefined;
  /** The guest's own CPU, which tells the vendor where the target is not known. */
  readonly cpu: GuestCpu | undefined;
}

/** Returns the capabilities that the host gives to guests; where it is not known, those of the guest's own vendor, Intel if that is not known either. */
export function supportedCapabilities({ xen, target, cpu }: Host): bigint {
  const vendor = target?.host.vendor ?? cpu?.vendor ?? INTEL;
  return vendor === INTEL ? ofIntel(xen) : 0n;
}

/** Tells whether Xen refuses capabilities (MCG_CAP) of a guest. Where the host is not known, only what no host gives counts. */
export function refusesCapabilities(caps: bigint, host: Host): boolean {
  const allowed = host.target === undefined ? ofIntel(host.xen) : supportedCapabilities(host);
  return (caps & ~allowed & ~IGNORED) !== 0n;
}
