/**
 * QEMU's saved state. It says nowhere how long a section is, so sections are found by their headers: kind, id, and the
 * name of a device; ids ascend. Where the state of a device ends is known of PCI devices at least, which start with
 * 256 bytes of configuration space. Source: QEMU, migration/savevm.c, hw/pci/pci.c (vmstate_pci_device).
 */
import { readU32 } from '../../format/kit/bytes';
import { isPrintable } from '../../lib/text';
import type { QemuDevice, QemuState } from '../rules/qemu';

const SECTION_EOF = 0x00;
const SECTION_FULL = 0x04;
const SECTION_CONFIGURATION = 0x07;
const HEAD = 8;
/** version_id, configuration space, irq_state. */
const PCI_STATE = 4 + 256 + 16;
const PCI_NAME = /^[\da-f]{4}:[\da-f]{2}:[\da-f]{2}\.[0-7]\//u;
const NAME_LIMIT = 64;
/** A guest has some 30 devices. */
const DEVICES_LIMIT = 1024;

interface Section {
  readonly at: number;
  readonly id: number;
  readonly name: string;
  /** Offset of the device's state. */
  readonly state: number;
}

/** A section header at `at`: kind, id, length of the name, name, instance, version. */
function sectionAt(state: Uint8Array, at: number, after: number): Section | undefined {
  if (state[at] !== SECTION_FULL) return undefined;
  const id = readU32(state, at + 1, false);
  const length = state[at + 5] ?? 0;
  if (id <= after || length === 0 || length > NAME_LIMIT || at + 6 + length + 8 > state.length) return undefined;
  const name = state.subarray(at + 6, at + 6 + length);
  if (!name.every(isPrintable)) return undefined;
  return { at, id, name: String.fromCharCode(...name), state: at + 6 + length + 8 };
}

function sectionsFrom(
  state: Uint8Array,
  first: Section,
): { readonly last: Section; readonly devices: readonly QemuDevice[] } {
  let last = first;
  const devices: QemuDevice[] = [first];
  for (let at = state.indexOf(SECTION_FULL, first.state); at >= 0; at = state.indexOf(SECTION_FULL, at + 1)) {
    const next = sectionAt(state, at, last.id);
    if (!next || next.id >= last.id + 0x100) continue;
    last = next;
    if (devices.length < DEVICES_LIMIT) devices.push(next);
  }
  return { last, devices };
}

export function walkQemu(state: Uint8Array): QemuState {
  const found = {
    devices: [],
    magic: readU32(state, 0, false),
    version: readU32(state, 4, false),
    length: state.length,
  };
  const stuck = (at: number, sectionType: number): QemuState => ({ ...found, stuckAt: at, sectionType });
  const done = stuck(-1, SECTION_EOF);
  let at = HEAD;
  if (state[at] === SECTION_CONFIGURATION) at += 5 + readU32(state, at + 1, false);
  if (at >= state.length) return stuck(state.length, -1);
  const type = state[at] ?? 0;
  if (type === SECTION_EOF) return done;
  const first = sectionAt(state, at, -1);
  if (!first) return stuck(at, type);
  const { last, devices } = sectionsFrom(state, first);
  const room = state.length - last.state;
  if (PCI_NAME.test(last.name) && room < PCI_STATE) return stuck(last.at, SECTION_FULL);
  return state.at(-1) === SECTION_EOF ? { ...done, devices } : stuck(last.at, SECTION_FULL);
}
