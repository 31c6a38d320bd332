/** The target's CPU policy, out of what people have of it: the output of xen-cpuid -p, or an image saved on that host. */
import { DomainType } from '../../format/libxc/headers';
import { HEAD_SIZE, identify } from '../../scan/identify';
import { RECORD_HEADER_SIZE } from '../../format/framing';
import { keptRecords } from '../../scan/restored/records';
import { Scan } from '../../scan/scan';
import { memorySource } from '../../source/memory';
import { leavesOf, msrsOf, policyOf } from './policy';
import { parseTarget } from './policy-text';
import type { CpuTarget } from './target';

/** Bytes of the start of a file that are enough: an image has its policies before its memory. */
export const TARGET_LIMIT = 4 * 1024 * 1024;

/** Reads the target from the first `TARGET_LIMIT` bytes of a file; undefined where it is neither. */
export async function readTarget(start: Uint8Array): Promise<CpuTarget | undefined> {
  const isImage = 'container' in identify(start.subarray(0, HEAD_SIZE), start.length);
  return isImage ? ofImage(start) : parseTarget(new TextDecoder().decode(start));
}

/** Takes what a guest was given on a host for what the host has: it has no less, and nothing is known of more. */
async function ofImage(start: Uint8Array): Promise<CpuTarget | undefined> {
  const { records, image } = await new Scan(memorySource(start)).run();
  const { cpuidPolicy, msrPolicy } = keptRecords({ records, image });
  if (cpuidPolicy === undefined) return undefined;
  const body = (row: number): Uint8Array => {
    const at = records.offsetAt(row) + RECORD_HEADER_SIZE;
    return start.subarray(at, at + records.lengthAt(row));
  };
  const msrs = msrPolicy === undefined ? new Uint8Array(0) : body(msrPolicy);
  const host = policyOf(leavesOf(body(cpuidPolicy)), msrsOf(msrs));
  return { host, pvMax: host, hvmMax: host, only: image.domainType === DomainType.X86_PV ? 'pv' : 'hvm' };
}
