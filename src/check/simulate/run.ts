/** A restore played through: one header or record at a time, in the order of the file. */
import type { Reading } from '../../scan/reader';
import { BLANKED_RULES } from '../rules/blanked';
import type { Simulation } from './simulation';
import { readLibxcHeaders, readLibxcRecord } from './libxc';
import { readLibxlHeader, readLibxlRecord } from './libxl';
import { readXl } from './xl';

/** Every step moves on in the file; what does not is a mistake in a step, and must not hang. */
export function* simulate(sim: Simulation): Reading<void> {
  const { blanked } = sim.scan.image;
  if (blanked) sim.apply(BLANKED_RULES, blanked, { offset: 0, length: 0 });
  sim.unjudged = blanked?.registers === true || blanked?.config === true;
  if (sim.unjudged) return;
  while (sim.mode !== 'end') {
    const { mode, position } = sim;
    yield* step(sim);
    if (sim.mode === mode && sim.position <= position && mode !== 'xl') sim.mode = 'end';
  }
}

function* step(sim: Simulation): Reading<void> {
  switch (sim.mode) {
    case 'xl':
      return yield* readXl(sim);
    case 'libxl-header':
      return yield* readLibxlHeader(sim);
    case 'libxl':
      return yield* readLibxlRecord(sim);
    case 'libxc-header':
      return yield* readLibxcHeaders(sim);
    case 'libxc':
      return yield* readLibxcRecord(sim);
    case 'end':
  }
}
