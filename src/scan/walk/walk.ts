/**
 * The walk over an image: hops from header to header through the nested layers, fills the indexes, and turns damage
 * into findings. Bodies that may be shared are read once, for the fingerprint; page contents never are.
 *
 * Layering (docs/specs of Xen): xl or libvirt header → libxl stream → LIBXC_CONTEXT → libxc stream → END → libxl
 * records → END. A checkpointed stream hops between the two: CHECKPOINT hands over to libxl, CHECKPOINT_END back.
 */
import type { StreamLayer } from '../../format/layers';
import { endOf, layerAfter, MAX_LENGTH, RECORD_HEADER_SIZE } from '../../format/framing';
import { readU32 } from '../../format/kit/bytes';
import { PAGE_DATA_HEADER_SIZE } from '../../format/libxc/page-data';
import { LibxcType } from '../../format/libxc/types';
import { LibxlType } from '../../format/libxl/types';
import { fitsRule } from '../../format/record-spec';
import { recordSpec } from '../../format/records';
import { FILL_START, startsFilled } from '../../format/sharing/fill';
import { grouped } from '../../lib/text';
import { HEAD_SIZE, identify } from '../identify';
import type { Reading } from '../reader';
import { contradicted, contradiction, SHORT } from './contradiction';
import { badLength, cutBody, isFalseEnd, noHeader, searchCut, unknown } from './damage';
import { endOfFile, trailer } from './end';
import { imageHeader } from './headers/libxc';
import { openContainer } from './headers/open';
import { isTelling, learn, vcpuOf, vcpuSeen } from './learn';
import { pageData } from './page-record';
import { noteFilled, shareBody } from './share-body';
import { type Header, WalkState, where } from './state';

/** A walk over an image, from its first byte to its last. */
export class Walk extends WalkState {
  *run(): Reading<void> {
    const head = yield* this.reader.at(0, HEAD_SIZE);
    const known = identify(head, this.reader.size);
    if ('refusal' in known) {
      this.image.refusal = known.refusal;
      this.imageVersion++;
      return;
    }
    this.image.container = known.container;
    this.imageVersion++;
    if (yield* openContainer(this, known.container)) yield* stream(this);
    // Where the stream came to its end that was said before.
    this.sharing.end(false);
    this.imageVersion++;
  }
}

function* stream(w: WalkState): Reading<void> {
  do {
    while (w.layer !== 'end') {
      if (isFull(w)) {
        w.limit(
          'index-full',
          where('file', undefined, w.position, 0),
          `the index holds ${grouped(w.records.count)} records and takes no more; the rest of the file is not listed`,
        );
        return;
      }
      if (!(yield* record(w, w.layer))) return;
    }
  } while (yield* trailer(w));
}

/** Bytes of the index of records and of that of pages together. */
const INDEX_LIMIT = 256 * 1024 * 1024;
/** Records between two looks at them. */
const RECORDS_A_LOOK = 1024;

/** Tells whether the index takes no more records. */
const isFull = ({ records, pages, recordLimit }: WalkState): boolean =>
  records.count >= recordLimit ||
  (records.count % RECORDS_A_LOOK === 0 && records.byteLength + pages.byteLength >= INDEX_LIMIT);

/** Takes one record; false where the walk ends before the stream does. */
function* record(w: WalkState, layer: StreamLayer): Reading<boolean> {
  const offset = w.position;
  const { size } = w.reader;
  if (offset >= size) return endOfFile(w, layer);
  const little = w.littleEndian[layer];
  const head = w.reader.near(offset, RECORD_HEADER_SIZE) ?? (yield* w.reader.at(offset, RECORD_HEADER_SIZE));
  if (head.length < RECORD_HEADER_SIZE) {
    w.note(
      'fatal',
      'file-ends',
      where(layer, undefined, offset, head.length),
      'the file ends inside a record header',
      `${RECORD_HEADER_SIZE} bytes`,
      `${head.length} bytes`,
    );
    return false;
  }
  // Raw, not by the layout: this runs for each of up to ten million records.
  const header: Header = { offset, type: readU32(head, 0, little), length: readU32(head, 4, little) };
  const spec = recordSpec(layer, header.type);
  if (!spec) return yield* unknown(w, layer, header);
  if (!fitsRule(spec.length, header.length) || header.length > MAX_LENGTH[layer]) {
    const outcome = yield* badLength(w, layer, header);
    return outcome === 'accepted' ? yield* after(w, layer, header.type) : outcome;
  }
  if (offset + RECORD_HEADER_SIZE + header.length > size) {
    // Before anything of it is read: what goes on in it is no part of it.
    const found = yield* searchCut(w, layer, header);
    const end = found?.offset ?? size;
    const hasCounts = end - offset >= RECORD_HEADER_SIZE + PAGE_DATA_HEADER_SIZE;
    // Entries that are there in whole are listed all the same; the row is the one that is added next.
    const isContext = layer === 'libxc' && header.type === LibxcType.HVM_CONTEXT;
    const body = offset + RECORD_HEADER_SIZE;
    if (isContext) yield* learn(w, header.type, { row: w.records.count, body, length: end - body });
    const isPages = layer === 'libxc' && header.type === LibxcType.PAGE_DATA && hasCounts;
    return yield* isPages ? pageData(w, header, { found }) : cutBody(w, layer, header, found);
  }
  return yield* good(w, layer, header);
}

function* good(w: WalkState, layer: StreamLayer, header: Header): Reading<boolean> {
  const { offset, type, length } = header;
  if (layer === 'libxc' && type === LibxcType.PAGE_DATA) return yield* pageData(w, header);
  const spec = recordSpec(layer, type);
  if (spec?.name === 'END' && (yield* isFalseEnd(w, layer, header))) return yield* noHeader(w, layer, header);
  const body = offset + RECORD_HEADER_SIZE;
  // A generator is not made for nothing: of most records neither of these has any use.
  const isFilled = length > 0 && startsFilled(yield* w.reader.at(body, Math.min(length, FILL_START)));
  const vcpu = spec?.perVcpu === true ? yield* vcpuOf(w, layer, header) : -1;
  const row = w.row(layer, header, { vcpu });
  if (layer === 'libxc' && type === LibxcType.X86_PV_VCPU_BASIC && vcpu >= 0) vcpuSeen(w, vcpu);
  // A length that the type fixes is right if it is there at all; any other can be wrong without showing it.
  const isFixed = spec !== undefined && spec.length.min === spec.length.max;
  const lie = isFixed || length <= SHORT ? undefined : yield* contradiction(w, layer, header);
  if (lie) return yield* contradicted(w, layer, header, row, lie);
  if (layer === 'libxc' && isTelling(type) && !isFilled) yield* learn(w, type, { row, body, length });
  if (isFilled) noteFilled(w, layer, row, header);
  const end = endOf(offset, length);
  w.sharing.record(yield* w.reader.at(offset, RECORD_HEADER_SIZE), offset);
  if (length > 0) yield* shareBody(w, layer, header, vcpu);
  if (end > w.reader.size)
    w.note(
      'fatal',
      'file-ends',
      where(layer, row, body + length, w.reader.size - body - length),
      'the file ends inside the padding of a record',
    );
  w.position = Math.min(end, w.reader.size);
  w.trustedEnd = isFixed ? end : body;
  return yield* after(w, layer, type);
}

/** Hands over to the layer that reads what follows. */
function* after(w: WalkState, layer: StreamLayer, type: number): Reading<boolean> {
  if (layer === 'libxl' && type === LibxlType.LIBXC_CONTEXT) {
    return yield* imageHeader(w, w.position, w.records.count - 1);
  }
  if (layer === 'libxc' && type === LibxcType.CHECKPOINT) {
    w.image.checkpoints++;
    w.newPass = true;
    w.shared.libxc.clear();
    w.openCheckpoint = w.records.count - 1;
    w.imageVersion++;
    // Without libxl around it nothing more belongs to the checkpoint.
    if (!w.outer) checkpointed(w);
  }
  if (layer === 'libxl' && type === LibxlType.CHECKPOINT_END) {
    w.shared.libxl.clear();
    checkpointed(w);
  }
  if (layer === 'libxc' && type === LibxcType.VERIFY) {
    w.image.firstVerify ??= w.records.count - 1;
    w.verifying = true;
    w.newPass = true;
  }
  if (layer === 'libxc' && type === LibxcType.STATIC_DATA_END) w.staticDataEnded = true;
  if (layer === 'libxc' && type === LibxcType.END) w.image.libxcEnd ??= w.records.count - 1;
  if (layer === 'libxl' && type === LibxlType.END) w.image.libxlEnd ??= w.records.count - 1;
  w.layer = layerAfter(layer, type, w.outer);
  return true;
}

/** Notes that the open checkpoint is complete: what came before it is the guest, should nothing more come. */
function checkpointed(w: WalkState): void {
  if (w.openCheckpoint < 0) return;
  w.image.lastCheckpoint = { record: w.openCheckpoint, end: w.records.count - 1 };
  w.openCheckpoint = -1;
  w.imageVersion++;
}
