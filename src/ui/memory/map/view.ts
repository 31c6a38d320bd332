/** How the map is looked at: kept while other tabs are in front, forgotten with the file. */
import { useMemo } from 'react';
import { given } from '../../../lib/given';
import type { LayerId, MapFacts } from '../../../memory/map/layer';
import type { OpenFile, View } from '../../../state/open-file';
import { useFile, useImage, usePlace, useView } from '../../shared/use-file';
import { MapTiles } from './tiles';

export type ChosenZoom = View['zoom'];

/** Returns the layer that is shown. */
export const useLayer = (): LayerId => usePlace((place) => place.layer ?? 'type');

/** Returns what the layers need to know of the image. */
export function useFacts(): MapFacts {
  const image = useImage((all) => all);
  return useMemo(() => {
    const { passes, checkpoints, domainType } = image;
    return { passes, checkpoints, ...given({ domainType }) };
  }, [image]);
}

/** Returns the zoom that was chosen. */
export const useChosenZoom = (): ChosenZoom => useView((view) => view.zoom);

/** Chooses a zoom. */
export const setZoom = ({ view }: OpenFile, zoom: ChosenZoom): void => view.setState({ zoom });

const tiles = new WeakMap<OpenFile, MapTiles>();

/** Returns the cells of the file's map, as far as they were fetched. */
export function useMapTiles(): MapTiles {
  const file = useFile();
  const found = tiles.get(file) ?? new MapTiles((query) => file.request('map', query));
  tiles.set(file, found);
  return found;
}
