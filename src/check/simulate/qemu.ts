/**
 * QEMU's saved state. It says nowhere how long a section is, so sections are found by their headers: kind, id, and the
 * name of a device; ids ascend. Where the state of a device ends is known of PCI devices at least, which start with
 * 256 bytes of configuration space. Source: QEMU, migration/savevm.c, hw/pci/pci.c (vmstate_pci_device).
 */
import { readU32 } from '../../format/kit/bytes';
import { fieldsOf } from '../../format/kit/fields';
import { sizeOf } from '../../format/kit/layout';
import { parse } from '../../format/kit/parse';
import {
  QEMU_CONFIGURATION,
  QEMU_HEADER,
  QEMU_HEADER_SIZE,
  QEMU_NAME_OFFSET,
  QEMU_SECTION,
  SectionType,
} from '../../format/qemu/layouts';
import { isPrintable } from '../../lib/text';
import type { QemuDevice, QemuState } from '../rules/qemu';

const section = fieldsOf(QEMU_SECTION);
/** What follows the name: instance and version. */
const AFTER_NAME = sizeOf(QEMU_SECTION.fields.instance_id) + sizeOf(QEMU_SECTION.fields.version_id);
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
  if (state[at] !== SectionType.FULL) return undefined;
  // Read field by field: the whole state is searched for such a byte, and few of them start a section.
  const id = readU32(state, at + section('section_id').offset, false);
  const length = state[at + section('idlen').offset] ?? 0;
  const nameStart = at + QEMU_NAME_OFFSET;
  const nameEnd = nameStart + length;
  if (id <= after || length === 0 || length > NAME_LIMIT || nameEnd + AFTER_NAME > state.length) return undefined;
  const name = state.subarray(nameStart, nameEnd);
  if (!name.every(isPrintable)) return undefined;
  return { at, id, name: String.fromCharCode(...name), state: nameEnd + AFTER_NAME };
}

function sectionsFrom(
  state: Uint8Array,
  first: Section,
): { readonly last: Section; readonly devices: readonly QemuDevice[] } {
  let last = first;
  const devices: QemuDevice[] = [first];
  for (let at = state.indexOf(SectionType.FULL, first.state); at >= 0; at = state.indexOf(SectionType.FULL, at + 1)) {
    const next = sectionAt(state, at, last.id);
    if (!next || next.id >= last.id + 0x100) continue;
    last = next;
    if (devices.length < DEVICES_LIMIT) devices.push(next);
  }
  return { last, devices };
}

/** Walks QEMU's state from section to section and tells where that got stuck, and which devices it met. */
export function walkQemu(state: Uint8Array): QemuState {
  const found = {
    devices: [],
    ...parse(QEMU_HEADER, state),
    length: state.length,
  };
  const stuck = (at: number, sectionType: number): QemuState => ({ ...found, stuckAt: at, sectionType });
  const done = stuck(-1, SectionType.EOF);
  let at = QEMU_HEADER_SIZE;
  if (state[at] === SectionType.CONFIGURATION) {
    const { type, len } = QEMU_CONFIGURATION.fields;
    at += sizeOf(type) + sizeOf(len) + parse(len, state, false, at + sizeOf(type));
  }
  if (at >= state.length) return stuck(state.length, -1);
  const kind = state[at] ?? 0;
  if (kind === SectionType.EOF) return done;
  const first = sectionAt(state, at, -1);
  if (!first) return stuck(at, kind);
  const { last, devices } = sectionsFrom(state, first);
  const room = state.length - last.state;
  if (PCI_NAME.test(last.name) && room < PCI_STATE) return stuck(last.at, SectionType.FULL);
  return state.at(-1) === SectionType.EOF ? { ...done, devices } : stuck(last.at, SectionType.FULL);
}
