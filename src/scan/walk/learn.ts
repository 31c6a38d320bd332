/** What single records say about the image as a whole. */
import { RECORD_HEADER_SIZE } from '../../format/framing';
import type { StreamLayer } from '../../format/layers';
import { HVM_CONTEXT_LIMIT, hvmEntries } from '../../format/hvm/entries';
import { isPerVcpu } from '../../format/hvm/types';
import { fieldsOf } from '../../format/kit/fields';
import { parse } from '../../format/kit/parse';
import { X86_PV_INFO } from '../../format/libxc/info';
import { X86_PV_P2M_FRAMES } from '../../format/libxc/p2m-frames';
import { addressBitsOf, xstateOf } from '../../format/libxc/policy-facts';
import { LibxcType } from '../../format/libxc/types';
import { VCPU_HEADER, VCPU_ID_LIMIT } from '../../format/libxc/vcpu-header';
import { recordSpec } from '../../format/records';
import { startsFilled } from '../../format/sharing/fill';
import { grouped } from '../../lib/text';
import type { Reading } from '../reader';
import type { ContextEntry } from '../image';
import { type Header, type WalkState, where } from './state';

/** Bytes of a CPUID policy looked at: Xen writes 120 leaves of 24 bytes at most. */
const POLICY_LIMIT = 4096;
/** Entries of contexts that are remembered, and those of one context: at least the last two contexts are there. */
const ENTRY_LIMIT = 65_536;
const ENTRIES_OF_ONE = ENTRY_LIMIT / 2;

/** A record of libxc that is there in whole, or as far as the file goes. */
interface Told {
  /** Its row in the index. */
  readonly row: number;
  /** File offset of the body, and its length. */
  readonly body: number;
  readonly length: number;
}

/** Updates `w.image` from the body of a record. */
type Learner = (w: WalkState, record: Told) => Reading<void>;

const PV_INFO = fieldsOf(X86_PV_INFO);
const P2M_FRAMES = fieldsOf(X86_PV_P2M_FRAMES);

/** The types that say something about the image as a whole. */
const LEARNERS: Readonly<Partial<Record<number, Learner>>> = {
  *[LibxcType.X86_PV_INFO](w, { body }) {
    const { offset, length } = PV_INFO('guest_width');
    // A second one is refused: the first one counts.
    w.image.guestWidth ??= parse(X86_PV_INFO.fields.guest_width, yield* w.reader.at(body + offset, length));
  },
  *[LibxcType.X86_PV_P2M_FRAMES](w, { body }) {
    const { offset, length } = P2M_FRAMES('end_pfn');
    const raw = yield* w.reader.at(body + offset, length);
    // A guest that grows while it is migrated has several; none makes it smaller.
    const endPfn = parse(X86_PV_P2M_FRAMES.fields.end_pfn, raw, w.littleEndian.libxc);
    w.image.maxPfn = Math.max(w.image.maxPfn ?? 0, endPfn);
  },
  *[LibxcType.X86_CPUID_POLICY](w, { body, length }) {
    // The guest has its policy by then, if there was one.
    if (w.staticDataEnded && w.image.xstate) return;
    const policy = yield* w.reader.at(body, Math.min(length, POLICY_LIMIT));
    w.image.xstate = xstateOf(policy, w.littleEndian.libxc);
    const bits = addressBitsOf(policy, w.littleEndian.libxc);
    if (bits === undefined) delete w.image.addressBits;
    else w.image.addressBits = bits;
  },
  *[LibxcType.HVM_CONTEXT](w, { row, body, length }) {
    if (length > HVM_CONTEXT_LIMIT) return;
    const context = yield* w.reader.at(body, length);
    const found: ContextEntry[] = [];
    for (const { typecode, instance, at, length: bytes } of hvmEntries(context, length, w.littleEndian.libxc)) {
      if (found.length >= ENTRIES_OF_ONE) {
        w.limit(
          'context-full',
          where('libxc', row, body + at, bytes),
          `of an HVM context ${grouped(ENTRIES_OF_ONE)} entries are listed; later ones are not shown`,
        );
        break;
      }
      // One that was never brought up has no CPU entry, but all others.
      if (isPerVcpu(typecode)) vcpuSeen(w, instance);
      found.push({ record: row, typecode, instance, offset: body + at, length: bytes });
    }
    remember(w, found);
  },
};

/** Tells whether `learn` has any use for a libxc record of this type. */
export const isTelling = (type: number): boolean => LEARNERS[type] !== undefined;

/** Updates `w.image` from the body of a libxc record, if its type says something about the image as a whole. */
export function* learn(w: WalkState, type: number, record: Told): Reading<void> {
  const learner = LEARNERS[type];
  if (!learner) return;
  yield* learner(w, record);
  w.imageVersion++;
}

/** Adds the entries of a context; those of the oldest contexts are forgotten, many at a time: a restore takes the last ones. */
function remember(w: WalkState, found: readonly ContextEntry[]): void {
  const { context } = w.image;
  if (context.length + found.length > ENTRY_LIMIT) {
    const last = context.at(-1)?.record;
    const ofLast = context.findIndex(({ record }) => record === last);
    const half = context[ENTRIES_OF_ONE]?.record;
    const later = half === undefined ? -1 : context.findIndex(({ record }) => record > half);
    context.splice(0, later < 0 ? ofLast : later);
  }
  for (const entry of found) context.push(entry);
}

const { vcpu_id: VCPU_ID } = VCPU_HEADER.fields;
const VCPU_ID_AT = fieldsOf(VCPU_HEADER, RECORD_HEADER_SIZE)('vcpu_id');
/** The index keeps ids in a signed column. */
const HIGHEST_ID = 0x7fff_ffff;

/** Reads the number of the vCPU that a record belongs to; −1 where it belongs to none, was filled for sharing, or the file ends before that. */
export function* vcpuOf(w: WalkState, layer: StreamLayer, { offset, type }: Header): Reading<number> {
  if (recordSpec(layer, type)?.perVcpu !== true) return -1;
  const raw = yield* w.reader.at(offset + VCPU_ID_AT.offset, VCPU_ID_AT.length);
  const isNone = raw.length < VCPU_ID_AT.length || startsFilled(raw);
  const id = isNone ? -1 : parse(VCPU_ID, raw, w.littleEndian.libxc);
  return id > HIGHEST_ID ? -1 : id;
}

/** Notes that the stream has state of a vCPU. */
export function vcpuSeen(w: WalkState, id: number): void {
  if (w.vcpus.size < VCPU_ID_LIMIT) w.vcpus.add(id);
  w.image.vcpus = w.vcpus.size;
  w.imageVersion++;
}
