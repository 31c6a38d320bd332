/** What single records say about the image as a whole. */
import { hvmEntries } from '../../format/hvm/entries';
import { isPerVcpu } from '../../format/hvm/types';
import { readU32 } from '../../format/kit/bytes';
import { VCPU_ID_LIMIT } from '../../format/libxc/vcpu-header';
import { LibxcType } from '../../format/libxc/types';
import { addressBitsOf, xstateOf } from '../../format/libxc/policy-facts';
import type { Reading } from '../reader';
import type { WalkState } from './state';

/** HVM contexts longer than this are not listed entry by entry: a real one has some 10 KiB a VCPU. */
const CONTEXT_LIMIT = 16 * 1024 * 1024;
/** Bytes of a CPUID policy looked at: Xen writes 120 leaves of 24 bytes at most. */
const POLICY_LIMIT = 4096;
const ENTRY_LIMIT = 65_536;

/** Types that say something about the image as a whole. */
export const TELLING: ReadonlySet<number> = new Set([
  LibxcType.X86_PV_INFO,
  LibxcType.X86_PV_P2M_FRAMES,
  LibxcType.X86_CPUID_POLICY,
  LibxcType.HVM_CONTEXT,
]);

/** Takes in the body of a telling record, of which row `row` is made. */
export function* learn(w: WalkState, type: number, row: number, body: number, length: number): Reading<void> {
  if (type === LibxcType.X86_PV_INFO) {
    w.image.guestWidth = (yield* w.reader.at(body, 1))[0] ?? 0;
    w.imageVersion++;
  } else if (type === LibxcType.X86_PV_P2M_FRAMES) {
    w.image.maxPfn = readU32(yield* w.reader.at(body + 4, 4), 0, w.littleEndian.libxc);
    w.imageVersion++;
  } else if (type === LibxcType.X86_CPUID_POLICY) {
    const policy = yield* w.reader.at(body, Math.min(length, POLICY_LIMIT));
    w.image.xstate = xstateOf(policy, w.littleEndian.libxc);
    const bits = addressBitsOf(policy, w.littleEndian.libxc);
    if (bits !== undefined) w.image.addressBits = bits;
    w.imageVersion++;
  } else if (type === LibxcType.HVM_CONTEXT && length <= CONTEXT_LIMIT) {
    const context = yield* w.reader.at(body, length);
    for (const { typecode, instance, at, length: bytes } of hvmEntries(context, length, w.littleEndian.libxc)) {
      if (w.image.context.length >= ENTRY_LIMIT) break;
      // One that was never brought up has no CPU entry, but all others.
      if (isPerVcpu(typecode)) vcpuSeen(w, instance);
      w.image.context.push({ record: row, typecode, instance, offset: body + at, length: bytes });
    }
    w.imageVersion++;
  }
}

/** The stream has state of a VCPU. */
export function vcpuSeen(w: WalkState, id: number): void {
  if (w.vcpus.size < VCPU_ID_LIMIT) w.vcpus.add(id);
  w.image.vcpus = w.vcpus.size;
  w.imageVersion++;
}
