/** Guest memory: the page map, one page in detail, the passes of a live migration. */
import { CircleSlash, LayoutGrid, LoaderCircle } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { layerOf } from '../../memory/map/layers';
import { LoadingPanel } from '../shared/loading-panel';
import { PanelMessage } from '../shared/panel-message';
import { useScaledScroll } from '../shared/use-scaled-scroll';
import { Legend } from './layers/legend';
import { MapView } from './map/map-view';
import { PageDetail } from './page/detail';
import { Dock } from './dock';
import { Toolbar } from './map/toolbar';
import { usePfns } from './use-pages';
import { cellsSize, useFitSize, useFitting } from './map/use-fit-size';
import { useZoom } from './map/use-zoom';
import { useChosenZoom, useLayer, useMapTiles } from './map/view';
import { clampZoom, fitZoom, gridAt } from './map/zoom';
import { useCrash, useImage, useIsScanning, usePhase, usePlace, useUnreached } from '../shared/use-file';
import sided from '../shared/sided.module.css';
import aside from './page/aside.module.css';
import styles from './memory.module.css';

/** Loaded when an address is first looked at. */
const SpacePanel = lazy(() => import('../space/space-panel').then((panel) => ({ default: panel.SpacePanel })));

/** Shows the memory of the guest: the map of its pages, or the memory around a virtual address where one is chosen. */
export function MemoryPanel(): React.ReactNode {
  const va = usePlace((place) => place.va);
  const crashed = usePhase() === 'crashed';
  if (va === undefined || crashed) return <PhysicalMemory />;
  return (
    <Suspense fallback={<LoadingPanel />}>
      <SpacePanel va={va} />
    </Suspense>
  );
}

function PhysicalMemory(): React.ReactNode {
  const pfns = usePfns();
  const phase = usePhase();
  const crash = useCrash();
  const unreached = useUnreached();
  if (phase === 'crashed') {
    return (
      <PanelMessage
        icon={CircleSlash}
        title="The page index was lost"
        text={`The scan stopped: ${crash ?? ''}`}
        alert
      />
    );
  }
  if (pfns > 0) return <Memory pfns={pfns} />;
  return phase === 'scanning' ? (
    <PanelMessage icon={LoaderCircle} title="No pages yet" text="The map appears with the first page of the stream." />
  ) : (
    <PanelMessage
      icon={LayoutGrid}
      title="No pages"
      text={unreached ?? 'The stream holds no guest memory, or was cut off before any.'}
    />
  );
}

/**
 * PFNs that are shown first. Most of an HVM guest's lie in the hole below 4 GiB: where few have content, the map starts
 * near enough to see them.
 */
function useFilled(pfns: number): number {
  const ended = !useIsScanning();
  const pages = useImage((image) => image.passes[0]?.pages ?? 0);
  return ended && pages > 0 ? Math.min(pfns, pages * 4) : pfns;
}

function Memory({ pfns }: { readonly pfns: number }): React.ReactNode {
  const layer = layerOf(useLayer());
  const tiles = useMapTiles();
  const chosen = useChosenZoom();
  const fitted = useFitSize();
  const [{ size }] = fitted;
  const fit = fitZoom(pfns, size.width, size.height);
  const start = fitZoom(useFilled(pfns), size.width, size.height);
  const level = chosen === 'all' ? fit : clampZoom(chosen ?? start, fit);
  const grid = gridAt(level, pfns, size.width, size.height);
  const scroll = useScaledScroll(grid.rows, grid.rowPx);
  const { widthPx, heightPx } = scroll;
  const refit = useFitting(fitted, widthPx, heightPx);
  // Fewer pages are in view where something covers the map.
  const room = cellsSize(widthPx, heightPx);
  const farthest = fitZoom(pfns, room.width, room.height);
  const zoom = useZoom({ level, farthest, grid, scroll, refit });
  // Scrolling and zooming leave what stands around the map alone.
  const dock = useMemo(() => <Dock />, []);
  const pages = useMemo(
    () => (
      <aside className={aside['aside']} aria-label="Pages">
        <Legend layer={layer} pfns={pfns} />
        <PageDetail pfns={pfns} />
      </aside>
    ),
    [layer, pfns],
  );
  return (
    <div className={sided['panel']}>
      <Toolbar layer={layer} grid={grid} level={level} farthest={farthest} zoom={zoom} pfns={pfns} />
      <div className={`${sided['body']} ${styles['body']}`}>
        <div className={sided['column']}>
          <MapView grid={grid} pfns={pfns} layer={layer} scroll={scroll} zoom={zoom} tiles={tiles} />
          {dock}
        </div>
        {pages}
      </div>
    </div>
  );
}
