/** The policies of the stream, handed to Xen. Source: xg_sr_common_x86.c, x86_static_data_complete(). */
import type { Reading } from '../../scan/reader';
import { POLICY_RULES } from '../rules/policy/all';
import { lostFeatures } from '../rules/policy/features';
import { LOST_RULES } from '../rules/policy/guest';
import type { Simulation } from './simulation';
import { guestCpu } from '../target/guest-cpu';
import { CpuPolicy, leavesOf, MSR_PLATFORM_INFO, msrsOf } from '../target/policy';
import type { LibxcRecordAt } from './record';
import type { Blob } from './state';

/** Bytes of a policy that are looked at: Xen refuses far fewer. */
const POLICY_LIMIT = 64 * 1024;

const blobOf = function* (sim: Simulation, blob: Blob | undefined): Reading<Uint8Array> {
  return blob ? yield* sim.read(blob.offset, Math.min(blob.length, POLICY_LIMIT)) : new Uint8Array(0);
};

export function* applyPolicy(sim: Simulation, record: LibxcRecordAt, isPv: boolean): Reading<void> {
  const { libxc, target } = sim;
  sim.enter('policy');
  const leaves = leavesOf(yield* blobOf(sim, libxc.cpuid));
  const msrs = msrsOf(yield* blobOf(sim, libxc.msr));
  const policy = new CpuPolicy(leaves, new Map(msrs.map(({ idx, val }) => [idx, val])));
  const max = isPv ? target?.pvMax : target?.hvmMax;
  const place = libxc.cpuid ?? libxc.msr ?? { offset: record.offset, length: 8 };
  const msrsAt = (libxc.msr?.offset ?? place.offset) - place.offset;
  const subject = { xen: sim.xen, leaves, msrs, policy, msrsAt, max, version: libxc.version };
  const stops = sim.apply(POLICY_RULES, subject, place);
  // Each register that loses features is a finding of its own, at its own bytes.
  const lost = max ? lostFeatures(policy, max) : [undefined];
  if (!stops)
    for (const word of lost) sim.apply(LOST_RULES, { records: subject, lost: word, otherKind: sim.otherKind }, place);
  if (leaves.length > 0) sim.guestCpu = guestCpu(policy, max);
  else if (max)
    sim.guestCpu = guestCpu(new CpuPolicy([...max.leaves], new Map([[MSR_PLATFORM_INFO, max.platformInfo]])), max);
  if (!stops && leaves.length > 0) sim.fact(`${leaves.length} CPUID leaves, ${msrs.length} MSRs, ${policy.vendor}`);
}
