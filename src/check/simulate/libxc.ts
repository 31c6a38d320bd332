/** libxc: its headers, and its records in the order of the stream. Source: tools/libs/guest/xg_sr_restore.c. */
import { endOf, padded, RECORD_HEADER, RECORD_HEADER_SIZE } from '../../format/framing';
import { readU64 } from '../../format/kit/bytes';
import { fieldsOf } from '../../format/kit/fields';
import { parse } from '../../format/kit/parse';
import {
  DOMAIN_HEADER,
  DOMAIN_HEADER_SIZE,
  IMAGE_HEADER,
  IMAGE_HEADER_SIZE,
  IMAGE_OPTION_BIG_ENDIAN,
} from '../../format/libxc/headers';
import type { Reading } from '../../scan/reader';
import { FRAME_RULES } from '../rules/libxc/framing';
import { DOMAIN_HEADER_RULES, IMAGE_HEADER_RULES } from '../rules/libxc/headers';
import { isHandled, RECORD_RULES } from '../rules/libxc/order';
import { PAGE_SHIFT_RULES } from '../rules/spec';
import { enterStageOf, handleRecord } from './libxc-handlers';
import type { LibxcRecordAt } from './record';
import type { Simulation } from './simulation';
import { LibxcState } from './state';

/** A whole header, short where the file ends: what is missing reads as zeros. */
function zeroed(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  out.set(bytes.subarray(0, size));
  return out;
}

const MARKER_AT = fieldsOf(IMAGE_HEADER)('marker');

/** Plays through read_headers(): the image header and the domain header. */
export function* readLibxcHeaders(sim: Simulation): Reading<void> {
  sim.enter('guest');
  const offset = sim.position;
  sim.libxc = new LibxcState(offset);
  const image = yield* sim.read(offset, IMAGE_HEADER_SIZE);
  const whole = zeroed(image, IMAGE_HEADER_SIZE);
  const header = parse(IMAGE_HEADER, whole);
  const place = { offset, length: Math.min(IMAGE_HEADER_SIZE, image.length) };
  // libxc turns every number of the header around but this one, which is the same either way if it is right.
  const marker = readU64(whole, MARKER_AT.offset, true);
  const subject = { ...header, marker, have: image.length };
  if (sim.apply(IMAGE_HEADER_RULES, subject, place) && (image.length < IMAGE_HEADER_SIZE || !plausible(header))) {
    sim.resync(offset);
    return;
  }
  sim.libxc.version = header.version;
  yield* readDomainHeader(sim, offset + IMAGE_HEADER_SIZE);
}

/** What follows a header with these may well be read on, though Xen would not. */
const plausible = ({ version, options }: { readonly version: number; readonly options: number }): boolean =>
  version >= 1 && version <= 4 && (options & IMAGE_OPTION_BIG_ENDIAN) === 0;

function* readDomainHeader(sim: Simulation, offset: number): Reading<void> {
  const raw = yield* sim.read(offset, DOMAIN_HEADER_SIZE);
  const header = parse(DOMAIN_HEADER, zeroed(raw, DOMAIN_HEADER_SIZE));
  const subject = { ...header, have: raw.length, kind: sim.config?.type ?? 'pv' };
  const place = { offset, length: Math.min(DOMAIN_HEADER_SIZE, raw.length) };
  const stops = sim.apply(DOMAIN_HEADER_RULES, subject, place);
  if (stops && raw.length < DOMAIN_HEADER_SIZE) {
    sim.mode = 'end';
    return;
  }
  sim.apply(PAGE_SHIFT_RULES, subject, place);
  sim.libxc.guestType = header.type;
  sim.fact(`libxc stream of version ${sim.libxc.version}, saved by Xen ${header.xen_major}.${header.xen_minor}`);
  sim.position = offset + DOMAIN_HEADER_SIZE;
  sim.mode = 'libxc';
}

/** Plays through read_record() and process_record() for one record. */
export function* readLibxcRecord(sim: Simulation): Reading<void> {
  const offset = sim.position;
  const head = yield* sim.read(offset, RECORD_HEADER_SIZE);
  const { type, body_length } = parse(RECORD_HEADER, head);
  const length = head.length < RECORD_HEADER_SIZE ? 0 : body_length;
  const body = offset + RECORD_HEADER_SIZE;
  const room = Math.max(0, sim.reader.size - body);
  const frame = {
    headerHave: head.length,
    bodyHave: room,
    type,
    length,
    checkpointed: sim.libxc.checkpointed,
    dirtyPadding: yield* isDirty(sim, body, length),
  };
  const place = { offset, length: Math.min(RECORD_HEADER_SIZE + length, sim.reader.size - offset) };
  // A record that is cut off stops what it was part of.
  if (head.length === RECORD_HEADER_SIZE && isHandled(type, sim.isPv)) enterStageOf(sim, type);
  const stops = sim.apply(FRAME_RULES, frame, place);
  if (stops || head.length < RECORD_HEADER_SIZE || room < padded(length)) {
    sim.resync(offset);
    return;
  }
  sim.position = endOf(offset, length);
  yield* processRecord(sim, { type, length, offset, body, end: sim.position });
}

function* isDirty(sim: Simulation, body: number, length: number): Reading<boolean> {
  const count = padded(length) - length;
  if (count === 0) return false;
  const bytes = yield* sim.reader.at(body + length, count);
  return bytes.some((byte) => byte !== 0);
}

function* processRecord(sim: Simulation, record: LibxcRecordAt): Reading<void> {
  const { libxc } = sim;
  const { type, length, offset } = record;
  enterStageOf(sim, type);
  const { version, seenStaticDataEnd, checkpointed, keptUnknown } = libxc;
  const takesCheckpoints = sim.checkpoints !== undefined;
  const subject = {
    type,
    length,
    isPv: sim.isPv,
    version,
    seenStaticDataEnd,
    checkpointed,
    takesCheckpoints,
    keptUnknown,
  };
  const place = { offset, length: RECORD_HEADER_SIZE + length };
  const stops = sim.apply(RECORD_RULES, subject, place);
  if (isHandled(type, subject.isPv)) yield* handleRecord(sim, record, stops);
  else if (!stops) libxc.keptUnknown ||= checkpointed;
}
