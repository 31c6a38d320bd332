/** What to do where the stream is not what it should be: say so, keep what is sound, find where records go on. */
import { LibxlType } from '../../format/libxl/types';
import type { Layer, StreamLayer } from '../../format/layers';
import { recordSpec, unknownName } from '../../format/records';
import { grouped, hex0x } from '../../lib/text';
import { endOf, isOptional, layerAfter, MAX_LENGTH, RECORD_HEADER, RECORD_HEADER_SIZE } from '../../format/framing';
import { goesOn, isImageHeader } from './goes-on';
import { TAIL } from './chain';
import { resync, RESYNC_LIMIT, type Resynced } from './resync';
import { type Reading } from '../reader';
import { vcpuOf } from './learn';
import { type Header, placesIn, type WalkState, where } from './state';

/** How far records are looked for around an END that does not end the file, bytes. */
export const NEAR_SEARCH = 16 * 1024 * 1024;

/** Takes a type that the format does not define: as a record of its own if it leads to one that it does, else as nonsense. False where the walk ends. */
export function* unknown(w: WalkState, layer: StreamLayer, header: Header): Reading<boolean> {
  const { offset, type, length } = header;
  const { size } = w.reader;
  const end = endOf(offset, length);
  const optional = isOptional(layer, type);
  if (!(yield* unknownHolds(w, layer, header))) return yield* noHeader(w, layer, header);
  const row = w.row(layer, header);
  w.sharing.record(yield* w.reader.at(offset, RECORD_HEADER_SIZE), offset);
  w.sharing.fill(offset + RECORD_HEADER_SIZE, Math.min(end, size) - offset - RECORD_HEADER_SIZE, 'unknown');
  if (optional)
    w.note(
      'note',
      'optional-record',
      placesIn(RECORD_HEADER, layer, row, offset)('type'),
      `an optional record of unassigned type ${unknownName(type)}: libxc skips it`,
    );
  else
    w.note(
      'fatal',
      'unknown-record',
      placesIn(RECORD_HEADER, layer, row, offset)('type'),
      `a record of unassigned type ${unknownName(type)}: a reader must refuse it`,
      'a type that the specification defines',
      unknownName(type),
    );
  w.position = Math.min(end, size);
  w.trustedEnd = offset + RECORD_HEADER_SIZE;
  return true;
}

/** Tells whether a type that the format does not define is believed: it leads to one that it does. */
export function* unknownHolds(w: WalkState, layer: StreamLayer, { offset, type, length }: Header): Reading<boolean> {
  const { size } = w.reader;
  const fits = offset + RECORD_HEADER_SIZE + length <= size && length <= MAX_LENGTH[layer];
  return fits && (offset < w.ahead.heldTo || (yield* follows(w, layer, type, Math.min(endOf(offset, length), size))));
}

/** Takes a defined type of a length that it cannot have; `accepted` where a record follows all the same, false where the walk ends. */
export function* badLength(w: WalkState, layer: StreamLayer, header: Header): Reading<boolean | 'accepted'> {
  const { offset, type, length } = header;
  const spec = recordSpec(layer, type);
  const rule = spec?.length ?? { min: 0, max: 0 };
  const tooLong = length > MAX_LENGTH[layer];
  const wanted = tooLong
    ? `at most ${grouped(MAX_LENGTH[layer])}`
    : rule.min === rule.max
      ? grouped(rule.min)
      : `${grouped(rule.min)} or more${rule.step && rule.step > 1 ? `, in steps of ${rule.step}` : ''}`;
  const note = (): number => {
    const row = w.row(layer, header, { damaged: true });
    const severity = tooLong ? 'fatal' : 'warning';
    const message = `${spec?.name ?? 'a record'} has a length that it cannot have`;
    w.note(
      severity,
      'bad-length',
      placesIn(RECORD_HEADER, layer, row, offset)('body_length'),
      message,
      wanted,
      grouped(length),
    );
    return row;
  };
  const end = yield* endInSpite(w, layer, header);
  if (end !== undefined) {
    note();
    w.sharing.record(yield* w.reader.at(offset, RECORD_HEADER_SIZE), offset, false);
    w.sharing.fill(offset + RECORD_HEADER_SIZE, end - offset - RECORD_HEADER_SIZE, 'damaged');
    w.sharing.doubt(end);
    w.position = end;
    w.trustedEnd = offset + RECORD_HEADER_SIZE;
    return 'accepted';
  }
  // Nothing tells where it ends. If records go on before it, it never was one.
  const found = yield* searchFrom(w, layer, Math.min(offset, w.trustedEnd));
  if (found && found.offset <= offset) return noHeaderBefore(w, layer, header, found);
  const row = note();
  w.sharing.record(yield* w.reader.at(offset, RECORD_HEADER_SIZE), offset, false);
  return resume(w, layer, offset + RECORD_HEADER_SIZE, row, found);
}

/** Returns where a record of a length that it cannot have ends all the same: where another follows, by that length or by the right one. */
export function* endInSpite(
  w: WalkState,
  layer: StreamLayer,
  { offset, type, length }: Header,
): Reading<number | undefined> {
  const { min, max } = recordSpec(layer, type)?.length ?? { min: 0, max: 0 };
  for (const candidate of min === max ? [length, min] : [length]) {
    if (offset + RECORD_HEADER_SIZE + candidate > w.reader.size) continue;
    const end = Math.min(endOf(offset, candidate), w.reader.size);
    if (yield* follows(w, layer, type, end)) return end;
  }
  return undefined;
}

/** Finds where records go on inside a record whose end lies behind the end of the file: as a rule nowhere, as it is the file that was cut. */
export const searchCut = (w: WalkState, layer: StreamLayer, { offset }: Header): Reading<Resynced | undefined> =>
  searchFrom(w, layer, offset + RECORD_HEADER_SIZE);

/** Takes a well-formed record whose end lies behind the end of the file; `found` is where records go on in it. False where the walk ends with it. */
export function* cutBody(
  w: WalkState,
  layer: StreamLayer,
  header: Header,
  found: Resynced | undefined,
): Reading<boolean> {
  const vcpu = yield* vcpuOf(w, layer, header);
  const row = w.row(layer, header, { damaged: true, vcpu });
  const body = header.offset + RECORD_HEADER_SIZE;
  w.sharing.record(yield* w.reader.at(header.offset, RECORD_HEADER_SIZE), header.offset);
  w.sharing.fill(body, (found?.offset ?? w.reader.size) - body, 'damaged');
  return cutHere(w, layer, header, row, found);
}

/** Notes that the file ends inside a record, of row `row`, and goes on at the records in what is left; false where there are none. */
export function cutHere(
  w: WalkState,
  layer: StreamLayer,
  { offset, length }: Header,
  row: number,
  found: Resynced | undefined,
): boolean {
  const body = offset + RECORD_HEADER_SIZE;
  const { size } = w.reader;
  const name = w.records.row(row)?.name ?? 'a record';
  w.note(
    'fatal',
    'file-ends',
    where(layer, row, offset, RECORD_HEADER_SIZE),
    `the file ends inside ${name}`,
    `${grouped(length)} bytes`,
    `${grouped(size - body)} bytes`,
  );
  // Most often the record simply goes on to the end of the file, and all that is left is listed with it.
  if (found) return resume(w, layer, body, row, found);
  w.position = size;
  return false;
}

/** Notes that no record header stands where one must be, and looks for where records go on; false where they do not. */
export function* noHeader(w: WalkState, layer: StreamLayer, header: Header): Reading<boolean> {
  const stream = streamOf(w);
  const found = yield* searchFrom(w, stream, Math.min(header.offset, w.trustedEnd));
  return noHeaderBefore(w, layer, header, found);
}

/** Notes that no record header stands where one must be, and goes on at `found`; false where that is nowhere. */
export const noHeaderBefore = (
  w: WalkState,
  layer: StreamLayer,
  { offset, type, length }: Header,
  found: Resynced | undefined,
): boolean =>
  lostAt(w, layer, offset, found, {
    message: 'no record header where one must be',
    expected: 'a type and length that the format allows',
    found: `type ${hex0x(type, 8)}, length ${grouped(length)}`,
  });

/** Notes that something else stands where a header must be, and looks for where records go on; false where they do not. */
export function* lost(
  w: WalkState,
  layer: Layer,
  offset: number,
  message: string,
  expected: string,
  found: string,
): Reading<boolean> {
  const at = yield* searchFrom(w, streamOf(w), Math.min(offset, w.trustedEnd));
  return lostAt(w, layer, offset, at, { message, expected, found });
}

const streamOf = (w: WalkState): StreamLayer => (w.layer === 'end' ? 'libxc' : w.layer);

function lostAt(
  w: WalkState,
  layer: Layer,
  offset: number,
  at: Resynced | undefined,
  { message, expected, found }: { readonly message: string; readonly expected: string; readonly found: string },
): boolean {
  // No record is to blame: the one before may be as sound as any.
  const shown = Math.min(RECORD_HEADER_SIZE, w.reader.size - offset);
  w.note('fatal', 'no-header', where(layer, undefined, offset, shown), message, expected, found);
  return resume(w, streamOf(w), offset, undefined, at);
}

/** Goes on at the next records from `from` on, `row` being to blame; false where there are none. */
export function* search(w: WalkState, layer: StreamLayer, from: number, row: number | undefined): Reading<boolean> {
  return resume(w, layer, from, row, yield* searchFrom(w, layer, from));
}

/** Finds the next records from `from` on, in the layer at hand first. */
export function* searchFrom(
  w: WalkState,
  layer: StreamLayer,
  from: number,
  length = RESYNC_LIMIT,
): Reading<Resynced | undefined> {
  w.position = from;
  const layers: StreamLayer[] = w.outer ? [layer, layer === 'libxc' ? w.outer : 'libxc'] : ['libxc'];
  const found = yield* resync(w.context, layers, from, length);
  if (w.ahead.isSpent)
    w.limit(
      'search-limit',
      where(layer, undefined, from, 0),
      'too many places look like records that lead far away: from here on not all were followed, and records can be missing from the list',
    );
  return found;
}

/** Goes on where a search has found records; `at` is where they were expected. False where it has found none. */
export function resume(
  w: WalkState,
  layer: StreamLayer,
  at: number,
  row: number | undefined,
  found: Resynced | undefined,
): boolean {
  const start = Math.min(at, found?.offset ?? at);
  const missed = (found?.offset ?? w.reader.size) - start;
  if (missed > 0) noteGap(w, start, missed);
  if (found) w.sharing.doubt(found.offset);
  else w.sharing.broken();
  if (!found) {
    const far = missed > RESYNC_LIMIT ? `in the next ${grouped(RESYNC_LIMIT)} bytes ` : '';
    const message = `no further record found ${far}after the damage; ${grouped(missed)} bytes are not listed`;
    w.note('warning', 'not-resumed', where(layer, row, start, missed), message);
    w.position = w.reader.size;
    return false;
  }
  const how =
    found.offset < at
      ? `, ${grouped(at - found.offset)} bytes earlier than the record before says`
      : `; ${grouped(missed)} bytes before are not listed`;
  const message = `records go on at ${hex0x(found.offset)}${how}`;
  w.note('warning', 'resumed', where(found.layer, row, start, missed), message, undefined, `a ${found.layer} record`);
  w.position = found.offset;
  w.trustedEnd = found.offset;
  w.ahead.heldTo = 0;
  w.layer = found.layer;
  return true;
}

/** Gaps that are listed. */
const GAP_LIMIT = 10_000;

/** Lists bytes that were passed over to go on. */
export function noteGap(w: WalkState, offset: number, length: number): void {
  w.imageVersion++;
  if (w.image.gaps.length < GAP_LIMIT) w.image.gaps.push({ offset, length, before: w.records.count });
  else
    w.limit(
      'gaps-full',
      where('file', undefined, offset, length),
      `the list of gaps holds ${grouped(GAP_LIMIT)} and takes no more; later gaps are not shown`,
    );
}

/** Tells whether what must come after a record of this type does come at `offset`, as far as the file goes. */
export function* follows(w: WalkState, layer: StreamLayer, type: number, offset: number): Reading<boolean> {
  if (layer === 'libxl' && type === LibxlType.LIBXC_CONTEXT) return yield* isImageHeader(w.context, offset);
  const after = layerAfter(layer, type, w.outer);
  return after === 'end' || (yield* goesOn(w.context, after, offset));
}

/**
 * Tells whether an END is only zeros that stand where a header must: what comes after it makes no sense, and records go on
 * before it.
 */
export function* isFalseEnd(w: WalkState, layer: StreamLayer, { offset, type, length }: Header): Reading<boolean> {
  if (offset <= w.trustedEnd || (yield* endCloses(w, layer, { offset, type, length }))) return false;
  const found = yield* searchFrom(w, layer, w.trustedEnd, Math.min(NEAR_SEARCH, offset - w.trustedEnd));
  return found !== undefined && found.offset < offset;
}

/** Tells whether what comes after an END makes sense: the records of the layer around it, or the end of the file. */
export function* endCloses(w: WalkState, layer: StreamLayer, { offset, type, length }: Header): Reading<boolean> {
  const end = endOf(offset, length);
  const after = layerAfter(layer, type, w.outer);
  return after === 'end' ? w.reader.size - end <= TAIL : yield* goesOn(w.context, after, end);
}
