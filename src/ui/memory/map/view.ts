/** How the map is looked at: kept while other tabs are in front, forgotten with the file. */
import { useMemo } from 'react';
import { create } from 'zustand';
import type { LayerId, MapFacts } from '../../../memory/map/layer';
import { type FileData, fileData, request } from '../../../state/session';
import { useApp } from '../../../state/store';
import { writeHistory } from '../../../state/url/history';
import { MapTiles } from './tiles';

/** A number of steps, whatever shows all, or nothing chosen yet. */
export type ChosenZoom = number | 'all' | undefined;

interface MapView {
  readonly zoom: ChosenZoom;
  /** The file that the zoom was chosen for. */
  readonly data: FileData | undefined;
}

const useView = create<MapView>(() => ({ zoom: undefined, data: undefined }));

export const useLayer = (): LayerId => useApp((state) => state.place.layer ?? 'type');

/** What the layers need to know of the image. */
export function useFacts(): MapFacts {
  const image = useApp((state) => state.image);
  return useMemo(() => {
    const { passes, checkpoints, domainType } = image;
    return { passes, checkpoints, ...(domainType === undefined ? {} : { domainType }) };
  }, [image]);
}

export function useChosenZoom(): ChosenZoom {
  useApp((state) => state.file);
  return useView((view) => (view.data === fileData() ? view.zoom : undefined));
}
export const setZoom = (zoom: ChosenZoom): void => useView.setState({ zoom, data: fileData() });

const tiles = new WeakMap<FileData, MapTiles>();

export function mapTiles(): MapTiles {
  const data = fileData();
  const found = tiles.get(data) ?? new MapTiles((query) => request('map', query));
  tiles.set(data, found);
  return found;
}

const ADDRESS_DELAY_MS = 250;
let addressTimer: ReturnType<typeof setTimeout> | undefined;

/** Moves the selected PFN as the keyboard does: many times a second, without a step in the history for each. */
export function movePfn(pfn: number): void {
  const { place } = useApp.getState();
  if (place.pfn === pfn) return;
  useApp.setState({ place: { ...place, pfn } });
  clearTimeout(addressTimer);
  addressTimer = setTimeout(() => writeHistory('replace'), ADDRESS_DELAY_MS);
}
