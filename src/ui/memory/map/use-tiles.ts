/** The cells in view: asked for, and looked at again as they come. */
import { useEffect, useMemo } from 'react';
import type { MapLayer } from '../../../memory/map/layer';
import { useChanges, useContent, useIsScanning } from '../../shared/use-file';
import type { ScaledScroll } from '../../shared/use-scaled-scroll';
import { useStamp } from '../use-pages';
import type { MapTiles, Wish } from './tiles';
import type { Grid } from './zoom';

/** Asks for the cells in view: `fresh` is another number when some have come, `busy` while there are more to come. */
export function useTiles(
  tiles: MapTiles,
  { id: layer }: MapLayer,
  { perCell, columns }: Grid,
  pfns: number,
  { firstRow, rowsInView }: ScaledScroll,
): { readonly fresh: number; readonly busy: boolean } {
  const stamp = useStamp(layer);
  const reading = useContent(({ state }) => state === 'running');
  const scanning = useIsScanning();
  const fresh = useChanges(tiles.changes);
  const firstCell = firstRow * columns;
  const lastCell = Math.min((firstRow + rowsInView) * columns, Math.ceil(pfns / perCell)) - 1;
  const growing = scanning || reading;
  const isEmpty = rowsInView === 0 || pfns === 0;
  const wish = useMemo<Wish | undefined>(
    () => (isEmpty ? undefined : { layer, perCell, firstCell, lastCell, stamp, growing }),
    [isEmpty, layer, perCell, firstCell, lastCell, stamp, growing],
  );
  useEffect(() => {
    if (wish) tiles.want(wish);
  }, [tiles, wish]);
  useEffect(() => () => tiles.want(undefined), [tiles]);
  return { fresh, busy: !wish || !tiles.isComplete(wish) };
}
