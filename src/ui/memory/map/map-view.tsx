/** The page map: every PFN of the guest, scrolled, zoomed, walked with the keyboard. */
import { useMemo, useRef, useState } from 'react';
import { counted, hex } from '../../../lib/text';
import type { MapLayer } from '../../../memory/map/layer';
import { goToPageBytes, moveOn, selectPfn } from '../../../state/actions';
import type { OpenFile } from '../../../state/open-file';
import { focusBytes } from '../../shared/focus-bytes';
import { useFile, usePlace } from '../../shared/use-file';
import type { ScaledScroll } from '../../shared/use-scaled-scroll';
import { findPfn } from '../layers/page-search';
import { lead } from '../../../state/lead';
import { CellsCanvas, MarksCanvas } from './canvas';
import { cellAt, cellX, GUTTER_PX, pfnAt, RIGHT_PX, type View } from './geometry';
import { mapKeyDown } from './keys';
import { Readout } from './readout';
import type { MapTiles } from './tiles';
import { useKeptInView } from './use-kept-in-view';
import { useTiles } from './use-tiles';
import { useWheelZoom } from './use-wheel-zoom';
import type { Zoom } from './use-zoom';
import { useFacts } from './view';
import type { Grid } from './zoom';
import styles from './map-view.module.css';

const AXIS = [0, 1, 2, 3];
/** Margin around the scrolled part. */
const EDGE_PX = 3;

interface Props {
  readonly grid: Grid;
  readonly pfns: number;
  readonly layer: MapLayer;
  readonly scroll: ScaledScroll;
  readonly zoom: Zoom;
  readonly tiles: MapTiles;
}

/** Shows the bytes of a page; the keyboard goes along. */
export async function showPageBytes(file: OpenFile, pfn: number): Promise<void> {
  if (await goToPageBytes(file, pfn)) focusBytes();
}

/** Selects what a cell of many pages stands for: the first page that has the state it shows. */
async function selectCell(file: OpenFile, tiles: MapTiles, layer: MapLayer, grid: Grid, pfn: number): Promise<void> {
  const shown = grid.perCell > 1 ? cellAt(tiles, layer.id, grid, pfn) : undefined;
  if (shown === undefined) {
    selectPfn(file, pfn);
    return;
  }
  await lead(
    file,
    async (signal) => {
      const found = await findPfn(file, layer.id, shown, pfn, pfn + grid.perCell, signal);
      return { found: true, go: () => selectPfn(file, found ?? pfn) };
    },
    (reason) => ({
      found: false,
      go: () => selectPfn(file, pfn),
      notice: `This is the first page of the cell, as what it shows could not be looked for: ${reason}`,
    }),
  );
}

/** What the map shows, as long as nothing of it changes. */
function useMapView({ grid, pfns, layer, scroll }: Props): View {
  const facts = useFacts();
  const { widthPx, heightPx: height, firstRow, shiftPx, rowsInView } = scroll;
  const entries = useMemo(() => layer.entries(facts), [layer, facts]);
  const width = Math.max(GUTTER_PX + 1, widthPx - RIGHT_PX);
  const { perCell, columns, perRow, rows, rowPx } = grid;
  return useMemo(
    () => ({
      grid: { perCell, columns, perRow, rows, rowPx },
      pfns,
      layer,
      entries,
      firstRow,
      shiftPx,
      rowsInView,
      width,
      height,
    }),
    [perCell, columns, perRow, rows, rowPx, pfns, layer, entries, firstRow, shiftPx, rowsInView, width, height],
  );
}

/** Shows the map, and below it what is under the pointer. */
export function MapView(props: Props): React.ReactNode {
  const { grid, pfns, layer, scroll, zoom, tiles } = props;
  const file = useFile();
  const selected = usePlace((place) => place.pfn);
  // Of pointer and keys, the last one used counts.
  const [hovered, setHovered] = useState<number>();
  const pointer = useRef({ x: -1, y: -1 });
  const { fresh, busy } = useTiles(tiles, layer, grid, pfns, scroll);
  const { ref, heightPx, spacerPx, reveal } = scroll;
  const view = useMapView(props);
  useKeptInView(view, selected, reveal);
  useWheelZoom(ref, zoom, hovered ?? selected);

  const under = (event: React.MouseEvent): number | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    return pfnAt(view, event.clientX - box.left, event.clientY - box.top);
  };
  const showSelected = (): void => void (selected === undefined ? undefined : showPageBytes(file, selected));
  const onMove = (pfn: number): void => {
    setHovered(undefined);
    moveOn(file, { pfn });
  };
  return (
    <div className={styles['map']}>
      <Axis view={view} />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- an application takes keys and the mouse */}
      <div
        ref={ref}
        id="page-map"
        className={styles['scroller']}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application takes keys
        tabIndex={0}
        role="application"
        aria-roledescription="page map"
        aria-label={`Page map of ${counted(pfns, 'PFN')}`}
        aria-describedby="page-map-keys"
        aria-busy={busy}
        onKeyDown={(event) =>
          mapKeyDown(event, {
            grid,
            pfns,
            selected,
            rowsPerPage: Math.max(1, Math.floor(heightPx / grid.rowPx) - 1),
            onMove,
            onEnter: showSelected,
            onZoom: (step) => zoom.by(step, selected, 'middle'),
            onFit: zoom.fit,
          })
        }
        onMouseMove={(event) => {
          // Scrolling moves the picture under a pointer that rests.
          const { x, y } = pointer.current;
          pointer.current = { x: event.clientX, y: event.clientY };
          if (x !== event.clientX || y !== event.clientY) setHovered(under(event));
        }}
        onMouseLeave={() => setHovered(undefined)}
        onClick={(event) => {
          const pfn = under(event);
          if (pfn !== undefined) void selectCell(file, tiles, layer, grid, pfn);
        }}
        onDoubleClick={showSelected}
      >
        <div className={styles['spacer']} style={{ height: spacerPx }}>
          <div className={styles['view']} style={{ height: heightPx }}>
            <CellsCanvas view={view} tiles={tiles} fresh={fresh} />
            <MarksCanvas view={view} selected={selected} hovered={hovered} />
          </div>
        </div>
        <p id="page-map-keys" className="sr">
          Arrows move from page to page, Page Up and Page Down by a screen, Home and End to the first and last page.
          Plus and minus zoom, 0 shows all, Enter shows the bytes.
        </p>
      </div>
      <Readout view={view} tiles={tiles} hovered={hovered} fresh={fresh} />
    </div>
  );
}

/** The line above the map: how far each quarter is from the start of a row, in pages. */
const Axis = ({ view }: { readonly view: View }): React.ReactNode => (
  <div className={`mono ${styles['axis']}`} aria-hidden>
    {AXIS.map((quarter) => {
      const column = (quarter * view.grid.columns) / 4;
      return (
        <span key={quarter} style={{ left: cellX(view, column) + EDGE_PX }}>
          +{hex(column * view.grid.perCell)}
        </span>
      );
    })}
  </div>
);
