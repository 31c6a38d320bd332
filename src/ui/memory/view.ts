/** How the map is looked at: kept while other tabs are in front, forgotten with the file. */
import { create } from 'zustand';
import { type FileData, fileData, request } from '../../state/session';
import { useApp } from '../../state/store';
import { writeHistory } from '../../state/url/history';
import { MapTiles } from './map-tiles';

export type MapLayer = 'type' | 'sends';

/** A number of steps, whatever shows all, or nothing chosen yet. */
export type ChosenZoom = number | 'all' | undefined;

interface MapView {
  readonly layer: MapLayer;
  readonly zoom: ChosenZoom;
  /** The file that the zoom was chosen for. */
  readonly data: FileData | undefined;
}

const useView = create<MapView>(() => ({ layer: 'type', zoom: undefined, data: undefined }));

export const useLayer = (): MapLayer => useView((view) => view.layer);
export const setLayer = (layer: MapLayer): void => useView.setState({ layer });

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
