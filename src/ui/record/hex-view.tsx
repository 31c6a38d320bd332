/** Bytes of a record or of the whole file, moved through by keyboard, linked to the fields. */
import { useMemo } from 'react';
import type { FieldNode } from '../../format/kit/node';
import { PAGE_SIZE } from '../../format/page';
import { clamp, type Range } from '../../lib/range';
import { ascii, hex0x } from '../../lib/text';
import type { Peek } from '../../source/cached';
import { recordAt, selectRange } from '../../state/actions';
import { monoFont } from '../shared/canvas';
import { BYTES_PER_ROW, HEX_ROW_PX, hexLayout } from '../shared/hex/hex-layout';
import { type Shade, paintHex } from '../shared/hex/hex-paint';
import { HexPane, type Move } from '../shared/hex/hex-pane';
import { between, useCursor } from '../shared/hex/use-cursor';
import { useBytes, useFile, usePlace, useShownFindings } from '../shared/use-file';
import { useScaledScroll } from '../shared/use-scaled-scroll';
import { copySelection } from './copy';
import { fieldAt, type Found } from './field-path';
import { hover, useHover } from './hover';
import { Marks } from './marks';
import { regionLines } from './region-lines';

interface Props {
  /** Bytes that can be seen, file offsets. */
  readonly region: Range;
  readonly nodes: readonly FieldNode[] | undefined;
}

const spanOf = ({ node }: Found): Range => ({ start: node.offset, end: node.offset + node.length });

/** Where the cursor is when it was not moved in the view: at the selection, else at the record. */
function useStart({ start, end }: Range): number {
  const { records } = useFile();
  const selection = usePlace((place) => place.range);
  const record = usePlace((place) => place.record);
  const wanted = selection?.start ?? ((record !== undefined && records.offsetAt(record)) || start);
  return clamp(wanted, start, Math.max(start, end - 1));
}

/** Shows the bytes of a region, those of the selected field marked. */
export function HexView({ region, nodes }: Props): React.ReactNode {
  const { start, end } = region;
  const file = useFile();
  const bytes = useBytes();
  const selection = usePlace((place) => place.range);
  const hovered = useHover(({ range }) => range);
  const findings = useShownFindings();
  const marks = useMemo(() => new Marks(findings, { start, end }), [findings, start, end]);
  const lines = useMemo(() => regionLines({ start, end }), [start, end]);
  const scroll = useScaledScroll(lines.count, HEX_ROW_PX);
  const layout = hexLayout(scroll.widthPx, end, { mono: monoFont() });
  const [cursor, moved] = useCursor(useStart(region), selection);

  const fieldOf = (offset: number): Found | undefined => nodes && fieldAt(bytes, nodes, offset);
  const shadeAt = (offset: number): Shade | undefined => {
    const found = fieldOf(offset);
    return found && { end: found.node.children ? offset + 1 : spanOf(found).end, parity: found.parity };
  };
  const onMove = (to: number, { extend, by }: Move): void => {
    const anchor = extend ? cursor.anchor : to;
    const field = extend || by === 'key' ? undefined : fieldOf(to);
    const whole = field && field.node.length <= PAGE_SIZE ? field : undefined;
    const range = whole ? spanOf(whole) : between(anchor, to);
    moved({ at: to, anchor, place: range });
    selectRange(file, range, whole?.path);
  };
  const onHover = (at: number | undefined): void => {
    const found = at === undefined ? undefined : fieldOf(at);
    hover(file, found && spanOf(found));
  };

  const row = file.records.row(recordAt(file, cursor.at));
  const name = fieldOf(cursor.at)?.names.join(' › ');
  return (
    <HexPane
      id="bytes"
      cellId="byte"
      label="Bytes"
      counts="offset"
      {...{ lines, scroll, layout, cursor, onMove, onHover }}
      column={cursor.at % BYTES_PER_ROW}
      selected={selection !== undefined}
      onCopy={() => void copySelection(file, 'hex')}
      paint={(context, focused) =>
        paintHex(context, {
          layout,
          region,
          selection,
          hovered,
          focused,
          shadeAt,
          firstOffset: (lines.firstLine + scroll.firstRow) * BYTES_PER_ROW,
          rows: scroll.rowsInView,
          shiftPx: scroll.shiftPx,
          peek: (offset, length) => bytes.peek(offset, length),
          markAt: (offset) => marks.at(offset),
          cursor: cursor.at,
        })
      }
    >
      {`offset ${hex0x(cursor.at)}, byte ${said(bytes.peek(cursor.at, 1))}${name === undefined ? '' : `, ${name}`}${row ? `, record ${row.index} ${row.name}` : ''}`}
    </HexPane>
  );
}

function said(peek: Peek): string {
  if (peek.state !== 'ready') return peek.state;
  const [byte] = peek.bytes;
  return byte === undefined ? hex0x(0, 2) : `${hex0x(byte, 2)} ${ascii(peek.bytes)}`;
}
