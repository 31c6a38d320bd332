/** Above the map: what it shows, how far it is zoomed, and a way to a page. */
import { Download, Maximize2, ZoomIn, ZoomOut } from 'lucide-react';
import { openExport } from '../../../state/export';
import type { MapLayer } from '../../../memory/map/layer';
import { ViewSwitch } from '../../space/view-switch';
import { GoToPage } from './go-to-page';
import { LayerSwitch } from '../layers/layer-switch';
import { rowText, scaleText } from './scale-text';
import type { Zoom } from './use-zoom';
import { type Grid, NEAREST } from './zoom';
import { useFile, usePlace } from '../../shared/use-file';
import { shortcut } from '../../commands/key-text';
import styles from '../memory.module.css';

interface Props {
  readonly layer: MapLayer;
  readonly grid: Grid;
  readonly level: number;
  /** The level at which all pages are in view. */
  readonly farthest: number;
  readonly zoom: Zoom;
  readonly pfns: number;
}

/** Shows the controls above the map: what it shows, its zoom, a way to a page, and the export. */
export function Toolbar({ layer, grid, level, farthest, zoom, pfns }: Props): React.ReactNode {
  const file = useFile();
  const selected = usePlace((place) => place.pfn);
  return (
    <div className={`bar ${styles['toolbar']}`}>
      <ViewSwitch />
      <LayerSwitch layer={layer} />
      <fieldset className={styles['zoom']} aria-label="Zoom">
        <button
          type="button"
          className="btn icon"
          aria-label="Zoom out"
          {...shortcut('zoom-out', 'Zoom out')}
          disabled={level >= Math.max(0, farthest)}
          onClick={() => zoom.by(1, selected, 'middle')}
        >
          <ZoomOut size={14} aria-hidden />
        </button>
        <button
          type="button"
          className="btn icon"
          aria-label="Zoom in"
          {...shortcut('zoom-in', 'Zoom in')}
          disabled={level <= NEAREST}
          onClick={() => zoom.by(-1, selected, 'middle')}
        >
          <ZoomIn size={14} aria-hidden />
        </button>
        <button
          type="button"
          className="btn icon"
          aria-label="Show all pages"
          {...shortcut('zoom-fit', 'Show all pages')}
          disabled={level === farthest}
          onClick={zoom.fit}
        >
          <Maximize2 size={14} aria-hidden />
        </button>
      </fieldset>
      <span className={styles['scale']} title={scaleText(grid)}>
        {rowText(grid)}
      </span>
      <GoToPage pfns={pfns} />
      <button
        type="button"
        className={`btn ${styles['export']}`}
        title="Export pages, memory, a core file"
        onClick={() => openExport(file, selected === undefined ? 'elf' : 'pages')}
      >
        <Download size={14} aria-hidden />
        <span>Export</span>
      </button>
    </div>
  );
}
