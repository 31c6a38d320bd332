/**
 * Where the sections of a QEMU file begin. Data has no length: only the code of each device knows where it ends. Under
 * Xen there is no footer either, so that a section ends where bytes look like the start of the next one: its type, a
 * number not used before, a name of plain characters that is as long as said, a small instance and version. Read
 * without the layouts, as every byte of the state may be such a start.
 */
import { readU32 } from '../kit/bytes';
import { SectionType } from './layouts';

/** Least bytes of a header, with an empty name. */
const LEAST = 14;
const MOST_SECTIONS = 0x1_0000;
const MOST_INSTANCES = 0x1_0000;
const MOST_VERSIONS = 1000;
/** Names: `cpu`, `0000:00:01.1/ide`, `0000:00:01.2/1/usb-ptr`. */
const NAME = /^[A-Za-z0-9][\w:./,@+-]+$/u;
/** Names of subsections: `cpu/poll_control_msr`, `apic_sipi`. */
const SUB_NAME = /^[A-Za-z][A-Za-z\d]*[/_-][\w/.-]+$/u;

const latin1 = (raw: Uint8Array): string => String.fromCharCode(...raw);

/** A name after its length byte at `at`. */
function nameAt(bytes: Uint8Array, at: number): string | undefined {
  const length = bytes[at] ?? 0;
  if (length < 2 || at + 1 + length > bytes.length) return undefined;
  return latin1(bytes.subarray(at + 1, at + 1 + length));
}

/** Returns the bytes of the header of a START or FULL section at `at`; 0 if none can be there. */
export function sectionHeader(bytes: Uint8Array, at: number, seen: ReadonlySet<number>): number {
  const type = bytes[at];
  if ((type !== SectionType.FULL && type !== SectionType.START) || at + LEAST > bytes.length) return 0;
  const id = readU32(bytes, at + 1, false);
  if (id >= MOST_SECTIONS || seen.has(id)) return 0;
  const name = nameAt(bytes, at + 5);
  if (name === undefined || !NAME.test(name)) return 0;
  const after = at + 6 + name.length;
  if (after + 8 > bytes.length) return 0;
  const fits = readU32(bytes, after, false) < MOST_INSTANCES && readU32(bytes, after + 4, false) < MOST_VERSIONS;
  return fits ? after + 8 - at : 0;
}

/** Returns the bytes of the header of a subsection at `at`; 0 if none can be there. */
export function subsectionHeader(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== SectionType.SUBSECTION) return 0;
  const name = nameAt(bytes, at + 1);
  if (name === undefined || !SUB_NAME.test(name)) return 0;
  const after = at + 2 + name.length;
  return after + 4 <= bytes.length && readU32(bytes, after, false) < MOST_VERSIONS ? after + 4 - at : 0;
}

/** Whether the sections end at `at`: nothing follows but a description of them that fills the rest. */
function endsAt(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== SectionType.EOF) return false;
  if (at + 1 === bytes.length) return true;
  const isDescribed = bytes[at + 1] === SectionType.VMDESCRIPTION && bytes[at + 6] === 0x7b;
  return isDescribed && readU32(bytes, at + 2, false) === bytes.length - at - 6;
}

function footerAt(bytes: Uint8Array, at: number, id: number, seen: ReadonlySet<number>): boolean {
  if (bytes[at] !== SectionType.FOOTER || at + 5 >= bytes.length || readU32(bytes, at + 1, false) !== id) return false;
  const next = bytes[at + 5];
  const isPart = next === SectionType.PART || next === SectionType.END || next === SectionType.COMMAND;
  return isPart || endsAt(bytes, at + 5) || sectionHeader(bytes, at + 5, seen) > 0;
}

/**
 * Returns where the data of section `id` ends that starts at `from`: at its footer, the next section, or the end of the
 * file.
 */
export function dataEnd(bytes: Uint8Array, from: number, id: number, seen: ReadonlySet<number>): number {
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === SectionType.FULL || byte === SectionType.START) {
      if (sectionHeader(bytes, at, seen) > 0) return at;
    } else if (byte === SectionType.FOOTER) {
      if (footerAt(bytes, at, id, seen)) return at;
    } else if (byte === SectionType.EOF && endsAt(bytes, at)) return at;
  }
  return bytes.length;
}
