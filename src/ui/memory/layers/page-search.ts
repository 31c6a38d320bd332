/** Looking through the map for a page of a kind. */
import { clamp } from '../../../lib/range';
import { MAP_LIMIT } from '../../../memory/map/cells';
import type { LayerId } from '../../../memory/map/layer';
import type { OpenFile } from '../../../state/open-file';

const CHUNK = 2 ** 17;

/** Finds the first PFN in `from … to` (the end excluded) of a state; undefined if there is none, or if `signal` aborts. */
export async function findPfn(
  file: OpenFile,
  layer: LayerId,
  state: number,
  from: number,
  to: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const end = Math.min(to, MAP_LIMIT);
  for (let start = from; start < end; start += CHUNK) {
    if (signal.aborted) break;
    const cells = await file.request('map', { layer, start, perCell: 1, cells: clamp(end - start, 0, CHUNK) });
    const index = cells.state.indexOf(state);
    if (index >= 0) return start + index;
  }
  return undefined;
}

/** Finds the next PFN of a state after `after`, going round at the end. */
export async function nextOf(
  file: OpenFile,
  layer: LayerId,
  state: number,
  after: number,
  pfns: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const next = await findPfn(file, layer, state, after + 1, pfns, signal);
  return next ?? findPfn(file, layer, state, 0, Math.min(after + 1, pfns), signal);
}
