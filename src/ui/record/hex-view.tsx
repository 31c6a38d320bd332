/** Bytes of a record or of the whole file, drawn on a canvas, moved through by keyboard, linked to the fields. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { PAGE_SIZE } from '../../format/page';
import type { FieldNode } from '../../format/kit/node';
import { ascii, hex0x } from '../../lib/text';
import { clamp, type Range } from '../../lib/range';
import { recordAt, selectRange } from '../../state/actions';
import { isPressed } from '../commands/pressed';
import { monoFont, prepare } from '../shared/canvas';
import { useScaledScroll } from '../shared/use-scaled-scroll';
import { copySelection } from './copy';
import { fieldAt } from './field-path';
import { HexGrid } from '../shared/hex/hex-grid';
import { hexHeader } from '../shared/hex/hex-header';
import { BYTES_PER_ROW, columnAt, HEX_ROW_PX, hexLayout } from '../shared/hex/hex-layout';
import { paintHex, type Shade } from '../shared/hex/hex-paint';
import { hover, useHover } from './hover';
import { Marks } from './marks';
import { useBytes, useFile, usePlace, useShownFindings, useView } from '../shared/use-file';
import { useApp } from '../shared/use-app';

interface Props {
  /** Bytes that can be seen, file offsets. */
  readonly region: Range;
  readonly nodes: readonly FieldNode[] | undefined;
}

const lineOf = (offset: number): number => Math.floor(offset / BYTES_PER_ROW);

export function HexView({ region, nodes }: Props): React.ReactNode {
  const file = useFile();
  const { source, loads } = useBytes();
  const isDark = useApp((state) => state.isDark);
  const selection = usePlace((place) => place.range);
  const record = usePlace((place) => place.record);
  const jumps = useView((view) => view.jumps);
  const hovered = useHover(({ range }) => range);
  const findings = useShownFindings();
  const marks = useMemo(
    () => new Marks(findings, { start: region.start, end: region.end }),
    [findings, region.start, region.end],
  );
  const firstLine = lineOf(region.start);
  const lines = Math.max(
    0,
    lineOf(Math.max(region.start, region.end - 1)) - firstLine + (region.end > region.start ? 1 : 0),
  );
  const scroll = useScaledScroll(lines, HEX_ROW_PX);
  const canvas = useRef<HTMLCanvasElement>(null);
  const head = useRef<HTMLCanvasElement>(null);
  const [focused, setFocused] = useState(false);
  const [cursor, setCursor] = useState(region.start);
  const anchor = useRef<number | undefined>(undefined);
  const own = useRef(false);
  const layout = hexLayout(scroll.widthPx, region.end, { mono: monoFont() });

  // What is selected elsewhere is brought into view; the record's start is, when another record is chosen.
  useEffect(() => {
    if (own.current) {
      own.current = false;
      return;
    }
    const start =
      selection?.start ??
      (record === undefined
        ? region.start
        : Math.max(region.start, Math.min(region.end, file.records.offsetAt(record) || region.start)));
    if (start < region.start || start >= region.end) return;
    setCursor(start);
    scroll.reveal(lineOf(start) - firstLine, 'center');
  }, [selection?.start, selection?.end, record, region.start, region.end, jumps]);

  useLayoutEffect(() => {
    const target = canvas.current;
    const context = target && prepare(target, scroll.widthPx, scroll.heightPx);
    if (!context) return;
    const shadeAt = (offset: number): Shade | undefined => {
      const found = nodes && fieldAt(source, nodes, offset);
      return (
        found && { end: found.node.children ? offset + 1 : found.node.offset + found.node.length, parity: found.parity }
      );
    };
    paintHex(context, {
      layout,
      region,
      firstOffset: (firstLine + scroll.firstRow) * BYTES_PER_ROW,
      rows: scroll.rowsInView,
      shiftPx: scroll.shiftPx,
      peek: (offset, length) => source.peek(offset, length),
      shadeAt,
      selection,
      markAt: (offset) => marks.at(offset),
      hovered,
      cursor,
      focused,
    });
  }, [
    loads,
    isDark,
    selection,
    marks,
    hovered,
    cursor,
    focused,
    nodes,
    region.start,
    region.end,
    scroll.firstRow,
    scroll.shiftPx,
    scroll.rowsInView,
    scroll.widthPx,
    scroll.heightPx,
  ]);

  useLayoutEffect(() => {
    if (head.current) hexHeader(head.current, layout, scroll.widthPx);
  }, [scroll.widthPx, layout.digits, isDark]);

  const select = (start: number, end: number, path?: string): void => {
    own.current = true;
    selectRange(file, { start, end }, path);
  };
  const offsetAt = (event: React.PointerEvent): number | undefined => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box) return undefined;
    const column = columnAt(layout, event.clientX - box.left);
    if (column === undefined) return undefined;
    const line = firstLine + scroll.firstRow + Math.floor((event.clientY - box.top + scroll.shiftPx) / HEX_ROW_PX);
    const offset = line * BYTES_PER_ROW + column;
    return offset >= region.start && offset < region.end ? offset : undefined;
  };
  /** Selects from where the selecting began to `offset`, both included. */
  const extend = (offset: number): void => {
    const from = anchor.current ?? cursor;
    select(Math.min(from, offset), Math.max(from, offset) + 1);
  };
  const onPointerDown = (event: React.PointerEvent): void => {
    const offset = offsetAt(event);
    if (offset === undefined || event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    if (event.shiftKey) {
      extend(offset);
    } else {
      anchor.current = offset;
      const found = nodes && fieldAt(source, nodes, offset);
      if (found && found.node.length <= PAGE_SIZE)
        select(found.node.offset, found.node.offset + found.node.length, found.path);
      else select(offset, offset + 1);
    }
    setCursor(offset);
  };
  const onPointerMove = (event: React.PointerEvent): void => {
    const offset = offsetAt(event);
    if (event.buttons === 1 && anchor.current !== undefined && offset !== undefined) {
      if (offset !== cursor) {
        extend(offset);
        setCursor(offset);
      }
      return;
    }
    const found = offset === undefined || !nodes ? undefined : fieldAt(source, nodes, offset);
    hover(found && { start: found.node.offset, end: found.node.offset + found.node.length });
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const page = Math.max(1, Math.floor(scroll.heightPx / HEX_ROW_PX) - 1) * BYTES_PER_ROW;
    const ctrl = event.ctrlKey || event.metaKey;
    if (isPressed(event, 'byte-copy')) {
      void copySelection(file, 'hex');
      event.preventDefault();
      return;
    }
    const column = cursor % BYTES_PER_ROW;
    const moves: Readonly<Record<string, number>> = {
      ArrowLeft: cursor - 1,
      ArrowRight: cursor + 1,
      ArrowUp: cursor - BYTES_PER_ROW,
      ArrowDown: cursor + BYTES_PER_ROW,
      PageUp: cursor - page,
      PageDown: cursor + page,
      Home: ctrl ? region.start : cursor - column,
      End: ctrl ? region.end - 1 : cursor - column + BYTES_PER_ROW - 1,
    };
    const wanted = moves[event.key];
    if (wanted === undefined || event.altKey) return;
    event.preventDefault();
    const next = clamp(wanted, region.start, Math.max(region.start, region.end - 1));
    if (event.shiftKey) {
      anchor.current ??= cursor;
      extend(next);
    } else {
      anchor.current = next;
      select(next, next + 1);
    }
    setCursor(next);
    scroll.reveal(lineOf(next) - firstLine);
  };

  const row = file.records.row(recordAt(file, cursor));
  const peek = source.peek(cursor, 1);
  const said =
    peek.state === 'ready'
      ? `${hex0x(peek.bytes[0] ?? 0, 2)}${peek.bytes[0] === undefined ? '' : ` ${ascii(peek.bytes)}`}`
      : peek.state;
  const name = nodes && fieldAt(source, nodes, cursor)?.names.join(' › ');
  return (
    <HexGrid
      id="bytes"
      cellId="byte"
      label="Bytes"
      rows={lines}
      row={lineOf(cursor) - firstLine}
      column={cursor % BYTES_PER_ROW}
      selected={selection !== undefined}
      head={head}
      canvas={canvas}
      scroll={scroll}
      onKeyDown={onKeyDown}
      onFocused={setFocused}
      pointer={{ onPointerDown, onPointerMove, onPointerLeave: () => hover(undefined) }}
    >
      {`offset ${hex0x(cursor)}, byte ${said}${name === undefined ? '' : `, ${name}`}${row ? `, record ${row.index} ${row.name}` : ''}`}
    </HexGrid>
  );
}
