/** What single records say about the image as a whole. */
import { RECORD_HEADER_SIZE } from '../../format/framing';
import type { StreamLayer } from '../../format/layers';
import { HVM_CONTEXT_LIMIT, hvmEntries } from '../../format/hvm/entries';
import { isPerVcpu } from '../../format/hvm/types';
import { readU32 } from '../../format/kit/bytes';
import { VCPU_ID_LIMIT } from '../../format/libxc/vcpu-header';
import { LibxcType } from '../../format/libxc/types';
import { addressBitsOf, xstateOf } from '../../format/libxc/policy-facts';
import { recordSpec } from '../../format/records';
import type { Reading } from '../reader';
import type { ContextEntry } from '../image';
import type { Header, WalkState } from './state';

/** Bytes of a CPUID policy looked at: Xen writes 120 leaves of 24 bytes at most. */
const POLICY_LIMIT = 4096;
/** Entries of contexts that are remembered, and those of one context: at least the last two contexts are there. */
const ENTRY_LIMIT = 65_536;
const ENTRIES_OF_ONE = ENTRY_LIMIT / 2;

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
  } else if (type === LibxcType.HVM_CONTEXT && length <= HVM_CONTEXT_LIMIT) {
    const context = yield* w.reader.at(body, length);
    const found: ContextEntry[] = [];
    for (const { typecode, instance, at, length: bytes } of hvmEntries(context, length, w.littleEndian.libxc)) {
      if (found.length >= ENTRIES_OF_ONE) break;
      // One that was never brought up has no CPU entry, but all others.
      if (isPerVcpu(typecode)) vcpuSeen(w, instance);
      found.push({ record: row, typecode, instance, offset: body + at, length: bytes });
    }
    remember(w, found);
    w.imageVersion++;
  }
}

/** Adds the entries of a context; those of the oldest contexts are forgotten: a restore takes the last ones. */
function remember(w: WalkState, found: readonly ContextEntry[]): void {
  const { context } = w.image;
  while (context.length > 0 && context.length + found.length > ENTRY_LIMIT) {
    const oldest = context[0]?.record;
    const next = context.findIndex(({ record }) => record !== oldest);
    context.splice(0, next < 0 ? context.length : next);
  }
  for (const entry of found) context.push(entry);
}

/** Reads the number of the vCPU that a record belongs to; −1 where it belongs to none, or the file ends before that. */
export function* vcpuOf(w: WalkState, layer: StreamLayer, { offset, type }: Header): Reading<number> {
  if (recordSpec(layer, type)?.perVcpu !== true) return -1;
  const raw = yield* w.reader.at(offset + RECORD_HEADER_SIZE, 4);
  const id = raw.length < 4 ? -1 : readU32(raw, 0, w.littleEndian.libxc);
  return id > 0x7fff_ffff ? -1 : id;
}

/** Notes that the stream has state of a vCPU. */
export function vcpuSeen(w: WalkState, id: number): void {
  if (w.vcpus.size < VCPU_ID_LIMIT) w.vcpus.add(id);
  w.image.vcpus = w.vcpus.size;
  w.imageVersion++;
}
