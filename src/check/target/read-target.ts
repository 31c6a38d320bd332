/** The target's CPU policy, out of what people have of it: the output of xen-cpuid -p, or an image saved on that host. */
import { DomainType } from '../../format/libxc/headers';
import { LibxcType } from '../../format/libxc/types';
import { HEAD_SIZE, identify } from '../../scan/identify';
import { RECORD_HEADER_SIZE } from '../../format/framing';
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
  const body = (type: number): Uint8Array | undefined => {
    for (let index = 0; index < records.count; index++) {
      if (records.isHeader(index) || records.layerAt(index) !== 'libxc' || records.typeAt(index) !== type) continue;
      const at = records.offsetAt(index) + RECORD_HEADER_SIZE;
      return start.subarray(at, at + records.lengthAt(index));
    }
    return undefined;
  };
  const leaves = body(LibxcType.X86_CPUID_POLICY);
  if (!leaves) return undefined;
  const host = policyOf(leavesOf(leaves), msrsOf(body(LibxcType.X86_MSR_POLICY) ?? new Uint8Array(0)));
  return { host, pvMax: host, hvmMax: host, only: image.domainType === DomainType.X86_PV ? 'pv' : 'hvm' };
}
