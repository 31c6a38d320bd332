/** The policies of the stream, handed to Xen. Source: xg_sr_common_x86.c, x86_static_data_complete(). */
import { RECORD_HEADER_SIZE } from '../../format/framing';
import type { Reading } from '../../scan/reader';
import { POLICY_RULES } from '../rules/policy/all';
import { lostFeatures } from '../rules/policy/features';
import { LOST_RULES } from '../rules/policy/guest';
import { guestCpu } from '../target/guest-cpu';
import { leavesOf, msrsOf, policyOf } from '../target/policy';
import type { LibxcRecordAt } from './record';
import type { Simulation } from './simulation';
import type { Blob } from './state';

/** Bytes of a policy that are looked at: Xen refuses far fewer. */
const POLICY_LIMIT = 64 * 1024;

function* bytesOf(sim: Simulation, blob: Blob | undefined): Reading<Uint8Array> {
  return blob ? yield* sim.read(blob.offset, Math.min(blob.length, POLICY_LIMIT)) : new Uint8Array(0);
}

/**
 * Gives the policy records that were read so far to Xen, and notes which CPU the guest then has. `record` is the one
 * that makes libxc do so: STATIC_DATA_END, or the first that needs it in a stream of version 2.
 */
export function* applyPolicy(sim: Simulation, record: LibxcRecordAt, isPv: boolean): Reading<void> {
  const { libxc, target } = sim;
  sim.enter('policy');
  const leaves = leavesOf(yield* bytesOf(sim, libxc.cpuid));
  const msrs = msrsOf(yield* bytesOf(sim, libxc.msr));
  const policy = policyOf(leaves, msrs);
  const max = isPv ? target?.pvMax : target?.hvmMax;
  const place = libxc.cpuid ?? libxc.msr ?? { offset: record.offset, length: RECORD_HEADER_SIZE };
  const msrsAt = (libxc.msr?.offset ?? place.offset) - place.offset;
  const records = { xen: sim.xen, leaves, msrs, policy, msrsAt, max };
  const stops = sim.apply(POLICY_RULES, records, place);
  // Each register that loses features is a finding of its own, at its own bytes.
  const lost = max ? lostFeatures(policy, max) : [undefined];
  if (!stops) for (const word of lost) sim.apply(LOST_RULES, { records, lost: word, otherKind: sim.otherKind }, place);
  if (leaves.length > 0) sim.guestCpu = guestCpu(policy, max);
  else if (max) sim.guestCpu = guestCpu(max, max);
  if (!stops && leaves.length > 0) sim.fact(`${leaves.length} CPUID leaves, ${msrs.length} MSRs, ${policy.vendor}`);
}
