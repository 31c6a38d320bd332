/** A restore played through: one header or record at a time, in the order of the file. */
import type { Reading } from '../../scan/reader';
import { BLANKED_RULES } from '../rules/blanked';
import { READER_RULES } from '../rules/reader';
import { HeaderType } from '../../format/layers';
import { assumedDomain } from './config/assumed';
import { readLibvirt } from './libvirt';
import type { Mode, Simulation } from './simulation';
import { readLibxcHeaders, readLibxcRecord } from './libxc';
import { readLibxlHeader, readLibxlRecord } from './libxl';
import { readXl } from './xl';

/** Rows at the start of a file among which the header of a stream is looked for. */
const HEADERS_WITHIN = 64;

/** Runs a restore: every step moves on in the file; what does not is a mistake in a step, and must not hang. */
export function* simulate(sim: Simulation): Reading<void> {
  const { blanked } = sim.scan.image;
  if (blanked) sim.apply(BLANKED_RULES, blanked, { offset: 0, length: 0 });
  const isTakenOut = blanked?.registers === true || blanked?.config === true;
  if (isTakenOut || blanked?.records === true) {
    const what = isTakenOut
      ? 'registers or the configuration were taken out'
      : 'records that make no sense were filled';
    sim.cannotTell(`${what} before this image was shared`);
    return;
  }
  const { container, checkpoints } = sim.scan.image;
  sim.apply(READER_RULES, { reader: sim.restoredBy, container, checkpoints }, { offset: 0, length: 0 });
  startWithin(sim);
  while (sim.mode !== 'end') {
    const { mode, position } = sim;
    yield* step(sim);
    if (sim.mode === mode && sim.position <= position && !FIRST.has(mode)) sim.mode = 'end';
  }
}

/** Modes of a file's start, which may lead nowhere else. */
const FIRST: ReadonlySet<Mode> = new Set(['xl', 'libvirt']);

/** A reader of a stream alone starts with that stream, wherever in the file it stands. */
function startWithin(sim: Simulation): void {
  const { scan, mode } = sim;
  const header = mode === 'libxl-header' ? HeaderType.LIBXL_HEADER : HeaderType.IMAGE_HEADER;
  if (FIRST.has(mode)) return;
  const { records } = scan;
  for (let row = 0; row < Math.min(records.count, HEADERS_WITHIN); row++)
    if (records.isHeader(row) && records.typeAt(row) === header) {
      sim.position = records.offsetAt(row);
      break;
    }
  sim.config = assumedDomain(sim);
}

function* step(sim: Simulation): Reading<void> {
  switch (sim.mode) {
    case 'xl':
      return yield* readXl(sim);
    case 'libvirt':
      return yield* readLibvirt(sim);
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
