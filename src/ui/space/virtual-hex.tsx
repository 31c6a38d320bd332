/** Bytes of virtual memory around an address, page by page: what is not there stands as one line with the reason. */
import { CircleSlash } from 'lucide-react';
import { useMemo, useState } from 'react';
import { PAGE_SIZE } from '../../format/page';
import type { VcpuMemory } from '../../format/paging/vcpu';
import { ascii, hex0x, memorySize } from '../../lib/text';
import type { Peek } from '../../source/cached';
import { moveOn } from '../../state/actions';
import { monoFont } from '../shared/canvas';
import { BYTES_PER_ROW, HEX_ROW_PX, hexLayout } from '../shared/hex/hex-layout';
import { HexPane, type Move } from '../shared/hex/hex-pane';
import { between, useCursor } from '../shared/hex/use-cursor';
import { PanelMessage } from '../shared/panel-message';
import { useBytes, useFile, useSymbols } from '../shared/use-file';
import { useScaledScroll } from '../shared/use-scaled-scroll';
import { copyVirtual } from './copy-virtual';
import { HexRows, isWithin, linesInView, type Window, windowAround } from './hex-rows';
import { paintVirtual } from './paint-virtual';
import { besideNames } from './row-names';
import { useLineNames } from './use-line-names';
import { useWindow } from './use-space';
import { NO_LINES, windowLines } from './window-lines';
import { fullAddress } from './words';

interface Props {
  readonly id: number;
  readonly memory: VcpuMemory;
  readonly va: bigint;
  readonly addressBits: number;
}

/** Shows the memory around `va` as the page tables of vCPU `id` map it. */
export function VirtualHex(props: Props): React.ReactNode {
  const { id, memory, va, addressBits } = props;
  const [kept, setKept] = useState<Window>();
  // The window stays while the address is in it, so that lines do not move under the pointer.
  const window = kept && isWithin(kept, va) ? kept : windowAround(va, addressBits);
  if (window !== kept) setKept(window);
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
  const bytes = useBytes();
  const named = useSymbols() !== undefined;
  const lines = useMemo(() => (rows ? windowLines(rows) : NO_LINES), [rows]);
  const scroll = useScaledScroll(lines.count, HEX_ROW_PX);
  const { widthPx: width, shiftPx } = scroll;
  // Room for as many digits as addresses have.
  const end = addressBits === 32 ? 2 ** 32 : 2 ** 63;
  const layout = hexLayout(besideNames(width, named), end, { mono: monoFont() });
  const start = rows?.window.start ?? 0n;
  const [cursor, moved] = useCursor(rows ? Number(va - start) : -1, `${start} ${va}`);
  const { at, anchor } = cursor;
  const selection = between(anchor, at);
  const inView = rows ? linesInView(rows, scroll.firstRow, scroll.rowsInView) : [];
  const names = useLineNames(va, start, inView);
  const peek = (position: number, length: number): Peek => {
    const page = rows?.pageAt(position);
    return page ? bytes.peek(page.offset + (position % PAGE_SIZE), length) : { state: 'loading' };
  };

  /** Outside of the window to where memory goes on. */
  const onMove = (to: number, { extend }: Move): void => {
    if (!rows) return;
    const isInside = to >= 0 && to < rows.window.pages * PAGE_SIZE;
    const wanted = isInside ? start + BigInt(to) : rows.beyond(to);
    if (wanted === undefined) return;
    if (isInside) moved({ at: to, anchor: extend ? anchor : to, place: `${start} ${wanted}` });
    moveOn(file, { va: wanted });
  };
  const chosen = anchor === at ? '' : `, ${selection.end - selection.start} bytes selected`;
  return (
    <HexPane
      id="virtual-bytes"
      cellId="virtual-byte"
      label="Virtual memory"
      counts="address"
      {...{ lines, scroll, layout, cursor, onMove }}
      column={Math.max(0, at) % BYTES_PER_ROW}
      selected
      busy={rows === undefined}
      onCopy={() => rows && void copyVirtual(file, rows, selection)}
      paint={(context, focused) =>
        paintVirtual(context, {
          layout,
          width,
          shiftPx,
          start,
          inView,
          names,
          peek,
          selection,
          at,
          focused,
          addressText: (address) => fullAddress(BigInt.asUintN(64, address), addressBits),
        })
      }
    >
      {`address ${hex0x(va)}${names.cursor === undefined ? '' : `, ${names.cursor}`}, ${said(rows, at, peek)}${chosen}`}
    </HexPane>
  );
}

/** The byte, or why there is none. */
function said(rows: HexRows | undefined, at: number, peek: (at: number, length: number) => Peek): string {
  if (!rows) return 'loading';
  const hole = rows.holeAt(at);
  if (hole) return `${memorySize(hole.whole)} without bytes: ${hole.reason}`;
  const found = peek(at, 1);
  if (found.state === 'failed') return `not readable: ${found.reason}`;
  return found.state === 'ready' ? `byte ${hex0x(found.bytes[0] ?? 0, 2)} ${ascii(found.bytes)}` : found.state;
}
