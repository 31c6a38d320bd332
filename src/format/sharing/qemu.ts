/**
 * What of the save file of QEMU may be kept: the states of its devices, section by section. A section has no length, so
 * that a file counts as a whole: it must lead from its first section to its end.
 */
import { readSmall, readU32 } from '../kit/bytes';
import { latin1Bytes, startsWith } from '../../lib/bytes';
import { dataEnd, sectionHeader } from '../qemu/find';
import {
  DEVICE_MODEL_RECORD_SIZE,
  QEMU_HEADER_SIZE,
  QEMU_MAGIC,
  QEMU_NAME_OFFSET,
  QEMU_PART_SIZE,
  QEMU_VERSION,
  QEMU_VMDESCRIPTION_SIZE,
  SectionType,
} from '../qemu/layouts';
import type { Secret, Stretch } from './judge';

/** Longest file that is looked at, bytes: under Xen QEMU saves its devices, and no memory. */
export const QEMU_LIMIT = 4 * 1024 * 1024;
/** Longest state of one device that is kept: longer ones have buffers of packets or blocks in them, or are memory. */
const STATE_LIMIT = 32 * 1024;
const RECORD_NAME = latin1Bytes('DeviceModelRecord0002');

/** Devices whose state is registers of vCPUs, and those that hold a MAC address. */
const CPU = /^(?:cpu|cpu_common|apic|kvmclock|kvm-tpr-opt|mce)$/u;
const NIC = /(?:^|\/)(?:e1000|rtl8139|ne2000|pcnet|eepro100|i82\w+|tulip|vmxnet3|virtio-net|usb-net)/u;
/** Memory of QEMU, under names that it gives it. */
const MEMORY = /ram$|^block$|rom$|^mach-virt/u;

const secretOf = (name: string): Secret | undefined =>
  CPU.test(name) ? 'registers' : NIC.test(name) ? 'config' : undefined;

/** Returns what of a save file that starts at `from` may be kept; undefined where it is none, or does not lead to its end. */
export function qemuStretches(bytes: Uint8Array, from: number): Stretch[] | undefined {
  let start = from;
  if (startsWith(bytes.subarray(start), RECORD_NAME)) start += DEVICE_MODEL_RECORD_SIZE;
  if (readU32(bytes, start, false) !== QEMU_MAGIC || readU32(bytes, start + 4, false) !== QEMU_VERSION)
    return undefined;
  return new Sections(bytes, start + QEMU_HEADER_SIZE, { from, to: start + QEMU_HEADER_SIZE, kind: 'framing' }).read();
}

class Sections {
  readonly #bytes: Uint8Array;
  readonly #found: Stretch[];
  readonly #seen = new Set<number>();
  #at: number;

  constructor(bytes: Uint8Array, at: number, head: Stretch) {
    this.#bytes = bytes;
    this.#at = at;
    this.#found = [head];
  }

  read(): Stretch[] | undefined {
    for (;;) {
      switch (this.#bytes[this.#at]) {
        case SectionType.FULL:
          if (!this.#device()) return undefined;
          break;
        case SectionType.FOOTER:
          this.#keep(QEMU_PART_SIZE);
          break;
        case SectionType.CONFIGURATION:
          this.#keep(QEMU_PART_SIZE + readU32(this.#bytes, this.#at + 1, false), 'config');
          break;
        case SectionType.COMMAND:
          this.#keep(5 + readSmall(this.#bytes, this.#at + 3, 2, false));
          break;
        case SectionType.EOF:
          return this.#end() ? this.#found : undefined;
        // A section in parts is one of memory: nothing from there on is kept.
        case SectionType.START:
          return this.#found;
        default:
          return undefined;
      }
    }
  }

  #keep(length: number, secret?: Secret): void {
    this.#found.push({ from: this.#at, to: this.#at + length, kind: 'devices', secret });
    this.#at += length;
  }

  #device(): boolean {
    const header = sectionHeader(this.#bytes, this.#at, this.#seen);
    if (header === 0) return false;
    const id = readU32(this.#bytes, this.#at + 1, false);
    this.#seen.add(id);
    const nameAt = this.#at + QEMU_NAME_OFFSET;
    const name = String.fromCharCode(...this.#bytes.subarray(nameAt, nameAt + (this.#bytes[nameAt - 1] ?? 0)));
    this.#keep(header);
    const end = dataEnd(this.#bytes, this.#at, id, this.#seen);
    if (end - this.#at <= STATE_LIMIT && !MEMORY.test(name)) this.#keep(end - this.#at, secretOf(name));
    this.#at = end;
    return end < this.#bytes.length;
  }

  /** The end of the file, with or without a description of the sections behind it. */
  #end(): boolean {
    this.#keep(1);
    if (this.#at === this.#bytes.length) return true;
    if (this.#bytes[this.#at] !== SectionType.VMDESCRIPTION) return false;
    const length = readU32(this.#bytes, this.#at + 1, false);
    if (this.#at + QEMU_VMDESCRIPTION_SIZE + length !== this.#bytes.length) return false;
    this.#keep(QEMU_VMDESCRIPTION_SIZE + length);
    return true;
  }
}
