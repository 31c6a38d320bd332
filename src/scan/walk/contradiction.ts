/**
 * Records of which what follows says that they end earlier than their length says. That is asked before the body is read,
 * so that lengths that lie, one in the body of another, cost no more than their headers.
 */
import { endOf, layerAfter, MAX_LENGTH, RECORD_HEADER_SIZE } from '../../format/framing';
import { readU32 } from '../../format/kit/bytes';
import type { StreamLayer } from '../../format/layers';
import { fitsRule } from '../../format/record-spec';
import { recordSpec } from '../../format/records';
import type { Reading } from '../reader';
import { endCloses, endInSpite, noHeaderBefore, searchFrom, unknownHolds } from './damage';
import { isTelling, learn } from './learn';
import type { Resynced } from './resync';
import type { Header, WalkState } from './state';

/** Bodies up to so many bytes are read at once: they cost no more than a look at what follows. */
export const SHORT = 512;

/** A header that cannot be believed where a record ends, in the layer that reads it, and the records that go on before it. */
export interface Contradiction {
  readonly layer: StreamLayer;
  readonly header: Header;
  readonly found: Resynced;
}

/** Finds what contradicts the length of a record that is sound by itself; undefined where nothing does. */
export function* contradiction(
  w: WalkState,
  layer: StreamLayer,
  { offset, type, length }: Header,
): Reading<Contradiction | undefined> {
  const body = offset + RECORD_HEADER_SIZE;
  const end = endOf(offset, length);
  const after = layerAfter(layer, type, w.outer);
  if (after === 'end' || w.reader.size - end < RECORD_HEADER_SIZE) return undefined;
  const head = yield* w.reader.at(end, RECORD_HEADER_SIZE);
  const little = w.littleEndian[after];
  const next = { offset: end, type: readU32(head, 0, little), length: readU32(head, 4, little) };
  if (yield* isBelieved(w, after, next)) return undefined;
  const found = yield* searchFrom(w, after, body, end - body);
  return found && { layer: after, header: next, found };
}

/** Tells whether a header is taken for what it says without a look at what stands before it. */
function* isBelieved(w: WalkState, layer: StreamLayer, header: Header): Reading<boolean> {
  const spec = recordSpec(layer, header.type);
  if (!spec) return yield* unknownHolds(w, layer, header);
  if (!fitsRule(spec.length, header.length) || header.length > MAX_LENGTH[layer])
    return (yield* endInSpite(w, layer, header)) !== undefined;
  return spec.name !== 'END' || (yield* endCloses(w, layer, header));
}

/** Takes a record whose length is contradicted, of row `row`: of its body what stands before the records that go on in it. */
export function* contradicted(
  w: WalkState,
  layer: StreamLayer,
  header: Header,
  row: number,
  { layer: after, header: next, found }: Contradiction,
): Reading<boolean> {
  const { offset, type } = header;
  const body = offset + RECORD_HEADER_SIZE;
  if (layer === 'libxc' && isTelling(type)) yield* learn(w, type, { row, body, length: found.offset - body });
  w.sharing.record(yield* w.reader.at(offset, RECORD_HEADER_SIZE), offset);
  w.sharing.fill(body, found.offset - body, 'damaged');
  w.layer = after;
  return noHeaderBefore(w, after, next, found);
}
