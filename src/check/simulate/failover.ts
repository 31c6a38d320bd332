/**
 * A receiver of a checkpointed stream, when the stream breaks off: it goes on with the last checkpoint that is complete.
 * Sources: tools/libs/guest/xg_sr_restore.c, restore(); tools/libs/light/libxl_stream_read.c,
 * libxl__xc_domain_restore_done().
 */
import { RECORD_HEADER_SIZE } from '../../format/framing';
import { LibxcType } from '../../format/libxc/types';
import type { Reading } from '../../scan/reader';
import { FAILOVER_RULES } from '../rules/libxc/failover';
import { LIBXL_END_RULES } from '../rules/libxl/end';
import { completeStream } from './libxc-handlers';
import type { Simulation } from './simulation';

/** Tells whether the record at `offset` completes the last checkpoint that this reader takes. */
export function takesOver({ scan, checkpoints }: Simulation, offset: number): boolean {
  const { lastCheckpoint } = scan.image;
  return (
    checkpoints !== undefined && lastCheckpoint !== undefined && scan.records.offsetAt(lastCheckpoint.end) === offset
  );
}

/** Plays through what follows when the stream breaks off behind the record at `offset`; the restore ends there. */
export function* failOver(sim: Simulation, offset: number): Reading<void> {
  const { records, image } = sim.scan;
  const place = { offset, length: RECORD_HEADER_SIZE };
  const end = sim.position;
  const at = { type: LibxcType.CHECKPOINT, length: 0, offset, body: offset + RECORD_HEADER_SIZE, end };
  yield* completeStream(sim, at);
  const subject = { built: sim.built, sawEmulatorContext: sim.sawEmulatorContext, kind: sim.config?.buildType ?? 'pv' };
  if (!sim.apply(LIBXL_END_RULES, subject, place)) sim.enter('ready');
  sim.mode = 'end';
  const dropped = records.count - 1 - (image.lastCheckpoint?.end ?? 0);
  const taken = { checkpoint: image.checkpoints - (isOpen(sim) ? 1 : 0), dropped };
  sim.apply(FAILOVER_RULES, taken, { offset: end, length: Math.max(0, sim.reader.size - end) });
}

/** Tells whether a checkpoint was begun behind the last complete one. */
function isOpen({ scan: { records, image } }: Simulation): boolean {
  for (let row = (image.lastCheckpoint?.end ?? 0) + 1; row < records.count; row++)
    if (records.layerAt(row) === 'libxc' && records.typeAt(row) === LibxcType.CHECKPOINT) return true;
  return false;
}
