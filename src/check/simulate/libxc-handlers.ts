/** What libxc does with each record type that it takes. Source: tools/libs/guest/xg_sr_restore.c, process_record(). */
import { layerAfter, RECORD_HEADER_SIZE } from '../../format/framing';
import { sizeOf } from '../../format/kit/layout';
import { parse } from '../../format/kit/parse';
import { LAYER_SPECS } from '../../format/layers';
import { X86_TSC_INFO } from '../../format/libxc/info';
import type { LIBXC_RECORDS } from '../../format/libxc/types';
import type { TakenNames } from '../../format/record-spec';
import { libxcSpec } from '../../format/records';
import type { Reading } from '../../scan/reader';
import type { Span } from '../../lib/range';
import type { StageId } from '../kit/stages';
import { HVM_CONTEXT_RECORD_RULES } from '../rules/hvm/context/header';
import { TSC_RULES } from '../rules/libxc/tsc';
import { completeHvm } from './hvm/hvm';
import { readHvmParams } from './hvm/params';
import { readPageData } from './page-data';
import { applyPolicy } from './policy';
import { completePv } from './pv/pv';
import { readP2mFrames, readPvInfo, readSharedInfo, readVcpuRecord } from './pv/records';
import type { LibxcRecordAt } from './record';
import type { Simulation } from './simulation';
import type { Blob } from './state';

interface Settings {
  /** The stage of the restore that the record belongs to; none where it belongs to that of the record before. */
  readonly stage?: StageId | 'none';
  /** The record is taken even where a rule has stopped the restore: what follows hangs on it. */
  readonly evenIfStopped?: true;
}

/** What is done with a record: at once, or with more bytes of the file. */
type Handler = Settings &
  (
    | { readonly take: (sim: Simulation, record: LibxcRecordAt) => void }
    | { readonly read: (sim: Simulation, record: LibxcRecordAt) => Reading<void> }
  );

/** What is done with each type that libxc takes for some guest: a new one does not compile before it stands here. */
const HANDLERS = {
  END: { stage: 'none', read: atEnd },
  PAGE_DATA: { stage: 'memory', read: (sim, record) => readPageData(sim, record, sim.isPv) },
  X86_PV_INFO: { read: readPvInfo },
  X86_PV_P2M_FRAMES: { stage: 'memory', read: readP2mFrames },
  X86_PV_VCPU_BASIC: { read: readVcpuRecord },
  X86_PV_VCPU_EXTENDED: { read: readVcpuRecord },
  X86_PV_VCPU_XSAVE: { read: readVcpuRecord },
  SHARED_INFO: { take: readSharedInfo },
  X86_TSC_INFO: { read: readTscInfo },
  HVM_CONTEXT: { take: keepContext },
  HVM_PARAMS: { read: readHvmParams },
  X86_PV_VCPU_MSRS: { read: readVcpuRecord },
  VERIFY: { stage: 'none', take: startVerify },
  CHECKPOINT: { take: startCheckpoint, evenIfStopped: true },
  STATIC_DATA_END: { stage: 'policy', read: endStaticData },
  X86_CPUID_POLICY: { stage: 'policy', take: keepCpuid },
  X86_MSR_POLICY: { stage: 'policy', take: keepMsrs },
} satisfies Readonly<Record<TakenNames<typeof LIBXC_RECORDS>, Handler>>;

const BY_NAME: Readonly<Partial<Record<string, Handler>>> = HANDLERS;
const handlerOf = (type: number): Handler | undefined => BY_NAME[libxcSpec(type)?.name ?? ''];

/** Enters the stage of the restore that a record of this type belongs to. */
export function enterStageOf(sim: Simulation, type: number): void {
  const stage = handlerOf(type)?.stage ?? (sim.libxc.pageRecords > 0 ? 'state' : 'guest');
  if (stage !== 'none') sim.enter(stage);
}

/** Takes a record of a type that libxc takes; `stopped` where a rule has stopped the restore at it. */
export function* handleRecord(sim: Simulation, record: LibxcRecordAt, stopped: boolean): Reading<void> {
  const handler = handlerOf(record.type);
  if (!handler || (stopped && handler.evenIfStopped !== true)) return;
  if ('read' in handler) yield* handler.read(sim, record);
  else handler.take(sim, record);
}

const blobOf = ({ body, length }: LibxcRecordAt): Blob => ({ offset: body, length });
const placeOf = ({ offset, length }: LibxcRecordAt): Span => ({ offset, length: RECORD_HEADER_SIZE + length });

function startVerify({ libxc }: Simulation): void {
  libxc.verify = true;
}

function* endStaticData(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  sim.libxc.seenStaticDataEnd = true;
  yield* applyPolicy(sim, record, sim.isPv);
}

function keepCpuid({ libxc }: Simulation, record: LibxcRecordAt): void {
  libxc.cpuid = blobOf(record);
}

function keepMsrs({ libxc }: Simulation, record: LibxcRecordAt): void {
  libxc.msr = blobOf(record);
}

function* readTscInfo(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  sim.libxc.sawTsc = true;
  const tsc = parse(X86_TSC_INFO, yield* sim.read(record.body, sizeOf(X86_TSC_INFO)));
  sim.apply(TSC_RULES, tsc, blobOf(record));
}

function keepContext(sim: Simulation, record: LibxcRecordAt): void {
  if (!sim.apply(HVM_CONTEXT_RECORD_RULES, record, placeOf(record))) sim.libxc.context = blobOf(record);
}

/** The layer that reads what follows a record, as the container of the file has it. */
const modeAfter = ({ scan: { image } }: Simulation, type: number) =>
  layerAfter('libxc', type, image.container && LAYER_SPECS[image.container].outer);

/** A plain restore stops at a checkpoint; what follows is the libxl part of it. */
function startCheckpoint(sim: Simulation, { type, offset }: LibxcRecordAt): void {
  const { libxc } = sim;
  sim.inCheckpoint = true;
  libxc.checkpointed = true;
  libxc.keptUnknown = false;
  // Each checkpoint brings the vCPUs anew. A reader of checkpoints keeps what it has until then.
  if (sim.checkpoints === undefined) libxc.vcpus.clear();
  libxc.roundStart = offset;
  sim.mode = modeAfter(sim, type);
}

/** Plays through stream_complete(): what libxc has kept goes to Xen. `record`: the last that it took. */
export function* completeStream(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  sim.enter('vcpus');
  if (sim.isPv) yield* completePv(sim, record);
  else yield* completeHvm(sim, record);
  sim.built = true;
  sim.enter('devices');
}

function* atEnd(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  yield* completeStream(sim, record);
  sim.mode = sim.restoredBy === 'libxc' ? 'end' : modeAfter(sim, record.type);
}
