/** One line below the map: the page or cell under the pointer, else the selected page. Speaks the selected one. */
import { RotateCw } from 'lucide-react';
import { hasPageData, PageType } from '../../format/libxc/page-data';
import { counted, hex0x } from '../../lib/text';
import { NEVER_SENT } from '../../memory/page-map';
import type { PageOccurrence } from '../../scan/pages';
import { useApp } from '../../state/store';
import { cellAt } from './map-geometry';
import type { MapTiles } from './map-tiles';
import { sentTimes, times, typeName } from './page-types';
import { type Asked, useOccurrences } from './use-pages';
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
function sent(sends: number, upTo: boolean): string {
  if (sends === 255) return 'sent 255 times or more';
  return upTo && sends > 1 ? `sent up to ${times(sends)}` : sentTimes(sends);
}

/** Ordinary pages, and what is less: a cell shows them only where it holds nothing more telling. */
const PLAIN: readonly number[] = [PageType.NOTAB, PageType.XALLOC, PageType.XTAB];

/** What the map knows of a cell. */
function cellFacts(tiles: MapTiles, grid: Grid, pfn: number): readonly string[] {
  const found = cellAt(tiles, grid, pfn);
  if (!found) return ['…'];
  const { type, sends } = found;
  if (type === NEVER_SENT) return ['not in the stream'];
  const many = grid.perCell > 1;
  return [many && !PLAIN.includes(type) ? `among them ${typeName(type)}` : typeName(type), sent(sends, many)];
}

/** What the index knows of a page, at any zoom. */
function pageFacts(asked: Asked<readonly PageOccurrence[]>): readonly string[] {
  if (asked.state !== 'ready') return ['…'];
  const last = asked.value.at(-1);
  const sends = asked.value.filter(({ type }) => hasPageData(type)).length;
  return last ? [typeName(last.type), sentTimes(sends)] : ['not in the stream'];
}

export function Readout({ tiles, grid, hovered }: Props): React.ReactNode {
  const selected = useApp((state) => state.place.pfn);
  const asked = useOccurrences(selected);
  return (
    <div className={styles['readout']}>
      {tiles.problem !== undefined ? (
        <span className={styles['problem']} role="alert">
          The map could not be made: {tiles.problem}
          <button type="button" className="link" onClick={() => tiles.retry()}>
            <RotateCw size={12} aria-hidden /> Try again
          </button>
        </span>
      ) : hovered !== undefined ? (
        <Facts pfn={hovered} pages={grid.perCell} facts={cellFacts(tiles, grid, hovered)} />
      ) : selected === undefined ? (
        <span>Point at a page, or move with the arrows</span>
      ) : (
        <Facts
          pfn={selected}
          pages={1}
          facts={grid.perCell === 1 ? cellFacts(tiles, grid, selected) : pageFacts(asked)}
        />
      )}
      <span className="sr" aria-live="polite">
        {selected !== undefined &&
          asked.state === 'ready' &&
          [`PFN ${hex0x(selected)}`, ...pageFacts(asked)].join(', ')}
      </span>
    </div>
  );
}

interface FactsProps {
  readonly pfn: number;
  readonly pages: number;
  readonly facts: readonly string[];
}

function Facts({ pfn, pages, facts }: FactsProps): React.ReactNode {
  return (
    <>
      <b className="mono">
        PFN {hex0x(pfn)}
        {pages > 1 && `–${hex0x(pfn + pages - 1)}`}
      </b>
      {pages === 1 ? (
        <span className="mono">guest {hex0x(BigInt(pfn) * PAGE)}</span>
      ) : (
        <span>{counted(pages, 'page')}</span>
      )}
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
    </>
  );
}
