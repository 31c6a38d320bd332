/** The records of a PV guest as libxc meets them. Source: tools/libs/guest/xg_sr_restore_x86_pv.c. */
import { X86_PV_INFO } from '../../../format/libxc/info';
import { P2M_LIST, P2M_RANGE } from '../../../format/libxc/p2m-frames';
import { VCPU_HEADER, VCPU_HEADER_SIZE } from '../../../format/libxc/vcpu-header';
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import type { Reading } from '../../../scan/reader';
import { vcpuKindOf } from '../../../scan/restored/records';
import type { Span } from '../../../lib/range';
import { frameRange, P2M_RULES, PV_INFO_RULES, SHARED_INFO_RULES } from '../../rules/pv/info';
import { LONG_PV_INFO_RULES } from '../../rules/spec';
import { VCPU_RECORD_RULES } from '../../rules/pv/vcpu';
import type { Simulation } from '../simulation';
import { needStaticData } from '../page-data';
import { readStruct } from '../read-struct';
import type { LibxcRecordAt } from '../record';
import { VCPU_LIMIT } from './presence';

const placeOf = ({ offset, length }: LibxcRecordAt): Span => ({ offset, length: RECORD_HEADER_SIZE + length });

const bodyOf = ({ body, length }: LibxcRecordAt): Span => ({ offset: body, length });

/** Takes an X86_PV_INFO record: the width of the guest. */
export function* readPvInfo(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  const { libxc } = sim;
  const info = yield* readStruct(sim.reader, X86_PV_INFO, bodyOf(record));
  const { guest_width: width, pt_levels: levels } = info;
  const subject = { length: record.length, info, seen: libxc.seenPvInfo, pv32: sim.target?.pv32 };
  const stops = sim.apply(PV_INFO_RULES, subject, placeOf(record));
  // A 32-bit guest that only the target cannot run is read on; of any other the width is not known.
  const is32 = width === 4 && levels === 3;
  if (stops && !is32) return;
  sim.apply(LONG_PV_INFO_RULES, subject, placeOf(record));
  libxc.seenPvInfo = true;
  libxc.width = width;
  libxc.levels = levels;
  sim.fact(`${width * 8}-bit PV guest`);
}

/** Lists of P2M frames that are kept: a guest that grows while it is sent has a few. */
const P2M_LIMIT = 1 << 18;

/** Takes an X86_PV_P2M_FRAMES record: where the guest's P2M is. Its list is read at the end. */
export function* readP2mFrames(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  const { libxc } = sim;
  if (!(yield* needStaticData(sim, record, true))) return;
  const { start_pfn: start, end_pfn: end } = yield* readStruct(sim.reader, P2M_RANGE, bodyOf(record));
  const { seenPvInfo, maxPfn, width } = libxc;
  const subject = { length: record.length, start, end, width, seenPvInfo, maxPfn, allocated: libxc.p2mAllocated };
  if (sim.apply(P2M_RULES, subject, placeOf(record))) return;
  const { first, behind } = frameRange(subject);
  libxc.p2mAllocated = true;
  libxc.maxPfn = Math.max(libxc.maxPfn, end);
  if (libxc.p2m.length < P2M_LIMIT)
    libxc.p2m.push({ start: first, end: behind, offset: record.body + P2M_LIST.offset });
  else libxc.p2mCut = true;
}

/** Takes a SHARED_INFO record. */
export function readSharedInfo(sim: Simulation, record: LibxcRecordAt): void {
  const { libxc } = sim;
  if (!sim.apply(SHARED_INFO_RULES, { length: record.length, seenPvInfo: libxc.seenPvInfo }, placeOf(record)))
    libxc.sawSharedInfo = true;
}

/** Takes a record with state of a vCPU, which goes to Xen at the end of the stream. */
export function* readVcpuRecord(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  const { libxc } = sim;
  const slot = vcpuKindOf(record.type);
  if (slot === undefined) return;
  const header = yield* readStruct(sim.reader, VCPU_HEADER, bodyOf(record));
  const { vcpu_id: vcpu } = header;
  const known = libxc.vcpus.get(vcpu);
  const subject = {
    type: record.type,
    length: record.length,
    header,
    width: libxc.width,
    maxVcpu: (sim.config?.maxVcpus ?? Number.POSITIVE_INFINITY) - 1,
    repeated: (known?.[slot]?.offset ?? -1) >= libxc.roundStart,
  };
  if (sim.apply(VCPU_RECORD_RULES, subject, placeOf(record)) || record.length <= VCPU_HEADER_SIZE) return;
  const state = known ?? {};
  state[slot] = { offset: record.body + VCPU_HEADER_SIZE, length: record.length - VCPU_HEADER_SIZE };
  if (vcpu < VCPU_LIMIT) libxc.vcpus.set(vcpu, state);
}
