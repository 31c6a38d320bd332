/** Looking through the map for a page of a kind. */
import { clamp } from '../../lib/range';
import { MAP_LIMIT, type MapCells } from '../../memory/page-map';
import { request } from '../../state/session';

const CHUNK = 2 ** 17;

/** First PFN in `from … to` (the end excluded) that `fits`; undefined if there is none, or if `signal` aborts. */
export async function findPfn(
  from: number,
  to: number,
  fits: (cells: MapCells, index: number) => boolean,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const end = Math.min(to, MAP_LIMIT);
  for (let start = from; start < end && signal?.aborted !== true; start += CHUNK) {
    const cells = await request('map', { start, perCell: 1, cells: clamp(end - start, 0, CHUNK) });
    for (let index = 0; index < cells.cells; index++) if (fits(cells, index)) return start + index;
  }
  return undefined;
}

/** The next PFN of a type after `after`, going round at the end. */
export async function nextOfType(
  type: number,
  after: number,
  pfns: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const fits = (cells: MapCells, index: number): boolean => cells.type[index] === type;
  return (await findPfn(after + 1, pfns, fits, signal)) ?? findPfn(0, Math.min(after + 1, pfns), fits, signal);
}
