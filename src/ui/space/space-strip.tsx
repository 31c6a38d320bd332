/** The ranges side by side, wider the larger they are, by the logarithm: an address space is nearly all gap. */
import { useMemo } from 'react';
import { upperBound } from '../../lib/bisect';
import { memorySize } from '../../lib/text';
import type { SpaceRow } from '../../memory/space/series';
import type { SpaceKnown } from '../../state/jobs/spaces';
import { colour, hatch } from '../shared/canvas';
import { PaintedCanvas } from '../shared/painted-canvas';
import { useWidth } from '../shared/use-width';
import { rightsLetters, rightsOwner } from '../../memory/walk/rights-words';
import { everyText, fullAddress, sizeText, TROUBLES } from './words';
import styles from './space-map.module.css';

interface Props {
  readonly map: SpaceKnown;
  readonly addressBits: number;
  /** Range that the address is in, −1 for none. */
  readonly current: number;
  readonly onPick: (index: number) => void;
}

const HEIGHT = 22;
const BAR = 14;
/** Width of the gap between ranges, where there is room for it. */
const GAP = 1;

const tokenOf = ({ rights }: SpaceRow): string =>
  rights?.execute ? '--k-cpu' : rights?.write ? '--k-info' : '--k-header';

/** Right edges of the ranges, as shares of the whole. */
function edges({ rows, count }: SpaceKnown): Float64Array {
  const out = new Float64Array(count);
  let sum = 0;
  for (let index = 0; index < count; index++) {
    sum += 1 + Math.log2(Math.max(1, rows.pagesAt(index)));
    out[index] = sum;
  }
  return out.map((edge) => edge / Math.max(1, sum));
}

/** Shows the ranges of an address space side by side, wider the larger they are; a click picks one. */
export function SpaceStrip({ map, addressBits, current, onPick }: Props): React.ReactNode {
  const { rows, count } = map;
  const [box, width] = useWidth<HTMLDivElement>();
  const places = useMemo(() => edges(map), [map]);
  const paint = (context: CanvasRenderingContext2D): void => {
    const gap = width / Math.max(1, count) > 4 ? GAP : 0;
    for (let index = 0; index < count; index++) {
      const range = rows.row(index, addressBits);
      const from = (places[index - 1] ?? 0) * width;
      const wide = Math.max(0.5, (places[index] ?? 0) * width - from - gap);
      if (range) paintRange(context, range, from, wide, index === current);
    }
  };
  const indexAt = (event: React.PointerEvent | React.MouseEvent): number => {
    const left = event.currentTarget.getBoundingClientRect().left;
    return Math.min(
      count - 1,
      upperBound(count, (at) => places[at] ?? 1, (event.clientX - left) / Math.max(1, width)),
    );
  };
  return (
    <div ref={box} className={styles['strip']}>
      <PaintedCanvas
        width={width}
        height={HEIGHT}
        paint={paint}
        onClick={(event) => onPick(indexAt(event))}
        onPointerMove={(event) => {
          const range = rows.row(indexAt(event), addressBits);
          event.currentTarget.title = range ? about(range, addressBits) : '';
        }}
      />
      <ul className="cap" aria-label="Colours">
        <Ink token="--k-cpu" text="code" />
        <Ink token="--k-info" text="writable" />
        <Ink token="--k-header" text="read-only" />
        <li>half as high: user</li>
        <li>hatched: Xen’s own, or not known</li>
      </ul>
    </div>
  );
}

function paintRange(
  context: CanvasRenderingContext2D,
  range: SpaceRow,
  from: number,
  wide: number,
  isCurrent: boolean,
): void {
  // What user code may touch is half as high.
  const height = range.rights?.user ? BAR / 2 : BAR;
  if (range.rights) {
    context.fillStyle = colour(tokenOf(range));
    context.fillRect(from, BAR - height, wide, height);
  } else hatch(context, from, 0, wide, BAR, range.trouble === 'xen' ? '--line-2' : '--fatal');
  if (!isCurrent) return;
  context.fillStyle = colour('--accent');
  context.fillRect(from, BAR + 2, Math.max(2, wide), 3);
}

const Ink = ({ token, text }: { readonly token: string; readonly text: string }): React.ReactNode => (
  <li>
    <i style={{ background: `var(${token})` }} />
    {text}
  </li>
);

function about({ va, length, count, stride, rights, pageSize = 0, trouble }: SpaceRow, addressBits: number): string {
  const where = `${fullAddress(va, addressBits)}, ${sizeText({ length, count })}${everyText({ count, stride })}`;
  if (!rights) return `${where}: ${trouble ? TROUBLES[trouble] : ''}`;
  return `${where}: ${rightsLetters(rights)} ${rightsOwner(rights)}, pages of ${memorySize(pageSize)}`;
}
