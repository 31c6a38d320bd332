/** The device model's state in real images: the devices as a hex dump shows them, found again by a plain search. */
import { describe, expect, test } from 'vitest';
import { isDevice } from '../../../src/format/qemu/decode';
import { decodeIn, nodeAt, valueAt } from '../../fixtures/nodes';
import { originals, samples } from '../../fixtures/samples';
import { rowsOf, scanBytes } from '../../fixtures/scanning';

/** Name, instance, version, offset in the file of QEMU. Read off hex dumps: they are all FULL sections, no footers. */
type Device = readonly [name: string, instance: number, version: number, at: number];

const HVMBIOS: readonly Device[] = [
  ['timer', 0, 2, 0x8],
  ['cpu_common', 0, 1, 0x33],
  ['cpu', 0, 12, 0x53],
  ['apic', 0, 3, 0x5a7],
  ['cpu_common', 1, 1, 0x66e],
  ['cpu', 1, 12, 0x68e],
  ['apic', 1, 3, 0xbe2],
  ['PCIBUS', 0, 1, 0xcc0],
  ['0000:00:00.0/I440FX', 0, 3, 0xed8],
  ['dma', 0, 1, 0x100e],
  ['dma', 1, 1, 0x106a],
  ['0000:00:01.0/PIIX3', 0, 3, 0x10c6],
  ['ioapic', 0, 3, 0x120a],
  ['hpet', 0, 2, 0x12ec],
  ['mc146818rtc', 0, 3, 0x1395],
  ['serial', 0, 3, 0x14a3],
  ['fdc', 0, 2, 0x14c2],
  ['ps2kbd', 0, 3, 0x1724],
  ['ps2mouse', 0, 2, 0x1854],
  ['pckbd', 0, 3, 0x198d],
  ['port92', 0, 1, 0x19a4],
  ['0000:00:01.1/ide', 0, 3, 0x19b9],
  ['i2c_bus', 0, 1, 0x1b85],
  ['0000:00:01.3/piix4_pm', 0, 3, 0x1b9b],
  ['0000:00:02.0/platform', 0, 4, 0x1d0e],
];

const HVMVGA: readonly Device[] = [
  ['timer', 0, 2, 0x8],
  ['cpu_common', 0, 1, 0x33],
  ['cpu', 0, 12, 0x53],
  ['apic', 0, 3, 0x5a7],
  ['PCIBUS', 0, 1, 0x66e],
  ['0000:00:00.0/I440FX', 0, 3, 0x886],
  ['dma', 0, 1, 0x9bc],
  ['dma', 1, 1, 0xa18],
  ['0000:00:01.0/PIIX3', 0, 3, 0xa74],
  ['ioapic', 0, 3, 0xbb8],
  ['hpet', 0, 2, 0xc9a],
  ['mc146818rtc', 0, 3, 0xd43],
  ['serial', 0, 3, 0xe51],
  ['fdc', 0, 2, 0xe70],
  ['ps2kbd', 0, 3, 0x10d2],
  ['ps2mouse', 0, 2, 0x1202],
  ['pckbd', 0, 3, 0x133b],
  ['port92', 0, 1, 0x1352],
  ['0000:00:01.1/ide', 0, 3, 0x1367],
  ['0000:00:01.2/uhci', 0, 3, 0x1733],
  ['i2c_bus', 0, 1, 0x188d],
  ['0000:00:01.3/piix4_pm', 0, 3, 0x18a3],
  ['0000:00:02.0/platform', 0, 4, 0x1a16],
  ['0000:00:01.2/1/usb-ptr', 0, 1, 0x1b4e],
  ['0000:00:03.0/cirrus_vga', 0, 2, 0x1c9c],
];

const DEVICES: Readonly<Record<string, readonly Device[]>> = {
  'hvmbios.xlsave': HVMBIOS,
  'hvmbios-xen413.xlsave': HVMBIOS,
  'hvmvga.xlsave': HVMVGA,
};

const SUBSECTIONS: Readonly<Record<string, readonly string[]>> = {
  cpu: ['cpu/poll_control_msr'],
  'cpu #1': ['cpu/poll_control_msr'],
  'apic #1': ['apic_sipi'],
  fdc: ['fdrive/media_rate', 'fdrive/media_rate'],
  '0000:00:01.3/piix4_pm': ['piix4_pm/memhp'],
};

/** A search that knows but one thing: each section has a name that some PC device has. */
function plainDevices(file: Uint8Array, names: readonly string[]): Device[] {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const text = String.fromCharCode(...file);
  const found: Device[] = [];
  for (const name of new Set(names)) {
    const mark = String.fromCharCode(name.length) + name;
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
      if (at < 5 || file[at - 5] !== 4 || view.getUint16(at - 4) !== 0) continue;
      const end = at + mark.length;
      found.push([name, view.getUint32(end), view.getUint32(end + 4), at - 5]);
    }
  }
  return found.toSorted((a, b) => a[3] - b[3]);
}

const withDevices = samples.filter(({ file }) => DEVICES[file] !== undefined);

test('all that have a device model are here, where the images beside the checkout are', () => {
  expect(withDevices).toHaveLength(originals.length > 0 ? 3 : 0);
});

describe.each(withDevices)('$file', ({ file, open }) => {
  test('the devices of QEMU', async () => {
    const bytes = open();
    const scan = await scanBytes(bytes);
    const row = rowsOf(scan).find(({ name }) => name === 'EMULATOR_CONTEXT');
    if (!row) throw new Error('no EMULATOR_CONTEXT');
    const start = row.offset + 16;
    const nodes = decodeIn(bytes, row, scan);
    expect(valueAt(nodes, 'emulator_id')).toBe(2);
    const sections = nodeAt(nodes, 'sections').children ?? [];
    const devices = sections.filter(isDevice);
    const found = devices.map((node): Device => {
      const value = (name: string) => valueAt(node.children ?? [], name);
      return [String(value('idstr')), Number(value('instance_id')), Number(value('version_id')), node.offset - start];
    });
    const wanted = DEVICES[file] ?? [];
    expect(found).toEqual(wanted);
    expect(
      plainDevices(
        bytes.subarray(start, row.offset + 8 + row.length),
        wanted.map(([name]) => name),
      ),
    ).toEqual(wanted);

    // One after the other up to the end mark, nothing wrong, and the marks of subsections that the dumps show.
    expect(sections.at(-1)).toMatchObject({ name: 'EOF', offset: row.offset + 8 + row.length - 1, length: 1 });
    let end = start + 8;
    for (const { offset, length, problem } of sections) {
      expect([offset, problem]).toEqual([end, undefined]);
      end += length;
    }
    const marks = devices.flatMap(({ name, children = [] }) => {
      const subs = children.filter(({ note }) => note === 'subsection').map((child) => child.name);
      return subs.length > 0 ? [[name, subs] as const] : [];
    });
    const names = new Set(devices.map(({ name }) => name));
    expect(Object.fromEntries(marks)).toEqual(
      Object.fromEntries(Object.entries(SUBSECTIONS).filter(([name]) => names.has(name))),
    );
  });
});
