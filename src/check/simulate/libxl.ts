/** libxl: its header and its records. Source: tools/libs/light/libxl_stream_read.c. */
import { GO_AHEAD } from '../../format/xl/go-ahead';
import { sizeOf } from '../../format/kit/layout';
import { parse } from '../../format/kit/parse';
import { LIBXL_HEADER, LIBXL_HEADER_SIZE } from '../../format/libxl/header';
import { EMULATOR_HEADER, EMULATOR_HEADER_SIZE } from '../../format/libxl/layouts';
import { LibxlType } from '../../format/libxl/types';
import { XL_HEADER, XL_HEADER_SIZE, XlFlag } from '../../format/xl/header';
import { endOf, padded, RECORD_HEADER, RECORD_HEADER_SIZE } from '../../format/framing';
import type { Reading } from '../../scan/reader';
import { LIBXL_END_RULES, TRAILER_RULES } from '../rules/libxl/end';
import { LIBXL_HEADER_RULES } from '../rules/libxl/header';
import { isEmulator, LIBXL_RECORD_RULES, type LibxlRecord } from '../rules/libxl/record';
import { XENSTORE_DATA_RULES } from '../rules/libxl/xenstore-data';
import { startsLegacy } from '../../format/libxl/legacy';
import { LEGACY_RULES } from '../rules/libxl/legacy';
import { QEMU_RULES } from '../rules/qemu';
import type { Simulation } from './simulation';
import { walkQemu } from './qemu';

/** Bytes of a body that are looked at. QEMU's state of a plain guest has some 10 KiB, with USB or VGA up to 100 KiB. */
const BODY_LIMIT = 64 * 1024 * 1024;

/** Reads as libxl does: where the file ends, its buffers stay zero. */
function* readZeroed(sim: Simulation, offset: number, length: number): Reading<{ bytes: Uint8Array; have: number }> {
  const got = yield* sim.reader.at(offset, length);
  const bytes = new Uint8Array(length);
  bytes.set(got.subarray(0, length));
  return { bytes, have: Math.min(got.length, length) };
}

/** Plays through stream_header_done(): the header of libxl's stream, or a legacy stream in its place. */
export function* readLibxlHeader(sim: Simulation): Reading<void> {
  sim.enter('stream');
  const offset = sim.position;
  const { bytes } = yield* readZeroed(sim, offset, LIBXL_HEADER_SIZE);
  const { mandatory_flags } = parse(XL_HEADER, yield* sim.reader.at(0, XL_HEADER_SIZE));
  const streamV2 = sim.scan.image.container !== 'xl' || (mandatory_flags & XlFlag.STREAMv2) !== 0;
  const subject = { ...parse(LIBXL_HEADER, bytes), streamV2 };
  if (!streamV2 && startsLegacy(subject.ident)) {
    sim.apply(LEGACY_RULES, subject, { offset, length: LIBXL_HEADER_SIZE });
    sim.mode = 'end';
    return;
  }
  if (sim.apply(LIBXL_HEADER_RULES, subject, { offset, length: LIBXL_HEADER_SIZE })) {
    sim.resync(offset);
    return;
  }
  sim.position = offset + LIBXL_HEADER_SIZE;
  sim.mode = 'libxl';
}

/** Plays through record_header_done() and process_record() for one record. */
export function* readLibxlRecord(sim: Simulation): Reading<void> {
  const offset = sim.position;
  const { bytes, have } = yield* readZeroed(sim, offset, RECORD_HEADER_SIZE);
  const { type, body_length: length } = parse(RECORD_HEADER, bytes);
  if (sim.built && type !== LibxlType.END) sim.enter('devices');
  const record: LibxlRecord = {
    type,
    length,
    headerHave: have,
    bodyHave: Math.max(0, Math.min(padded(length), sim.reader.size - offset - RECORD_HEADER_SIZE)),
    bodyNeeds: padded(length),
    dirtyPadding: yield* isDirty(sim, offset + RECORD_HEADER_SIZE + length, padded(length) - length),
    emulator: yield* emulatorOf(sim, type, offset + RECORD_HEADER_SIZE, length),
    kind: sim.config?.buildType ?? 'pv',
    inCheckpoint: sim.inCheckpoint,
    built: sim.built,
    sawEmulatorContext: sim.sawEmulatorContext,
  };
  const place = { offset, length: Math.min(RECORD_HEADER_SIZE + length, sim.reader.size - offset) };
  const stops = sim.apply(LIBXL_RECORD_RULES, record, place);
  const end = endOf(offset, length);
  if (stops && (type > LibxlType.CHECKPOINT_STATE || end > sim.reader.size)) {
    sim.resync(offset);
    return;
  }
  sim.position = end;
  yield* processRecord(sim, record, offset);
}

/** The emulator id of a record that has one; 0 for one that is too short, and for other records. */
function* emulatorOf(sim: Simulation, type: number, body: number, length: number): Reading<number> {
  const { emulator_id: id } = EMULATOR_HEADER.fields;
  if (!isEmulator(type) || length < sizeOf(id)) return 0;
  return parse(id, yield* sim.read(body, sizeOf(id)));
}

function* isDirty(sim: Simulation, offset: number, count: number): Reading<boolean> {
  if (count === 0) return false;
  return (yield* sim.reader.at(offset, count)).some((byte) => byte !== 0);
}

function* processRecord(sim: Simulation, { type, length, kind }: LibxlRecord, offset: number): Reading<void> {
  switch (type) {
    case LibxlType.END:
      atEnd(sim, offset);
      return;
    case LibxlType.LIBXC_CONTEXT:
      sim.mode = 'libxc-header';
      return;
    case LibxlType.CHECKPOINT_END:
      sim.inCheckpoint = false;
      sim.mode = 'libxc';
      return;
    case LibxlType.EMULATOR_XENSTORE_DATA:
      if (length >= EMULATOR_HEADER_SIZE && kind === 'hvm') yield* xenstoreData(sim, offset, length);
      return;
    case LibxlType.EMULATOR_CONTEXT:
      if (length >= EMULATOR_HEADER_SIZE) {
        sim.sawEmulatorContext = true;
        yield* emulatorContext(sim, offset, length);
      }
      return;
    default:
  }
}

function* xenstoreData(sim: Simulation, offset: number, length: number): Reading<void> {
  const body = yield* sim.read(
    offset + RECORD_HEADER_SIZE + EMULATOR_HEADER_SIZE,
    Math.min(length - EMULATOR_HEADER_SIZE, BODY_LIMIT),
  );
  sim.apply(XENSTORE_DATA_RULES, { data: body }, { offset, length: RECORD_HEADER_SIZE + length });
}

function* emulatorContext(sim: Simulation, offset: number, length: number): Reading<void> {
  const at = offset + RECORD_HEADER_SIZE + EMULATOR_HEADER_SIZE;
  const size = length - EMULATOR_HEADER_SIZE;
  const { bytes } = yield* readZeroed(sim, at, Math.min(size, BODY_LIMIT));
  sim.apply(QEMU_RULES, { ...walkQemu(bytes), emulated: sim.config?.emulated }, { offset: at, length: size });
  sim.fact(`state of the device model, ${size} bytes`);
}

function atEnd(sim: Simulation, offset: number): void {
  sim.enter('devices');
  const { built, sawEmulatorContext } = sim;
  const subject = { built, sawEmulatorContext, kind: sim.config?.buildType ?? 'pv' } as const;
  if (!sim.apply(LIBXL_END_RULES, subject, { offset, length: RECORD_HEADER_SIZE })) sim.enter('ready');
  sim.mode = 'end';
  const length = Math.max(0, sim.reader.size - sim.position);
  const goAhead = length > 0 && sim.scan.image.trailer?.text === GO_AHEAD;
  sim.apply(TRAILER_RULES, { length, goAhead }, { offset: sim.position, length });
}
