/** How far a restore has been played through. */
import { PAGE_SIZE } from '../../format/page';
import type { Simulation } from './simulation';
import type { Frames } from './pv/frames';

/** Frames of the P2M that has the pages of a guest. */
const p2mFrames = ({ last }: Frames, width: number): number => Math.ceil(((last + 1) * width) / PAGE_SIZE);

/**
 * Returns the share of the work that is done, 0 to 1, counted in reads: one for each record, and one for each page table and each
 * frame of the P2M, which are gone through once the stream of a PV guest has ended and can be most of it. Before the first
 * page nothing is known of these.
 */
export function progressOf(sim: Simulation): number {
  const { scan, reader, position, libxc, validation, blankPages } = sim;
  const { count } = scan.records;
  const read = (count * position) / Math.max(1, reader.size);
  const after = sim.hasFrames && !blankPages ? sim.frames.tables + p2mFrames(sim.frames, libxc.width) : 0;
  const afterDone = Math.min(after, (validation?.tables ?? 0) + libxc.p2mWritten);
  return (read + afterDone) / Math.max(1, count + after);
}
