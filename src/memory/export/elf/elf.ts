/**
 * The guest as an ELF core file in the layout of `xl dump-core`, which crash and Volatility read, with program headers
 * for gdb besides. Source: docs/misc/dump-core-format.txt, xc_core.c of libxc.
 *
 * Traps: Volatility takes the number of a name in .shstrtab for that of its section, so both are in one order. It
 * prefers program headers to sections where size in file and in memory agree, and would then see mapped pages only:
 * in these they never do. crash takes a core with program headers near its start for one of kdump: these are at the end.
 */
import {
  ELF_HEADER,
  ELF_HEADER_SIZE,
  ElfSectionType,
  ElfSegmentType,
  PROGRAM_HEADER,
  PROGRAM_HEADER_SIZE,
  SECTION_HEADER,
  SECTION_HEADER_SIZE,
  SEGMENT_RWX,
} from '../../../format/dump-core/elf';
import { encode } from '../../../format/kit/parse';
import { DomainType } from '../../../format/libxc/headers';
import { PAGE_SIZE } from '../../../format/libxc/page-data';
import { LibxcType } from '../../../format/libxc/types';
import { GUEST_CONTEXT_64_SIZE } from '../../../format/pv/guest-context-64';
import { RECORD_HEADER_SIZE } from '../../../scan/plausible';
import { baseName, type Exportable, type ExportPlan, ExportRefused, type Part } from '../plan';
import { memoryNotes } from '../raw';
import { PfnRanks, stretches } from '../stretches';
import { recordsOf } from '../vcpu-places';
import { savedCpus } from './cpus';
import type { MappingOptions } from './mappings';
import { concat, threadNotes, xenNotes } from './notes';
import { type Segment, segmentsOf } from './segments';

const P2M_ENTRY = 16;
const PFN_ENTRY = 8;

interface Section {
  readonly name: string;
  readonly type: number;
  readonly size: number;
  readonly align: number;
  readonly each: number;
  readonly parts: () => Iterable<Part>;
}

const made =
  (bytes: Uint8Array): (() => Part[]) =>
  () => [{ kind: 'made', bytes }];

/** Rejects with `ExportRefused`, `ReadError`, or the reason of the signal. */
export async function elfPlan(file: Exportable, options: MappingOptions = {}): Promise<ExportPlan> {
  const { image } = file;
  elfRefusal(file);
  const isPv = image.domainType === DomainType.X86_PV;
  const ranks = new PfnRanks(stretches(file));
  if (ranks.count === 0) throw new ExportRefused('the image holds no page of the guest');
  const cpus = await savedCpus(file);
  const info = isPv ? sharedInfo(file) : undefined;
  if (isPv && !info) throw new ExportRefused('the image has no whole SHARED_INFO record, which a PV guest needs');
  const contexts = concat(cpus.map(({ registers }) => registers.context));
  const notes = xenNotes(image, cpus.length, ranks.count);
  const sections: Section[] = [
    { name: '', type: ElfSectionType.NULL, size: 0, align: 0, each: 0, parts: () => [] },
    { name: '.shstrtab', type: ElfSectionType.STRTAB, size: 0, align: 0, each: 0, parts: () => [] },
    { name: '.note.Xen', type: ElfSectionType.NOTE, size: notes.length, align: 0, each: 0, parts: made(notes) },
    {
      ...{ name: '.xen_prstatus', type: ElfSectionType.PROGBITS, size: contexts.length, align: 8 },
      ...{ each: GUEST_CONTEXT_64_SIZE, parts: made(contexts) },
    },
    ...(info ? [info] : []),
    {
      ...{ name: '.xen_pages', type: ElfSectionType.PROGBITS, size: ranks.count * PAGE_SIZE, align: PAGE_SIZE },
      ...{ each: PAGE_SIZE, parts: () => pageParts(file) },
    },
    isPv ? table('.xen_p2m', P2M_ENTRY, file, ranks.count) : table('.xen_pfn', PFN_ENTRY, file, ranks.count),
  ];
  const layout = laidOut(sections);
  const pagesAt = layout.offsets[sections.findIndex(({ name }) => name === '.xen_pages')] ?? 0;
  const threads = threadNotes(cpus.map(({ registers }) => registers));
  const { segments, notes: about } = await segmentsOf(file, cpus, ranks, pagesAt, options);
  const threadsAt = layout.end;
  const headersAt = Math.ceil((threadsAt + threads.length) / 8) * 8;
  const headers = programHeaders(segments, threadsAt, threads.length);
  const size = headersAt + headers.length;
  const start = head(sections, layout, headersAt, headers.length / PROGRAM_HEADER_SIZE);
  return {
    name: `${baseName(file)}.core`,
    size,
    content: size,
    notes: [...memoryNotes(file, ranks.count), ...(isPv ? [PV_NOTE] : []), ...about],
    parts: function* () {
      yield { kind: 'made', bytes: start };
      let at = start.length;
      for (const [index, section] of sections.entries()) {
        const offset = layout.offsets[index] ?? 0;
        if (section.size === 0) continue;
        if (offset > at) yield { kind: 'made', bytes: new Uint8Array(offset - at) };
        yield* section.parts();
        at = offset + section.size;
      }
      yield {
        kind: 'made',
        bytes: concat([layout.names, threads, new Uint8Array(headersAt - threadsAt - threads.length)]),
      };
      yield { kind: 'made', bytes: headers };
    },
  };
}

const PV_NOTE =
  'A saved PV guest has no machine frames: page tables and registers hold PFNs, so .xen_p2m maps each PFN to itself. The guest’s own list of frames is as it was saved.';

/** What is missing for a core file, apart from what only reading tells. */
function elfRefusal({ image }: Exportable): void {
  if (image.domainType !== DomainType.X86_PV && image.domainType !== DomainType.X86_HVM)
    throw new ExportRefused('the image does not say what kind of guest it holds');
  if (image.bigEndian === true) throw new ExportRefused('the stream is big-endian, and a core file of x86 is not');
  if (image.blanked?.registers === true)
    throw new ExportRefused('the registers of this image were scrubbed before it was shared');
}

/** The last SHARED_INFO: a page, copied as it stands. */
function sharedInfo(file: Exportable): Section | undefined {
  const index = [...recordsOf(file, LibxcType.SHARED_INFO)].at(-1);
  if (index === undefined || file.records.lengthAt(index) !== PAGE_SIZE) return undefined;
  const offset = file.records.offsetAt(index) + RECORD_HEADER_SIZE;
  if (offset + PAGE_SIZE > file.source.size) return undefined;
  return {
    ...{ name: '.xen_shared_info', type: ElfSectionType.PROGBITS, size: PAGE_SIZE, align: 8, each: PAGE_SIZE },
    parts: () => [{ kind: 'image', offset, length: PAGE_SIZE }],
  };
}

function* pageParts(file: Exportable): Generator<Part> {
  for (const { count, offset } of stretches(file)) yield { kind: 'image', offset, length: count * PAGE_SIZE };
}

const table = (name: string, each: number, file: Exportable, count: number): Section => ({
  ...{ name, type: ElfSectionType.PROGBITS, size: count * each, align: 8, each },
  parts: () => tableParts(file, each),
});

/** PFNs, once or twice each, a stretch in one part. */
function* tableParts(file: Exportable, each: number): Generator<Part> {
  for (const { pfn, count } of stretches(file)) {
    // A stretch can be as long as the file: cut, so that no part is large.
    for (let from = 0; from < count; from += TABLE_PIECE) {
      const entries = Math.min(TABLE_PIECE, count - from);
      const bytes = new Uint8Array(entries * each);
      const view = new DataView(bytes.buffer);
      for (let at = 0; at < bytes.length; at += 8)
        view.setBigUint64(at, BigInt(pfn + from + Math.floor(at / each)), true);
      yield { kind: 'made', bytes };
    }
  }
}
const TABLE_PIECE = 65_536;

interface Layout {
  readonly names: Uint8Array;
  /** File offsets of the sections. */
  readonly offsets: readonly number[];
  /** Sizes, with that of the names. */
  readonly sizes: readonly number[];
  /** Where each name starts in `names`. */
  readonly nameAt: readonly number[];
  /** End of the names, the last of the sections. */
  readonly end: number;
}

function laidOut(sections: readonly Section[]): Layout {
  const nameAt: number[] = [];
  let text = '';
  for (const { name } of sections) {
    nameAt.push(text.length);
    text += `${name}\0`;
  }
  const names = Uint8Array.from(text, (char) => char.charCodeAt(0));
  let at = ELF_HEADER_SIZE + sections.length * SECTION_HEADER_SIZE;
  const offsets: number[] = [];
  for (const { type, size, align } of sections) {
    if (align > 0) at = Math.ceil(at / align) * align;
    offsets.push(type === ElfSectionType.NULL ? 0 : at);
    at += size;
  }
  const strings = sections.findIndex(({ name }) => name === '.shstrtab');
  offsets[strings] = at;
  const sizes = sections.map(({ size }, index) => (index === strings ? names.length : size));
  return { names, offsets, sizes, nameAt, end: at + names.length };
}

/** ELF header and section headers. */
function head(sections: readonly Section[], layout: Layout, headersAt: number, headers: number): Uint8Array {
  const parts = [
    encode(ELF_HEADER, {
      ...{ abiversion: 1, e_phoff: headersAt, e_shoff: ELF_HEADER_SIZE, e_phnum: headers },
      ...{ e_shnum: sections.length, e_shstrndx: sections.findIndex(({ name }) => name === '.shstrtab') },
    }),
  ];
  for (const [index, { type, align, each }] of sections.entries()) {
    parts.push(
      encode(SECTION_HEADER, {
        ...{ sh_name: layout.nameAt[index] ?? 0, sh_type: type, sh_offset: layout.offsets[index] ?? 0 },
        ...{ sh_size: layout.sizes[index] ?? 0, sh_addralign: align, sh_entsize: each },
      }),
    );
  }
  return concat(parts);
}

function programHeaders(segments: readonly Segment[], notesAt: number, notesSize: number): Uint8Array {
  const out = new Uint8Array((segments.length + 1) * PROGRAM_HEADER_SIZE);
  const note = { p_type: ElfSegmentType.NOTE, p_offset: notesAt, p_filesz: notesSize, p_memsz: 0, p_align: 4 };
  out.set(encode(PROGRAM_HEADER, note));
  for (const [index, { va, gpa, offset, size }] of segments.entries()) {
    const header = encode(PROGRAM_HEADER, {
      ...{ p_type: ElfSegmentType.LOAD, p_flags: SEGMENT_RWX, p_offset: offset, p_vaddr: va, p_paddr: gpa },
      // One byte more than there is: see above. gdb shows it as zero.
      ...{ p_filesz: size, p_memsz: size + 1, p_align: PAGE_SIZE },
    });
    out.set(header, (index + 1) * PROGRAM_HEADER_SIZE);
  }
  return out;
}
