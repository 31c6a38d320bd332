/**
 * The walk over an image: hops from header to header through the nested layers, fills the indexes, and turns damage
 * into findings. Body bytes other than page contents are read once, for the fingerprint; pages never are.
 *
 * Layering (docs/specs of Xen): xl or libvirt header → libxl stream → LIBXC_CONTEXT → libxc stream → END → libxl
 * records → END. A checkpointed stream hops between the two: CHECKPOINT hands over to libxl, CHECKPOINT_END back.
 */
import { hvmEntries, HvmType } from '../format/hvm/entries';
import { readU32 } from '../format/kit/bytes';
import { PAGE_DATA_HEADER_SIZE } from '../format/libxc/page-data';
import { LibxcType, REC_LENGTH_MAX } from '../format/libxc/types';
import { addressBitsOf } from '../format/x86/address-bits';
import { xstateOf } from '../format/x86/xstate';
import { LibxlType } from '../format/libxl/records';
import { fitsRule, recordSpec } from '../format/records';
import { ascii, grouped } from '../lib/text';
import { HEAD_SIZE, identify } from './identify';
import { endOf, layerAfter, RECORD_HEADER_SIZE, type StreamLayer, TAIL } from './plausible';
import { type Reading } from './reader';
import { RECORD_LIMIT } from './records';
import { imageHeader, openContainer } from './containers';
import { badLength, cutBody, isFalseEnd, NEAR_SEARCH, noHeader, searchFrom, unknown } from './damage';
import { pageData } from './page-record';
import { type Header, WalkState, where } from './walk-state';

/** HVM contexts longer than this are not listed entry by entry: a real one has some 10 KiB a VCPU. */
const CONTEXT_LIMIT = 16 * 1024 * 1024;
/** Bytes of a CPUID policy looked at: Xen writes 120 leaves of 24 bytes at most. */
const POLICY_LIMIT = 4096;
const VCPU_LIMIT = 8192;
const ENTRY_LIMIT = 65_536;

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
    this.imageVersion++;
  }
}

function* stream(w: WalkState): Reading<void> {
  do {
    while (w.layer !== 'end') {
      if (w.records.count >= RECORD_LIMIT) {
        w.note(
          'warning',
          'index-full',
          where('file', null, w.position, 0),
          `the index holds ${grouped(RECORD_LIMIT)} records and takes no more; the rest of the file is not listed`,
        );
        return;
      }
      if (!(yield* record(w, w.layer))) return;
    }
  } while (yield* trailer(w));
}

/** One record; false where the walk ends before the stream does. */
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
      where(layer, null, offset, head.length),
      'the file ends inside a record header',
      '8 bytes',
      `${head.length} bytes`,
    );
    return false;
  }
  const header: Header = { offset, type: readU32(head, 0, little), length: readU32(head, 4, little) };
  const spec = recordSpec(layer, header.type);
  if (!spec) return yield* unknown(w, layer, header);
  if (!fitsRule(spec.length, header.length) || (layer === 'libxc' && header.length > REC_LENGTH_MAX)) {
    const outcome = yield* badLength(w, layer, header);
    return outcome === 'accepted' ? yield* after(w, layer, header.type) : outcome;
  }
  if (offset + RECORD_HEADER_SIZE + header.length > size) {
    const hasCounts = size - offset >= RECORD_HEADER_SIZE + PAGE_DATA_HEADER_SIZE;
    // Entries that are there in whole are listed all the same; the row is the one that is added next.
    const isContext = layer === 'libxc' && header.type === LibxcType.HVM_CONTEXT;
    const body = offset + RECORD_HEADER_SIZE;
    if (isContext) yield* learn(w, header.type, w.records.count, body, size - body);
    const isPages = layer === 'libxc' && header.type === LibxcType.PAGE_DATA && hasCounts;
    return yield* isPages ? pageData(w, header) : cutBody(w, layer, header);
  }
  return yield* good(w, layer, header);
}

function* good(w: WalkState, layer: StreamLayer, header: Header): Reading<boolean> {
  const { offset, type, length } = header;
  if (layer === 'libxc' && type === LibxcType.PAGE_DATA) return yield* pageData(w, header);
  if (type === 0 && (yield* isFalseEnd(w, layer, header))) return yield* noHeader(w, layer, header);
  const spec = recordSpec(layer, type);
  const body = offset + RECORD_HEADER_SIZE;
  let vcpu = -1;
  if (spec?.perVcpu) {
    const id = readU32(yield* w.reader.at(body, 4), 0, w.littleEndian.libxc);
    vcpu = id > 0x7fff_ffff ? -1 : id;
  }
  const row = w.row(layer, header, { vcpu });
  if (layer === 'libxc' && type === LibxcType.X86_PV_VCPU_BASIC && vcpu >= 0) vcpuSeen(w, vcpu);
  if (layer === 'libxc' && TELLING.has(type)) yield* learn(w, type, row, body, length);
  const end = endOf(offset, length);
  const near = w.reader.near(offset, end - offset);
  if (near) w.hash(near, offset);
  else yield* w.hashRange(offset, Math.min(end, w.reader.size));
  if (end > w.reader.size)
    w.note(
      'fatal',
      'file-ends',
      where(layer, row, body + length, w.reader.size - body - length),
      'the file ends inside the padding of a record',
    );
  w.position = Math.min(end, w.reader.size);
  // A length that the type fixes is right if it is there at all; any other can be wrong without showing it.
  if (spec && spec.length.min === spec.length.max) w.trustedEnd = end;
  else w.trustedEnd = body;
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
    w.openCheckpoint = w.records.count - 1;
    w.imageVersion++;
    // Without libxl around it nothing more belongs to the checkpoint.
    if (!w.nested) checkpointed(w);
  }
  if (layer === 'libxl' && type === LibxlType.CHECKPOINT_END) checkpointed(w);
  if (layer === 'libxc' && type === LibxcType.VERIFY) {
    w.image.verify = true;
    if (!w.verifying) w.image.pagesEnd = { record: w.records.count - 1, why: 'verify' };
    w.verifying = true;
    w.newPass = true;
  }
  w.layer = layerAfter(layer, type, w.nested);
  return true;
}

/** A checkpoint is complete: what came before it is the guest, should nothing more come. */
function checkpointed(w: WalkState): void {
  if (w.openCheckpoint < 0 || w.verifying) return;
  w.image.pagesEnd = { record: w.openCheckpoint, why: 'checkpoint' };
  w.openCheckpoint = -1;
  w.imageVersion++;
}

/** Types that say something about the image as a whole. */
const TELLING: ReadonlySet<number> = new Set([
  LibxcType.X86_PV_INFO,
  LibxcType.X86_PV_P2M_FRAMES,
  LibxcType.X86_CPUID_POLICY,
  LibxcType.HVM_CONTEXT,
]);

/** Facts about the whole image that single records hold. */
function* learn(w: WalkState, type: number, row: number, body: number, length: number): Reading<void> {
  if (type === LibxcType.X86_PV_INFO) {
    w.image.guestWidth = (yield* w.reader.at(body, 1))[0] ?? 0;
    w.imageVersion++;
  } else if (type === LibxcType.X86_PV_P2M_FRAMES) {
    w.image.maxPfn = readU32(yield* w.reader.at(body + 4, 4), 0, w.littleEndian.libxc);
    w.imageVersion++;
  } else if (type === LibxcType.X86_CPUID_POLICY) {
    const policy = yield* w.reader.at(body, Math.min(length, POLICY_LIMIT));
    w.image.xstate = xstateOf(policy, w.littleEndian.libxc);
    const bits = addressBitsOf(policy, w.littleEndian.libxc);
    if (bits !== undefined) w.image.addressBits = bits;
    w.imageVersion++;
  } else if (type === LibxcType.HVM_CONTEXT && length <= CONTEXT_LIMIT) {
    const context = yield* w.reader.at(body, length);
    for (const { typecode, instance, at, length: bytes } of hvmEntries(context, length, w.littleEndian.libxc)) {
      if (w.image.context.length >= ENTRY_LIMIT) break;
      if (typecode === HvmType.CPU) vcpuSeen(w, instance);
      w.image.context.push({ record: row, typecode, instance, offset: body + at, length: bytes });
    }
    w.imageVersion++;
  }
}

function vcpuSeen(w: WalkState, id: number): void {
  if (w.vcpus.size < VCPU_LIMIT) w.vcpus.add(id);
  w.image.vcpus = w.vcpus.size;
  w.imageVersion++;
}

function endOfFile(w: WalkState, layer: StreamLayer): boolean {
  const at = w.reader.size;
  const last = w.records.count - 1;
  if (w.image.checkpoints > 0) {
    w.note(
      'note',
      'open-ended',
      where(layer, last, at, 0),
      `the stream ends after checkpoint ${w.image.checkpoints} without an END, as a checkpointed stream does; what follows the last checkpoint is discarded on restore`,
    );
  } else {
    const severity = layer === 'libxl' ? 'warning' : 'fatal';
    const taken = layer === 'libxl' ? '; xl takes the end of the file for it' : '';
    w.note(
      severity,
      'no-end',
      where(layer, last, at, 0),
      `the file ends before the END record of the ${layer} stream${taken}`,
      'END',
      'end of file',
    );
  }
  return false;
}

/** What follows the last END; true where that is records again. */
function* trailer(w: WalkState): Reading<boolean> {
  w.image.complete = true;
  const offset = w.position;
  const length = w.reader.size - offset;
  if (length === 0) return false;
  const raw = (yield* w.reader.at(offset, Math.min(length, 4096))).slice();
  const row = w.records.count - 1;
  const found = length > TAIL ? yield* searchFrom(w, 'libxc', offset, NEAR_SEARCH) : undefined;
  if (found) {
    const message = 'records follow the last END; a reader stops at it';
    const what = `a ${found.layer} record`;
    w.note('fatal', 'records-after-end', where(found.layer, row, found.offset, 8), message, 'end of file', what);
    if (found.offset > offset) {
      w.image.gaps.push({ offset, length: found.offset - offset, before: w.records.count });
    }
    w.layer = found.layer;
    w.position = found.offset;
    w.trustedEnd = found.offset;
    w.image.complete = false;
    return true;
  }
  w.position = offset;
  w.hash(raw, offset);
  const closing = raw.length === length && raw[length - 1] === 0 ? raw.subarray(0, length - 1) : raw;
  const text = ascii(closing);
  w.image.trailer = { offset, length, text };
  const acknowledged = text === 'domain is yours, you are cleared to unpause';
  w.note(
    'note',
    acknowledged ? 'migration-go' : 'trailing-bytes',
    where('xl', row, offset, length),
    acknowledged
      ? 'a captured migration that succeeded: the sender’s go-ahead follows the stream'
      : `${grouped(length)} bytes follow the last END; no reader looks at them`,
  );
  return false;
}
