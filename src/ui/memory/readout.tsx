/** One line below the map: the page or cell under the pointer, else the selected page. Speaks the selected one. */
import { RotateCw } from 'lucide-react';
import { byteSize, hex0x } from '../../lib/text';
import { NEVER_SENT } from '../../memory/page-map';
import { useApp } from '../../state/store';
import { cellAt } from './map-geometry';
import type { MapTiles } from './map-tiles';
import { times, typeName } from './page-types';
import { useOccurrences } from './use-pages';
import type { Grid } from './zoom';
import styles from './map-view.module.css';

const PAGE = 4096n;

interface Props {
  readonly tiles: MapTiles;
  readonly grid: Grid;
  readonly hovered: number | undefined;
  readonly fresh: number;
}

/** The map counts to 255. */
const sent = (sends: number): string => (sends === 255 ? '255 times or more' : times(sends));

/** What is known of a page at once, from the cells of the map. */
function facts(tiles: MapTiles, grid: Grid, pfn: number): readonly string[] {
  const found = cellAt(tiles, grid, pfn);
  if (!found) return ['…'];
  if (found.type === NEVER_SENT) return ['not in the stream'];
  const many = grid.perCell > 1;
  return [
    many ? `among them ${typeName(found.type)}` : typeName(found.type),
    `sent ${many ? 'up to ' : ''}${sent(found.sends)}`,
  ];
}

export function Readout({ tiles, grid, hovered }: Props): React.ReactNode {
  const selected = useApp((state) => state.place.pfn);
  const shown = hovered ?? selected;
  const last = shown === undefined ? 0 : shown + grid.perCell - 1;
  return (
    <div className={styles['readout']}>
      {tiles.problem !== undefined ? (
        <span className={styles['problem']} role="alert">
          The map could not be made: {tiles.problem}
          <button type="button" className="link" onClick={() => tiles.retry()}>
            <RotateCw size={12} aria-hidden /> Try again
          </button>
        </span>
      ) : shown === undefined ? (
        <span>Point at a page, or move with the arrows</span>
      ) : hovered !== undefined && grid.perCell > 1 ? (
        <>
          <b className="mono">
            PFN {hex0x(shown)}–{hex0x(last)}
          </b>
          <span>{byteSize(grid.perCell * 4096)}</span>
        </>
      ) : (
        <>
          <b className="mono">PFN {hex0x(shown)}</b>
          <span className="mono">guest {hex0x(BigInt(shown) * PAGE)}</span>
        </>
      )}
      {tiles.problem === undefined && shown !== undefined && (hovered !== undefined || grid.perCell === 1)
        ? facts(tiles, grid, shown).map((fact) => <span key={fact}>{fact}</span>)
        : null}
      <Spoken />
    </div>
  );
}

function Spoken(): React.ReactNode {
  const pfn = useApp((state) => state.place.pfn);
  const asked = useOccurrences(pfn);
  const list = asked.state === 'ready' ? asked.value : undefined;
  const type = list?.at(-1)?.type;
  const words =
    pfn === undefined || !list
      ? ''
      : type === undefined
        ? `PFN ${hex0x(pfn)}, not in the stream`
        : `PFN ${hex0x(pfn)}, ${typeName(type)}, sent ${times(list.length)}`;
  return (
    <span className="sr" aria-live="polite">
      {words}
    </span>
  );
}
