/** The records of a PV guest as libxc meets them. Source: tools/libs/guest/xg_sr_restore_x86_pv.c. */
import { readU32 } from '../../../format/kit/bytes';
import { LibxcType } from '../../../format/libxc/types';
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import type { Reading } from '../../../scan/reader';
import { frameRange, P2M_RULES, PV_INFO_RULES, SHARED_INFO_RULES } from '../../rules/pv/info';
import { LONG_PV_INFO_RULES } from '../../rules/spec';
import { VCPU_RECORD_RULES } from '../../rules/pv/vcpu';
import type { Simulation } from '../simulation';
import { needStaticData } from '../page-data';
import type { LibxcRecordAt } from '../record';
import type { PvVcpu } from '../state';

const placeOf = ({ offset, length }: LibxcRecordAt) => ({ offset, length: RECORD_HEADER_SIZE + length });

export function* readPvInfo(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  const { libxc } = sim;
  const raw = yield* sim.read(record.body, 8);
  const width = raw[0] ?? 0;
  const levels = raw[1] ?? 0;
  const subject = {
    length: record.length,
    width,
    levels,
    reserved: raw.subarray(2).some((byte) => byte !== 0),
    seen: libxc.seenPvInfo,
    pv32: sim.target?.pv32,
  };
  const stops = sim.apply(PV_INFO_RULES, subject, placeOf(record));
  if (stops && width !== 4) return;
  sim.apply(LONG_PV_INFO_RULES, subject, placeOf(record));
  libxc.seenPvInfo = true;
  libxc.width = width;
  libxc.levels = levels;
  sim.fact(`${width * 8}-bit PV guest`);
}

export function* readP2mFrames(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  const { libxc } = sim;
  if (!(yield* needStaticData(sim, record, true))) return;
  const raw = yield* sim.read(record.body, 8);
  const start = readU32(raw, 0, true);
  const end = readU32(raw, 4, true);
  const { seenPvInfo, maxPfn, width } = libxc;
  const subject = { length: record.length, start, end, width, seenPvInfo, maxPfn, allocated: libxc.p2mAllocated };
  if (sim.apply(P2M_RULES, subject, placeOf(record))) return;
  const { first, behind } = frameRange(subject);
  libxc.p2mAllocated = true;
  libxc.maxPfn = Math.max(libxc.maxPfn, end);
  libxc.p2m.push({ start: first, end: behind, offset: record.body + 8 });
}

export function readSharedInfo(sim: Simulation, record: LibxcRecordAt): void {
  const { libxc } = sim;
  if (!sim.apply(SHARED_INFO_RULES, { length: record.length, seenPvInfo: libxc.seenPvInfo }, placeOf(record)))
    libxc.sawSharedInfo = true;
}

const SLOTS: Readonly<Record<number, keyof PvVcpu>> = {
  [LibxcType.X86_PV_VCPU_BASIC]: 'basic',
  [LibxcType.X86_PV_VCPU_EXTENDED]: 'extended',
  [LibxcType.X86_PV_VCPU_XSAVE]: 'xsave',
  [LibxcType.X86_PV_VCPU_MSRS]: 'msrs',
};

export function* readVcpuRecord(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  const { libxc } = sim;
  const slot = SLOTS[record.type];
  if (slot === undefined) return;
  const raw = yield* sim.read(record.body, 8);
  const vcpu = readU32(raw, 0, true);
  const known = libxc.vcpus.get(vcpu);
  const subject = {
    type: record.type,
    length: record.length,
    vcpu,
    reserved: readU32(raw, 4, true),
    width: libxc.width,
    maxVcpu: (sim.config?.maxVcpus ?? Number.POSITIVE_INFINITY) - 1,
    repeated: known?.[slot] !== undefined,
  };
  if (sim.apply(VCPU_RECORD_RULES, subject, placeOf(record)) || record.length <= 8) return;
  const state = known ?? {};
  state[slot] = { offset: record.body + 8, length: record.length - 8 };
  libxc.vcpus.set(vcpu, state);
}
