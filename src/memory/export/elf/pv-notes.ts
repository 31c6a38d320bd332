/** What whoever opens the core file of a PV guest should know of its frames. */
import { hex0x } from '../../../lib/text';
import type { PfnRanks } from '../stretches';

const PFNS =
  'Page tables and registers hold PFNs, as in the image, and .xen_p2m maps each PFN to itself: so read by Volatility, gdb, and crash for Linux 3.19 and newer. The guest’s own list of machine frames is as it was saved.';
const FRAMES =
  'Page tables, registers and .xen_p2m hold the machine frames of the host that saved, by the guest’s own list: as xl dump-core writes them, but for what Xen itself had in L4 tables. Volatility does not follow such tables.';

export function pvNotes(machineFrames: boolean, ranks: PfnRanks): string[] {
  const notes = [machineFrames ? FRAMES : PFNS];
  const missing = ranks.firstMissing;
  if (missing < ranks.highest)
    notes.push(
      `crash takes the place of a page in .xen_p2m for its PFN: it finds nothing right that page tables map from PFN ${hex0x(missing)} on, which is missing.`,
    );
  return notes;
}
