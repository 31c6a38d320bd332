/** The devices whose state QEMU has saved: a table, each row leading to its bytes. */
import { useMemo, useState } from 'react';
import { childNamed } from '../../format/kit/named';
import { EMULATOR_HEADER } from '../../format/libxl/layouts';
import { byteSize, counted, grouped, hex0x } from '../../lib/text';
import type { DecodedRecord } from '../../state/decoded';
import { FindBox } from '../shared/find-box';
import { RecordLink } from '../shared/links';
import { useFile } from '../shared/use-file';
import { VirtualRows } from '../shared/virtual-rows';
import { type Device, devicesOf, matches } from './devices';
import { Frame } from './frame';
import { Marked } from './marked';
import { showBytes } from '../shared/focus-bytes';
import { GridCell } from '../shared/grid-cell';
import styles from './devices.module.css';

const ROW_PX = 24;
const COLUMNS = ['Device', 'Instance', 'Version', 'State', 'Subsections', 'Offset'] as const;

interface Props {
  readonly parts: React.ReactNode;
  readonly decoded: DecodedRecord;
}

/** Shows the devices whose state QEMU has saved as a table that can be searched; each row leads to its bytes. */
export function DevicesView({ parts, decoded }: Props): React.ReactNode {
  const { nodes } = decoded;
  const file = useFile();
  const devices = useMemo(() => devicesOf(nodes), [nodes]);
  const [wanted, setWanted] = useState('');
  const [active, setActive] = useState(0);
  const shown = useMemo(() => devices.filter((device) => matches(device, wanted)), [devices, wanted]);
  const emulator = childNamed(EMULATOR_HEADER, { children: nodes }, 'emulator_id')?.note ?? 'Device model';
  const total = devices.reduce((sum, { bytes }) => sum + bytes, 0);
  const open = (row: number): void => {
    const device = shown[row];
    if (device) showBytes(file, device.field);
  };
  return (
    <Frame
      parts={parts}
      title={
        <>
          {emulator} · {counted(devices.length, 'device')} · {byteSize(total)} ·{' '}
          <RecordLink record={decoded.row.index} />
        </>
      }
      problem={nodes.find(({ problem }) => problem !== undefined)?.problem}
      tools={
        <FindBox
          value={wanted}
          onChange={setWanted}
          placeholder="Find"
          label="Find a device"
          found={wanted === '' ? '' : `${grouped(shown.length)} found`}
        />
      }
    >
      <div className={styles['table']}>
        <div className={`cap ${styles['head']} ${styles['row']}`} aria-hidden>
          {COLUMNS.map((name) => (
            <span key={name}>{name}</span>
          ))}
        </div>
        {shown.length === 0 ? (
          <p className={styles['none']}>
            {devices.length === 0 ? 'No section of a device was found.' : 'Nothing matches.'}
          </p>
        ) : (
          <VirtualRows
            kind="grid"
            label="Devices of QEMU"
            count={shown.length}
            rowPx={ROW_PX}
            active={Math.min(active, shown.length - 1)}
            onActive={setActive}
            onEnter={open}
            opensOnClick
            render={(row) => {
              const device = shown[row];
              return device && <Row device={device} wanted={wanted} />;
            }}
          />
        )}
      </div>
    </Frame>
  );
}

function Row({ device, wanted }: { readonly device: Device; readonly wanted: string }): React.ReactNode {
  const { name, instance, version, bytes, subsections, field } = device;
  const cells = [
    <Marked key="name" text={name} wanted={wanted} />,
    grouped(instance),
    grouped(version),
    byteSize(bytes),
    <Marked key="sub" text={subsections.join(', ')} wanted={wanted} />,
    hex0x(field.offset),
  ];
  return (
    <div className={`mono ${styles['row']} ${styles['device']}`} role="presentation" title="Show the bytes">
      {cells.map((cell, index) => (
        <GridCell key={COLUMNS[index]} className="ell">
          {cell}
        </GridCell>
      ))}
    </div>
  );
}
