/** libxl: its header and its records. Source: tools/libs/light/libxl_stream_read.c. */
import { endOf, padded, RECORD_HEADER, RECORD_HEADER_SIZE } from '../../format/framing';
import { sizeOf } from '../../format/kit/layout';
import { parse } from '../../format/kit/parse';
import { LIBXL_HEADER, LIBXL_HEADER_SIZE } from '../../format/libxl/header';
import { EMULATOR_HEADER } from '../../format/libxl/layouts';
import { startsLegacy } from '../../format/libxl/legacy';
import { LibxlType } from '../../format/libxl/types';
import { lacksLibxlHeader, LOST_HEADER_SIZE } from '../../format/layers';
import { recordSpec } from '../../format/records';
import { XL_HEADER, XL_HEADER_SIZE, XlFlag } from '../../format/xl/header';
import type { Reading } from '../../scan/reader';
import { LIBXL_HEADER_RULES } from '../rules/libxl/header';
import { LEGACY_RULES } from '../rules/libxl/legacy';
import { isEmulator, LIBXL_RECORD_RULES, type LibxlRecord } from '../rules/libxl/record';
import { handleLibxlRecord, readZeroed } from './libxl-handlers';
import type { Simulation } from './simulation';

/** Plays through stream_header_done(): the header of libxl's stream, or a legacy stream in its place. */
export function* readLibxlHeader(sim: Simulation): Reading<void> {
  sim.enter('stream');
  const offset = sim.position;
  const { bytes, have } = yield* readZeroed(sim, offset, LIBXL_HEADER_SIZE);
  const { mandatory_flags } = parse(XL_HEADER, yield* sim.reader.at(0, XL_HEADER_SIZE));
  const streamV2 = sim.scan.image.container !== 'xl' || (mandatory_flags & XlFlag.STREAMv2) !== 0;
  const isHeadless = lacksLibxlHeader(yield* sim.read(offset, LOST_HEADER_SIZE));
  const hasVnuma = sim.config?.hasVnuma === true;
  const subject = { ...parse(LIBXL_HEADER, bytes), streamV2, have, hasVnuma, isHeadless };
  if (!streamV2 && startsLegacy(subject.ident)) {
    sim.apply(LEGACY_RULES, subject, { offset, length: LIBXL_HEADER_SIZE });
    sim.cannotTell('a legacy stream, of Xen 4.5 or older, which is not checked here');
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
    takesColo: sim.checkpoints === 'colo',
    built: sim.built,
    sawEmulatorContext: sim.sawEmulatorContext,
  };
  const place = { offset, length: Math.min(RECORD_HEADER_SIZE + length, sim.reader.size - offset) };
  const stops = sim.apply(LIBXL_RECORD_RULES, record, place);
  const end = endOf(offset, length);
  if (stops && (recordSpec('libxl', type) === undefined || end > sim.reader.size)) {
    sim.resync(offset);
    return;
  }
  sim.position = end;
  yield* handleLibxlRecord(sim, record, offset);
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
