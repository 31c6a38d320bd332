/** What a PV stream has too little of. */
import type { Span } from '../../../lib/range';
import { TSC_PRESENCE_RULES } from '../../rules/libxc/tsc';
import { PV_PRESENCE_RULES } from '../../rules/pv/presence';
import type { Simulation } from '../simulation';
import type { PvVcpu } from '../state';

/** vCPU ids looked at: Xen gives a guest 8192 at most. */
export const VCPU_LIMIT = 8192;

/** Notes what the stream lacks, where it ends. */
export function notePresence(sim: Simulation, place: Span): void {
  const { vcpus, sawSharedInfo, sawTsc } = sim.libxc;
  const all = [...vcpus].filter(([id]) => id < VCPU_LIMIT);
  const ids = (test: (vcpu: PvVcpu) => boolean): number[] => all.filter(([, vcpu]) => test(vcpu)).map(([id]) => id);
  const someXsave = all.some(([, { xsave }]) => xsave !== undefined);
  const presence = {
    headless: ids(({ basic }) => basic === undefined),
    noExtended: ids(({ basic, extended }) => basic !== undefined && extended === undefined),
    noXsave: ids(({ basic, xsave }) => someXsave && basic !== undefined && xsave === undefined),
    sawSharedInfo,
  };
  sim.apply(PV_PRESENCE_RULES, presence, place);
  sim.apply(TSC_PRESENCE_RULES, { sawTsc }, place);
}
