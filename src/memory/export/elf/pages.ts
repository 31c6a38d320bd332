/** .xen_pages, and the tables that say which page is which: PFNs, and frames as the page tables in the file name them. */
import { DUMPCORE_P2M } from '../../../format/dump-core/notes';
import { sizeOf } from '../../../format/kit/layout';
import { PAGE_SIZE } from '../../../format/libxc/page-data';
import type { Exportable, Part } from '../plan';
import { levelStretches, stretches } from '../stretches';
import type { MachineFrames } from './machine-frames';

/** Elements of .xen_p2m and .xen_pfn. */
export const P2M_ENTRY = sizeOf(DUMPCORE_P2M);
export const PFN_ENTRY = 8;
/** Entries of such a table made at once. */
const TABLE_PIECE = 65_536;
/** XC_CORE_INVALID_GMFN */
const NO_FRAME = (1n << 64n) - 1n;

/** As they stand in the image; with frames, page tables hold these in place of PFNs. */
export function* pageParts(file: Exportable, frames?: MachineFrames): Generator<Part> {
  for (const { pfn, count, offset, level } of levelStretches(file)) {
    if (!frames || level === 0) yield { kind: 'image', offset, length: count * PAGE_SIZE };
    else
      for (let at = 0; at < count; at++)
        yield {
          kind: 'late',
          length: PAGE_SIZE,
          make: async () => frames.table(pfn + at, await file.source.read(offset + at * PAGE_SIZE, PAGE_SIZE)),
        };
  }
}

/** PFN and frame. A page without a machine frame, as one given back to Xen after it was sent, has none here either. */
export function* p2mParts(file: Exportable, frames?: MachineFrames): Generator<Part> {
  for (const { pfn, count } of pieces(file)) {
    if (!frames) yield { kind: 'made', bytes: numbers(pfn, count, P2M_ENTRY) };
    else
      yield {
        kind: 'late',
        length: count * P2M_ENTRY,
        make: async () => {
          const bytes = numbers(pfn, count, P2M_ENTRY);
          const view = new DataView(bytes.buffer);
          for (const [index, frame] of (await frames.frames(pfn, count)).entries())
            view.setBigUint64(index * P2M_ENTRY + 8, frame === undefined ? NO_FRAME : BigInt(frame), true);
          return bytes;
        },
      };
  }
}

export function* pfnParts(file: Exportable): Generator<Part> {
  for (const { pfn, count } of pieces(file)) yield { kind: 'made', bytes: numbers(pfn, count, PFN_ENTRY) };
}

/** A stretch can be as long as the file: cut, so that no part is large. */
function* pieces(file: Exportable): Generator<{ readonly pfn: number; readonly count: number }> {
  for (const { pfn, count } of stretches(file)) {
    for (let from = 0; from < count; from += TABLE_PIECE)
      yield { pfn: pfn + from, count: Math.min(TABLE_PIECE, count - from) };
  }
}

/** PFNs in a row, each as often as an element of so many bytes has words. */
function numbers(pfn: number, count: number, each: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count * each);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += 8) view.setBigUint64(at, BigInt(pfn + Math.floor(at / each)), true);
  return bytes;
}
