/** The notes of a core file: those of Xen, and those that gdb looks for. */
import {
  CORE_FORMAT_VERSION,
  CORE_MAGIC,
  CORE_MAGIC_HVM,
  DUMPCORE_FORMAT_VERSION,
  DUMPCORE_HEADER,
  DumpCoreNote,
  XEN_VERSION_32,
  XEN_VERSION_64,
} from '../../../format/dump-core/notes';
import { NOTE_HEADER } from '../../../format/dump-core/elf';
import { LinuxNote } from '../../../format/dump-core/prstatus';
import { encode } from '../../../format/kit/parse';
import { DomainType } from '../../../format/libxc/headers';
import { PAGE_SIZE } from '../../../format/page';
import type { ImageInfo } from '../../../scan/image';
import type { CoreRegisters } from './registers';

const ALIGN = 4;
const aligned = (length: number): number => Math.ceil(length / ALIGN) * ALIGN;

/** Header, name and description, each filled up to a multiple of 4. */
function note(name: string, type: number, description: Uint8Array): Uint8Array {
  const namesz = name.length + 1;
  const head = encode(NOTE_HEADER, { n_namesz: namesz, n_descsz: description.length, n_type: type });
  const out = new Uint8Array(head.length + aligned(namesz) + aligned(description.length));
  out.set(head);
  out.set(
    Uint8Array.from(name, (char) => char.charCodeAt(0)),
    head.length,
  );
  out.set(description, head.length + aligned(namesz));
  return out;
}

/** Joins arrays of bytes. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** Makes .note.Xen. Of the Xen that saved, a stream says the version and nothing else: the other texts are empty. */
export function xenNotes(image: Readonly<ImageInfo>, vcpus: number, pages: number): Uint8Array {
  const isPv = image.domainType === DomainType.X86_PV;
  const header = encode(DUMPCORE_HEADER, {
    xch_magic: isPv ? CORE_MAGIC : CORE_MAGIC_HVM,
    xch_nr_vcpus: vcpus,
    xch_nr_pages: pages,
    xch_page_size: PAGE_SIZE,
  });
  const version = {
    major_version: image.xenMajor ?? 0,
    minor_version: image.xenMinor ?? 0,
    pagesize: PAGE_SIZE,
  };
  const narrow = isPv && image.guestWidth === 4;
  return concat([
    note('Xen', DumpCoreNote.NONE, new Uint8Array(0)),
    note('Xen', DumpCoreNote.HEADER, header),
    note('Xen', DumpCoreNote.XEN_VERSION, narrow ? encode(XEN_VERSION_32, version) : encode(XEN_VERSION_64, version)),
    note('Xen', DumpCoreNote.FORMAT_VERSION, encode(DUMPCORE_FORMAT_VERSION, { version: CORE_FORMAT_VERSION })),
  ]);
}

/** Makes the notes that gdb reads: a thread for each vCPU. */
export const threadNotes = (vcpus: readonly CoreRegisters[]): Uint8Array =>
  concat(
    vcpus.flatMap(({ prstatus, fpu }) => [
      note('CORE', LinuxNote.PRSTATUS, prstatus),
      note('CORE', LinuxNote.FPREGSET, fpu),
    ]),
  );
