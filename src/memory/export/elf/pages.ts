/** .xen_pages, and the tables that say which page is which: PFNs, and frames as the page tables in the file name them. */
import { DUMPCORE_P2M } from '../../../format/dump-core/notes';
import { sizeOf } from '../../../format/kit/layout';
import { PAGE_SIZE } from '../../../format/page';
import type { Exportable, Part } from '../kit/plan';
import { levelStretches, stretches } from '../kit/stretches';
import type { MachineFrames } from './machine-frames';

/** Elements of .xen_p2m and .xen_pfn. */
export const P2M_ENTRY = sizeOf(DUMPCORE_P2M);
export const PFN_ENTRY = 8;
/** Entries of such a table made at once. */
const TABLE_PIECE = 65_536;
/** XC_CORE_INVALID_GMFN */
const NO_FRAME = (1n << 64n) - 1n;

interface PvPages {
  /** What is between the pages that are there has places too. */
  readonly holes: boolean;
  /** What page tables shall hold in place of PFNs. */
  readonly frames: MachineFrames | undefined;
}

/** Yields .xen_pages: the pages by PFN, those of a PV guest with holes and machine frames as asked. */
export function* pageParts(file: Exportable, { holes, frames }: PvPages): Generator<Part> {
  let next = 0;
  for (const { pfn, count, offset, level } of levelStretches(file)) {
    if (holes && pfn > next) yield { kind: 'hole', length: (pfn - next) * PAGE_SIZE };
    next = pfn + count;
    if (frames === undefined || level === 0) yield { kind: 'image', offset, length: count * PAGE_SIZE };
    else for (let at = 0; at < count; at++) yield table(file, frames, pfn + at, offset + at * PAGE_SIZE);
  }
}

const table = (file: Exportable, frames: MachineFrames, pfn: number, offset: number): Part => ({
  kind: 'late',
  length: PAGE_SIZE,
  make: async () => frames.table(pfn, await file.source.read(offset, PAGE_SIZE)),
});

/**
 * Yields .xen_p2m: PFN and frame of each page. One without a machine frame, as one given back to Xen after it was sent,
 * has none here either.
 */
export function* p2mParts(file: Exportable, { holes, frames }: PvPages): Generator<Part> {
  let next = 0;
  for (const { pfn, count } of stretches(file)) {
    if (holes)
      for (const piece of pieces(next, pfn - next))
        yield { kind: 'made', bytes: p2m(piece.pfn, piece.count, () => NO_FRAME) };
    next = pfn + count;
    for (const piece of pieces(pfn, count)) {
      if (frames === undefined)
        yield { kind: 'made', bytes: p2m(piece.pfn, piece.count, (at) => BigInt(piece.pfn + at)) };
      else yield machineP2m(frames, piece.pfn, piece.count);
    }
  }
}

const machineP2m = (frames: MachineFrames, pfn: number, count: number): Part => ({
  kind: 'late',
  length: count * P2M_ENTRY,
  make: async () => {
    const found = await frames.frames(pfn, count);
    return p2m(pfn, count, (at) => {
      const frame = found[at];
      return frame === undefined ? NO_FRAME : BigInt(frame);
    });
  },
});

/** Yields .xen_pfn: the PFN of each page, 8 bytes each. */
export function* pfnParts(file: Exportable): Generator<Part> {
  for (const { pfn, count } of stretches(file)) {
    for (const piece of pieces(pfn, count)) {
      const bytes = new Uint8Array(piece.count * PFN_ENTRY);
      const view = new DataView(bytes.buffer);
      for (let at = 0; at < piece.count; at++) view.setBigUint64(at * PFN_ENTRY, BigInt(piece.pfn + at), true);
      yield { kind: 'made', bytes };
    }
  }
}

/** A stretch can be as long as the file: cut, so that no part is large. */
function* pieces(pfn: number, count: number): Generator<{ readonly pfn: number; readonly count: number }> {
  for (let from = 0; from < count; from += TABLE_PIECE)
    yield { pfn: pfn + from, count: Math.min(TABLE_PIECE, count - from) };
}

function p2m(pfn: number, count: number, frame: (at: number) => bigint): Uint8Array {
  const bytes = new Uint8Array(count * P2M_ENTRY);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < count; at++) {
    view.setBigUint64(at * P2M_ENTRY, BigInt(pfn + at), true);
    view.setBigUint64(at * P2M_ENTRY + 8, frame(at), true);
  }
  return bytes;
}
