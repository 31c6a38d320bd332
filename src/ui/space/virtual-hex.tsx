/** Bytes of virtual memory around an address, page by page: what is not there stands as one line with the reason. */
import { PAGE_SIZE } from '../../format/page';
import { CircleSlash } from 'lucide-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ascii, hex0x, memorySize } from '../../lib/text';
import type { VcpuMemory } from '../../format/paging/vcpu';
import { moveOn } from '../../state/actions';
import type { Peek } from '../../source/cached';
import { isPressed } from '../commands/pressed';
import { HexGrid } from '../shared/hex/hex-grid';
import { hexHeader } from '../shared/hex/hex-header';
import { BYTES_PER_ROW, columnAt, HEX_ROW_PX, hexLayout } from '../shared/hex/hex-layout';
import { type HexPicture, paintLine } from '../shared/hex/hex-paint';
import { monoFont, prepare } from '../shared/canvas';
import { useSymbolName, useSymbolNames } from '../shared/symbol-name';
import { PanelMessage } from '../shared/panel-message';
import { useScaledScroll } from '../shared/use-scaled-scroll';
import { keyTarget } from './hex-keys';
import { HexRows, isWithin, type Line, type Window, windowAround } from './hex-rows';
import { paintHole } from './hole-paint';
import { copyVirtual } from './copy-virtual';
import { besideNames, paintName, rowNames } from './row-names';
import { useWindow } from './use-space';
import { fullAddress } from './words';
import { useBytes, useFile, useSymbols, useView } from '../shared/use-file';
import { useApp } from '../shared/use-app';

interface Props {
  readonly id: number;
  readonly memory: VcpuMemory;
  readonly va: bigint;
  readonly addressBits: number;
}

export function VirtualHex(props: Props): React.ReactNode {
  const { id, memory, va, addressBits } = props;
  const kept = useRef<Window>(undefined);
  // The window stays while the address is in it, so that lines do not move under the pointer.
  const window = kept.current && isWithin(kept.current, va) ? kept.current : windowAround(va, addressBits);
  kept.current = window;
  const asked = useWindow(id, memory, window);
  const rows = useMemo(
    () => (window && asked.state === 'ready' ? new HexRows(window, asked.value) : undefined),
    [window, asked],
  );
  if (!window) {
    const text = `Addresses have ${addressBits} bits here: the upper ones must all be alike.`;
    return <PanelMessage icon={CircleSlash} title="Not a canonical address" text={text} />;
  }
  if (asked.state === 'failed')
    return <PanelMessage icon={CircleSlash} title="The memory could not be read" text={asked.reason} alert />;
  return <Bytes {...props} rows={rows} />;
}

function Bytes({ va, addressBits, rows }: Props & { readonly rows: HexRows | undefined }): React.ReactNode {
  const file = useFile();
  const { source, loads } = useBytes();
  const isDark = useApp((state) => state.isDark);
  const jumps = useView((view) => view.jumps);
  const scroll = useScaledScroll(rows?.count ?? 0, HEX_ROW_PX);
  const canvas = useRef<HTMLCanvasElement>(null);
  const head = useRef<HTMLCanvasElement>(null);
  const [focused, setFocused] = useState(false);
  const own = useRef(false);
  const named = useSymbols() !== undefined;
  // Room for as many digits as addresses have.
  const layout = hexLayout(besideNames(scroll.widthPx, named), addressBits === 32 ? 2 ** 32 : 2 ** 63, {
    mono: monoFont(),
  });
  const start = rows?.window.start ?? 0n;
  const at = rows ? Number(va - start) : -1;
  // The end that stays when Shift or the pointer selects, as long as nothing else moves the other end.
  const [fixed, setFixed] = useState<{
    readonly anchor: number;
    readonly va: bigint;
    readonly rows: HexRows | undefined;
  }>();
  const anchor = fixed?.va === va && fixed.rows === rows ? fixed.anchor : at;
  const selection = { start: Math.min(anchor, at), end: Math.max(anchor, at) + 1 };
  const name = (address: bigint): string => fullAddress(BigInt.asUintN(64, address), addressBits);

  const peek = (position: number, length: number): Peek => {
    const page = rows?.pageAt(position);
    return page ? source.peek(page.offset + (position % PAGE_SIZE), length) : { state: 'loading' };
  };

  useEffect(() => {
    if (own.current) own.current = false;
    else if (rows) scroll.reveal(rows.rowAt(at), 'center');
  }, [rows, at, jumps, scroll.heightPx]);

  const inView = rows ? linesIn(rows, scroll.firstRow, scroll.rowsInView) : [];
  const lastBytes = inView.map((line) => (line?.kind === 'bytes' ? lastOf(start, line.at) : undefined));
  const firstByte = inView[0]?.kind === 'bytes' ? BigInt.asUintN(64, start + BigInt(inView[0].at)) : undefined;
  const names = useSymbolNames([firstByte, ...lastBytes].filter((address) => address !== undefined));
  const cursorName = useSymbolName(va);

  useLayoutEffect(() => {
    const target = canvas.current;
    const context = target && prepare(target, scroll.widthPx, scroll.heightPx);
    if (!context || !rows) return;
    const picture: HexPicture = {
      layout,
      label: (position) => name(start + BigInt(position)),
      region: { start: 0, end: rows.window.pages * PAGE_SIZE },
      firstOffset: 0,
      rows: 0,
      shiftPx: 0,
      peek,
      shadeAt: () => undefined,
      selection,
      markAt: () => undefined,
      hovered: undefined,
      cursor: at,
      focused,
    };
    const nameOf = (address: bigint | undefined): string | undefined =>
      address === undefined ? undefined : names.get(address);
    const beside = rowNames(lastBytes.map(nameOf), nameOf(firstByte));
    for (const [row, line] of inView.entries()) {
      const y = row * HEX_ROW_PX - scroll.shiftPx;
      if (line?.kind === 'bytes') {
        paintLine(context, picture, line.at, y);
        // What the cursor is in is named wherever it starts.
        const isCurrent = at >= line.at && at < line.at + BYTES_PER_ROW;
        const symbol = (isCurrent ? cursorName : undefined) ?? beside[row];
        if (symbol !== undefined) paintName(context, symbol, y, { layout, width: scroll.widthPx });
      } else if (line) {
        const current = line.kind === 'hole' && at >= line.at && at < line.at + line.length;
        paintHole(context, line, y, { layout, width: scroll.widthPx, name, current, focused });
      }
    }
  }, [
    loads,
    isDark,
    rows,
    at,
    anchor,
    focused,
    names,
    cursorName,
    named,
    scroll.firstRow,
    scroll.shiftPx,
    scroll.rowsInView,
    scroll.widthPx,
    scroll.heightPx,
  ]);

  useLayoutEffect(() => {
    if (head.current) hexHeader(head.current, layout, scroll.widthPx, 'address');
  }, [scroll.widthPx, layout.digits, isDark, named]);

  /** Outside of the window to where memory goes on. */
  const move = (position: number, extend: boolean): void => {
    if (!rows) return;
    const inside = position >= 0 && position < rows.window.pages * PAGE_SIZE;
    const wanted = inside ? start + BigInt(position) : rows.beyond(position);
    if (wanted === undefined) return;
    own.current = inside;
    setFixed(extend && inside ? { anchor, va: wanted, rows } : undefined);
    moveOn(file, { va: wanted });
  };
  const onPointer = (event: React.PointerEvent, extend: boolean): void => {
    const box = canvas.current?.getBoundingClientRect();
    if (!box || !rows) return;
    const line = rows.line(scroll.firstRow + Math.floor((event.clientY - box.top + scroll.shiftPx) / HEX_ROW_PX));
    // A drag takes bytes only: it does not leave for where memory goes on.
    if (line && !(extend && line.kind !== 'bytes'))
      move(clicked(line, columnAt(layout, event.clientX - box.left)), extend);
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (!rows || event.altKey) return;
    if (isPressed(event, 'byte-copy')) {
      event.preventDefault();
      void copyVirtual(file, rows, selection);
      return;
    }
    const wanted = keyTarget(rows, at, event, Math.max(1, Math.floor(scroll.heightPx / HEX_ROW_PX) - 1));
    if (wanted === undefined) return;
    event.preventDefault();
    move(wanted, event.shiftKey);
    scroll.reveal(rows.rowAt(wanted));
  };

  const row = rows?.rowAt(at) ?? -1;
  return (
    <HexGrid
      id="virtual-bytes"
      cellId="virtual-byte"
      label="Virtual memory"
      rows={rows?.count ?? 0}
      row={Math.max(0, row)}
      column={Math.max(0, at) % BYTES_PER_ROW}
      selected
      busy={rows === undefined}
      head={head}
      canvas={canvas}
      scroll={scroll}
      onKeyDown={onKeyDown}
      onFocused={setFocused}
      pointer={{
        onPointerDown: (event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          onPointer(event, event.shiftKey);
        },
        onPointerMove: (event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) onPointer(event, true);
        },
      }}
    >
      {`address ${hex0x(va)}${cursorName === undefined ? '' : `, ${cursorName}`}, ${said(rows, at, peek)}${anchor === at ? '' : `, ${selection.end - selection.start} bytes selected`}`}
    </HexGrid>
  );
}

const linesIn = (rows: HexRows, first: number, count: number): (Line | undefined)[] =>
  Array.from({ length: count }, (_, row) => rows.line(first + row));

/** Address of the last byte of a line. */
const lastOf = (start: bigint, at: number): bigint => BigInt.asUintN(64, start + BigInt(at + BYTES_PER_ROW - 1));

/** The position that a click on a line means. */
function clicked(line: Line, column: number | undefined): number {
  if (line.kind === 'bytes') return line.at + (column ?? 0);
  return line.kind === 'before' ? line.at - 1 : line.at;
}

/** The byte, or why there is none. */
function said(rows: HexRows | undefined, at: number, peek: (at: number, length: number) => Peek): string {
  if (!rows) return 'loading';
  const hole = rows.holeAt(at);
  if (hole) return `${memorySize(hole.whole)} without bytes: ${hole.reason}`;
  const found = peek(at, 1);
  return found.state === 'ready' ? `byte ${hex0x(found.bytes[0] ?? 0, 2)} ${ascii(found.bytes)}` : found.state;
}
