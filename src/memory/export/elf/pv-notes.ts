/** What whoever opens the core file of a PV guest should know of its frames. */
import { counted, hex0x } from '../../../lib/text';
import type { PfnRanks } from '../kit/stretches';
import type { Placement } from './placement';

const PFNS =
  'Page tables and registers hold PFNs, as in the image, and .xen_p2m maps each PFN to itself: so read by Volatility, gdb, and crash for Linux 3.19 and newer. The guest’s own list of machine frames is as it was saved.';
const FRAMES =
  'Page tables, registers and .xen_p2m hold the machine frames of the host that saved, by the guest’s own list: as xl dump-core writes them, but for what Xen itself had in L4 tables. Volatility does not follow such tables.';

/** Tells what page tables and .xen_p2m of a PV guest hold, and where crash may go astray. */
export function pvNotes(machineFrames: boolean, ranks: PfnRanks, { holes }: Placement): string[] {
  const notes = [machineFrames ? FRAMES : PFNS];
  const missing = ranks.firstMissing;
  if (holes > 0)
    notes.push(
      `${counted(holes, 'page')} that the image has nothing of are zeros, without a frame in .xen_p2m: crash takes the place of a page there for its PFN.`,
    );
  else if (missing < ranks.end - 1)
    notes.push(
      `PFN ${hex0x(missing)} and others are missing: crash, which takes the place of a page in .xen_p2m for its PFN, will not start or go astray.`,
    );
  return notes;
}
