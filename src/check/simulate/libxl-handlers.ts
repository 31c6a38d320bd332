/** What libxl does with each record type that it takes. Source: tools/libs/light/libxl_stream_read.c, process_record(). */
import { RECORD_HEADER_SIZE } from '../../format/framing';
import { EMULATOR_HEADER_SIZE } from '../../format/libxl/layouts';
import type { LIBXL_RECORDS } from '../../format/libxl/types';
import type { TakenNames } from '../../format/record-spec';
import { recordSpec } from '../../format/records';
import { GO_AHEAD } from '../../format/xl/go-ahead';
import type { Reading } from '../../scan/reader';
import { BEHIND_STREAM_RULES } from '../rules/libxl/domain';
import { LIBXL_END_RULES, TRAILER_RULES } from '../rules/libxl/end';
import type { LibxlRecord } from '../rules/libxl/record';
import { XENSTORE_DATA_RULES } from '../rules/libxl/xenstore-data';
import { QEMU_RULES } from '../rules/qemu';
import { failOver, takesOver } from './failover';
import { walkQemu } from './qemu';
import type { Simulation } from './simulation';

/** Bytes of a body that are looked at. QEMU's state of a plain guest has some 10 KiB, with USB or VGA up to 100 KiB. */
const BODY_LIMIT = 64 * 1024 * 1024;

/** Reads as libxl does: where the file ends, its buffers stay zero. `have`: bytes that are there. */
export function* readZeroed(
  sim: Simulation,
  offset: number,
  length: number,
): Reading<{ bytes: Uint8Array; have: number }> {
  const got = yield* sim.reader.at(offset, length);
  const bytes = new Uint8Array(length);
  bytes.set(got.subarray(0, length));
  return { bytes, have: Math.min(got.length, length) };
}

/** What is done with a record: its length, the kind of domain, and the file offset of its header. */
type Handler = (sim: Simulation, record: LibxlRecord, offset: number) => Reading<void> | undefined;

/** What is done with each type that libxl takes for some domain: a new one does not compile before it stands here. */
const HANDLERS = {
  END: atEnd,
  LIBXC_CONTEXT: (sim) => {
    sim.mode = 'libxc-header';
    return undefined;
  },
  CHECKPOINT_END: atCheckpointEnd,
  EMULATOR_XENSTORE_DATA: (sim, { length, kind }, offset) =>
    length >= EMULATOR_HEADER_SIZE && kind === 'hvm' ? xenstoreData(sim, offset, length) : undefined,
  EMULATOR_CONTEXT: (sim, { length }, offset) =>
    length >= EMULATOR_HEADER_SIZE ? emulatorContext(sim, offset, length) : undefined,
} satisfies Readonly<Record<TakenNames<typeof LIBXL_RECORDS>, Handler>>;

const BY_NAME: Readonly<Partial<Record<string, Handler>>> = HANDLERS;

/** Takes a record whose header stands at `offset`; one of a type that libxl does not take is passed over. */
export function* handleLibxlRecord(sim: Simulation, record: LibxlRecord, offset: number): Reading<void> {
  const reading = BY_NAME[recordSpec('libxl', record.type)?.name ?? '']?.(sim, record, offset);
  if (reading) yield* reading;
}

function* xenstoreData(sim: Simulation, offset: number, length: number): Reading<void> {
  const body = yield* sim.read(
    offset + RECORD_HEADER_SIZE + EMULATOR_HEADER_SIZE,
    Math.min(length - EMULATOR_HEADER_SIZE, BODY_LIMIT),
  );
  sim.apply(XENSTORE_DATA_RULES, { data: body }, { offset, length: RECORD_HEADER_SIZE + length });
}

function* emulatorContext(sim: Simulation, offset: number, length: number): Reading<void> {
  sim.sawEmulatorContext = true;
  const at = offset + RECORD_HEADER_SIZE + EMULATOR_HEADER_SIZE;
  const size = length - EMULATOR_HEADER_SIZE;
  const { bytes } = yield* readZeroed(sim, at, Math.min(size, BODY_LIMIT));
  sim.apply(QEMU_RULES, { ...walkQemu(bytes), emulated: sim.config?.emulated }, { offset: at, length: size });
  sim.fact(`state of the device model, ${size} bytes`);
}

function atCheckpointEnd(sim: Simulation, _record: LibxlRecord, offset: number): Reading<void> | undefined {
  sim.inCheckpoint = false;
  sim.mode = 'libxc';
  return takesOver(sim, offset) ? failOver(sim, offset) : undefined;
}

function atEnd(sim: Simulation, _record: LibxlRecord, offset: number): undefined {
  sim.enter('devices');
  const { built, sawEmulatorContext, newDomain } = sim;
  if (built && newDomain) sim.apply(BEHIND_STREAM_RULES, newDomain.domain, newDomain.place);
  const subject = { built, sawEmulatorContext, kind: sim.config?.buildType ?? 'pv' } as const;
  if (!sim.apply(LIBXL_END_RULES, subject, { offset, length: RECORD_HEADER_SIZE })) sim.enter('ready');
  sim.mode = 'end';
  const length = Math.max(0, sim.reader.size - sim.position);
  const goAhead = length > 0 && sim.scan.image.trailer?.text === GO_AHEAD;
  sim.apply(TRAILER_RULES, { length, goAhead }, { offset: sim.position, length });
}
