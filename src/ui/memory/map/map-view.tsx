/** The page map: every PFN of the guest, scrolled, zoomed, walked with the keyboard. */
import { useEffect, useMemo, useReducer, useRef, useState } from 'react';
import { counted, hex } from '../../../lib/text';
import { goToPageBytes, moveOn, selectPfn } from '../../../state/actions';
import type { MapLayer } from '../../../memory/map/layer';
import type { ScaledScroll } from '../../shared/use-scaled-scroll';
import { cellAt, cellX, GUTTER_PX, pfnAt, RIGHT_PX, type View } from './geometry';
import { focusBytes } from '../../shared/focus-bytes';
import { MapCanvas } from './canvas';
import { mapKeyDown } from './keys';
import type { MapTiles, Wish } from './tiles';
import { findPfn } from '../layers/page-search';
import { Readout } from './readout';
import type { Zoom } from './use-zoom';
import { useFacts } from './view';
import { useStamp } from '../use-pages';
import type { Grid } from './zoom';
import type { OpenFile } from '../../../state/open-file';
import { useContent, useFile, useIsScanning, usePlace } from '../../shared/use-file';
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
  const found = shown === undefined ? undefined : await findPfn(file, layer.id, shown, pfn, pfn + grid.perCell);
  selectPfn(file, found ?? pfn);
}

export function MapView({ grid, pfns, layer, scroll, zoom, tiles }: Props): React.ReactNode {
  const file = useFile();
  const selected = usePlace((place) => place.pfn);
  // Of pointer and keys, the last one used counts.
  const [hovered, setHovered] = useState<number>();
  const pointer = useRef({ x: -1, y: -1 });
  const facts = useFacts();
  const entries = useMemo(() => layer.entries(facts), [layer, facts]);
  const { fresh, busy } = useTiles(tiles, layer, grid, pfns, scroll);
  const { ref, widthPx, heightPx, spacerPx, firstRow, shiftPx, rowsInView, reveal } = scroll;
  const view: View = {
    grid,
    pfns,
    layer,
    entries,
    firstRow,
    shiftPx,
    rowsInView,
    width: Math.max(GUTTER_PX + 1, widthPx - RIGHT_PX),
    height: heightPx,
  };

  const settled = heightPx > 0;
  const first = useRef(true);
  useEffect(() => {
    if (!settled || selected === undefined || selected >= pfns) return;
    reveal(Math.floor(selected / grid.perRow), first.current ? 'center' : 'nearest');
    first.current = false;
    // Zooming keeps its own place, so a new grid is no reason to move.
  }, [selected, settled, reveal]);
  useUncovered(view, selected, reveal);

  const under = (event: React.MouseEvent): number | undefined => {
    const box = event.currentTarget.getBoundingClientRect();
    return pfnAt(view, event.clientX - box.left, event.clientY - box.top);
  };
  useWheelZoom(ref, zoom, hovered ?? selected);

  return (
    <div className={styles['map']}>
      <div className={`mono ${styles['axis']}`} aria-hidden>
        {AXIS.map((quarter) => {
          const column = (quarter * grid.columns) / 4;
          return (
            <span key={quarter} style={{ left: cellX(view, column) + EDGE_PX }}>
              +{hex(column * grid.perCell)}
            </span>
          );
        })}
      </div>
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
            onMove: (pfn) => {
              setHovered(undefined);
              moveOn(file, { pfn });
            },
            onEnter: () => void (selected === undefined ? undefined : showPageBytes(file, selected)),
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
        onDoubleClick={() => void (selected === undefined ? undefined : showPageBytes(file, selected))}
      >
        <div className={styles['spacer']} style={{ height: spacerPx }}>
          <div className={styles['view']} style={{ height: heightPx }}>
            <MapCanvas view={view} tiles={tiles} fresh={fresh} selected={selected} hovered={hovered} />
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

/** Keeps the selected page in view when something is opened below the map. */
function useUncovered(
  { grid, firstRow, shiftPx, height, pfns }: View,
  selected: number | undefined,
  reveal: ScaledScroll['reveal'],
): void {
  const before = useRef(height);
  useEffect(() => {
    const room = before.current;
    before.current = height;
    if (height >= room || selected === undefined || selected >= pfns) return;
    const row = Math.floor(selected / grid.perRow);
    const y = (row - firstRow) * grid.rowPx - shiftPx;
    if (y >= 0 && y < room) reveal(row);
  }, [height]);
}

/** Asks for the cells in view: `fresh` rises when some have come, `busy` while there are more to come. */
function useTiles(
  tiles: MapTiles,
  { id: layer }: MapLayer,
  grid: Grid,
  pfns: number,
  { firstRow, rowsInView }: ScaledScroll,
): { readonly fresh: number; readonly busy: boolean } {
  const stamp = useStamp(layer);
  const reading = useContent(({ state }) => state === 'running');
  const scanning = useIsScanning();
  const [fresh, redraw] = useReducer((times: number) => times + 1, 0);
  useEffect(() => {
    let frame = 0;
    tiles.onChange = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(redraw);
    };
    return () => {
      cancelAnimationFrame(frame);
      tiles.onChange = () => undefined;
      tiles.want(undefined);
    };
  }, [tiles]);
  const { perCell, columns } = grid;
  const firstCell = firstRow * columns;
  const lastCell = Math.min((firstRow + rowsInView) * columns, Math.ceil(pfns / perCell)) - 1;
  const wish: Wish = { layer, perCell, firstCell, lastCell, stamp, growing: scanning || reading };
  const empty = rowsInView === 0 || pfns === 0;
  useEffect(() => {
    if (!empty) tiles.want(wish);
  }, [tiles, empty, layer, perCell, firstCell, lastCell, stamp, scanning, reading]);
  return { fresh, busy: empty || !tiles.isComplete(wish) };
}

/** Ctrl and the wheel zoom around the page under the pointer. React's own wheel events cannot be prevented. */
function useWheelZoom(ref: React.RefObject<HTMLElement | null>, zoom: Zoom, hovered: number | undefined): void {
  const live = useRef({ zoom, hovered });
  live.current = { zoom, hovered };
  const travelled = useMemo(() => ({ px: 0 }), []);
  useEffect(() => {
    const element = ref.current;
    if (!element) return undefined;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      travelled.px += event.deltaY;
      if (Math.abs(travelled.px) < 40) return;
      live.current.zoom.by(Math.sign(travelled.px), live.current.hovered);
      travelled.px = 0;
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [ref, travelled]);
}
