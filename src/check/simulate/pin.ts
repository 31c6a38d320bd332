/** Pinning the page tables, by which Xen validates them. Source: xg_sr_restore_x86_pv.c, pin_pagetables(). */
import type { Reading } from '../../scan/reader';
import type { Simulation } from '../simulation';

export function* pinTables(sim: Simulation): Reading<boolean> {
  yield* sim.reader.at(0, 0);
  return sim.mode !== 'end';
}
