/** One line below the map: the page or cell under the pointer, else the selected page. Speaks the selected one. */
import { addressOf } from '../../../format/page';
import { RotateCw } from 'lucide-react';
import { useEffect, useState } from 'react';
import { counted, grouped, hex0x } from '../../../lib/text';
import { contentState } from '../../../memory/map/content-layer';
import { NOTHING } from '../../../memory/map/layer';
import { pageLook, sentTimes } from '../../../memory/map/page-types';
import type { PagesSummary } from '../../../memory/map/summary';
import type { PageHistory } from '../../../memory/history';
import { cellAt, type View } from './geometry';
import type { MapTiles } from './tiles';
import type { Answer } from '../../shared/use-answer';
import { useHistory, useSummary, useTwin } from '../use-pages';
import { usePlace } from '../../shared/use-file';
import styles from './map-view.module.css';

/** A pointer that rests this long asks for its page. */
const REST_MS = 40;

interface Props {
  readonly view: View;
  readonly tiles: MapTiles;
  readonly hovered: number | undefined;
  readonly fresh: number;
}

/** What the layer says of the cell of a page. */
function layerFact({ layer, entries, grid }: View, tiles: MapTiles, pfn: number): string {
  const state = cellAt(tiles, layer.id, grid, pfn);
  if (state === undefined) return '…';
  if (state === NOTHING) return layer.nothing.toLowerCase();
  const name = entries.find((item) => item.state === state)?.name ?? '';
  return grid.perCell > 1 ? `among them ${name}` : name;
}

/** Types named of a cell of many pages. */
const TYPES_NAMED = 3;

/** `ordinary`, but `L1 table`. */
const inProse = (label: string): string => label.replace(/^[A-Z](?=[a-z])/u, (letter) => letter.toLowerCase());

/** What stands in the place of an answer that is not there. */
const waiting = (asked: Exclude<Answer<unknown>, { state: 'ready' }>): string =>
  asked.state === 'failed' ? `not known: ${asked.reason}` : '…';

/** What the index knows of the pages of a cell: types by number, how many were sent, and how often. */
function cellFacts(asked: Answer<PagesSummary>): readonly string[] {
  if (asked.state !== 'ready') return [waiting(asked)];
  const { types, sent, copies, most, withoutContent, never } = asked.value;
  const pages = sent + withoutContent + never;
  const [first] = types;
  if (!first) return [counted(pages, 'page'), 'not in the stream'];
  const named = types
    .slice(0, TYPES_NAMED)
    .map((kind) => `${grouped(kind.pages)} ${inProse(pageLook(kind.type).short)}`);
  const more = types.length > TYPES_NAMED ? [`${types.length - TYPES_NAMED} more types`] : [];
  const kinds = first.pages === pages ? inProse(pageLook(first.type).short) : [...named, ...more].join(', ');
  const howMany = sent === 0 ? 'none' : sent === pages ? 'all' : grouped(sent);
  return [
    `${counted(pages, 'page')}: ${kinds}`,
    [
      `${howMany} sent${copies > sent ? `, ${grouped(copies)} copies, up to ${grouped(most)} of one page` : ''}`,
      ...(withoutContent > 0 && sent > 0 ? [`${grouped(withoutContent)} without content`] : []),
      ...(never > 0 ? [`${grouped(never)} never mentioned`] : []),
    ].join(', '),
  ];
}

/** What the index knows of a page, at any zoom. */
function pageFacts(asked: Answer<PageHistory>): readonly string[] {
  if (asked.state !== 'ready') return [waiting(asked)];
  const { last, sent, verified } = asked.value;
  const type = last.at(-1)?.type;
  if (type === undefined) return ['not in the stream'];
  return [pageLook(type).name, sentTimes(sent), ...(verified ? ['verified'] : [])];
}

/** The page that the one under the pointer is a copy of. */
function twinFacts(asked: Answer<{ readonly pfn?: number }>): readonly string[] {
  if (asked.state === 'failed') return [`copy of a page that could not be looked up: ${asked.reason}`];
  return asked.state === 'ready' && asked.value.pfn !== undefined ? [`PFN ${hex0x(asked.value.pfn)}`] : [];
}

/** The page under the pointer once that rests. */
function useResting(pfn: number | undefined): number | undefined {
  const [resting, setResting] = useState<number>();
  useEffect(() => {
    const timer = setTimeout(() => setResting(pfn), REST_MS);
    return () => clearTimeout(timer);
  }, [pfn]);
  return resting === pfn ? resting : undefined;
}

/** Shows one line about the page or cell under the pointer, else about the selected page, which is also read out. */
export function Readout({ view, tiles, hovered }: Props): React.ReactNode {
  const selected = usePlace((place) => place.pfn);
  const { perCell } = view.grid;
  const asked = useHistory(selected);
  const resting = useResting(hovered);
  const under = useHistory(perCell === 1 ? resting : undefined);
  // The last cell ends where the map does.
  const cellPages = hovered === undefined ? perCell : Math.min(perCell, view.pfns - hovered);
  const cell = useSummary(perCell > 1 ? resting : undefined, cellPages);
  const isCopy =
    view.layer.id === 'content' &&
    resting !== undefined &&
    cellAt(tiles, 'content', view.grid, resting) === contentState('duplicate');
  const twin = useTwin(perCell === 1 ? resting : undefined, isCopy);
  const more = (pfn: number): readonly string[] =>
    view.layer.id === 'type' ? [] : [`${view.layer.label}: ${layerFact(view, tiles, pfn)}`];
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
        <Facts
          pfn={hovered}
          pages={cellPages}
          facts={
            perCell === 1
              ? [...pageFacts(under), ...more(hovered), ...twinFacts(twin)]
              : [...cellFacts(cell), ...more(hovered)]
          }
        />
      ) : selected === undefined ? (
        <span>
          {perCell === 1 ? 'Point at a page' : `A cell is ${counted(perCell, 'page')}: point at one`}, or move with the
          arrows
        </span>
      ) : (
        <Facts pfn={selected} pages={1} facts={[...pageFacts(asked), ...(perCell === 1 ? more(selected) : [])]} />
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
      <span className="mono">
        guest {hex0x(addressOf(pfn))}
        {pages > 1 && `–${hex0x(addressOf(pfn + pages) - 1n)}`}
      </span>
      {facts.map((fact) => (
        <span key={fact} title={fact}>
          {fact}
        </span>
      ))}
    </>
  );
}
