/** Sections of a core file: laid out one behind the other, with their headers in front and their names behind. */
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
import { PAGE_SIZE } from '../../../format/page';
import type { Part } from '../kit/plan';
import { concat } from './notes';
import type { Segment } from './segments';

export interface Section {
  readonly name: string;
  readonly type: number;
  readonly size: number;
  readonly align: number;
  /** Size of an element. */
  readonly each: number;
  readonly parts: () => Iterable<Part>;
}

export interface Layout {
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

const NONE = { size: 0, align: 0, each: 0, parts: (): Part[] => [] };
/** Every table of sections starts with none, and Xen's goes on with the names. */
export const FIRST_SECTIONS: readonly Section[] = [
  { ...NONE, name: '', type: ElfSectionType.NULL },
  { ...NONE, name: '.shstrtab', type: ElfSectionType.STRTAB },
];
const NAMES = 1;

/**
 * Places the sections in the file; they begin with the first two. Volatility takes the number of a name for that of its
 * section: both have one order.
 */
export function laidOut(sections: readonly Section[]): Layout {
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
  offsets[NAMES] = at;
  const sizes = sections.map(({ size }, index) => (index === NAMES ? names.length : size));
  return { names, offsets, sizes, nameAt, end: at + names.length };
}

/** Makes the ELF header and the section headers; the program headers, so many, are at `headersAt`. */
export function elfHead(sections: readonly Section[], layout: Layout, headersAt: number, headers: number): Uint8Array {
  const parts = [
    encode(ELF_HEADER, {
      abiversion: 1,
      e_phoff: headersAt,
      e_shoff: ELF_HEADER_SIZE,
      e_phnum: headers,
      e_shnum: sections.length,
      e_shstrndx: NAMES,
    }),
  ];
  for (const [index, { type, align, each }] of sections.entries())
    parts.push(
      encode(SECTION_HEADER, {
        sh_name: layout.nameAt[index] ?? 0,
        sh_type: type,
        sh_offset: layout.offsets[index] ?? 0,
        sh_size: layout.sizes[index] ?? 0,
        sh_addralign: align,
        sh_entsize: each,
      }),
    );
  return concat(parts);
}

/** Yields what the sections hold, with the gaps between them. */
export function* sectionParts(sections: readonly Section[], layout: Layout, start: number): Generator<Part> {
  let at = start;
  for (const [index, section] of sections.entries()) {
    if (section.size === 0) continue;
    const offset = layout.offsets[index] ?? at;
    if (offset > at) yield { kind: 'made', bytes: new Uint8Array(offset - at) };
    yield* section.parts();
    at = offset + section.size;
  }
  yield { kind: 'made', bytes: layout.names };
}

/** Makes the program headers: one for the notes, then one for each segment. */
export function programHeaders(segments: readonly Segment[], notesAt: number, notesSize: number): Uint8Array {
  const out = new Uint8Array((segments.length + 1) * PROGRAM_HEADER_SIZE);
  out.set(encode(PROGRAM_HEADER, { p_type: ElfSegmentType.NOTE, p_offset: notesAt, p_filesz: notesSize, p_align: 4 }));
  for (const [index, { va, gpa, offset, size }] of segments.entries()) {
    const header = encode(PROGRAM_HEADER, {
      p_type: ElfSegmentType.LOAD,
      p_flags: SEGMENT_RWX,
      p_offset: offset,
      p_vaddr: va,
      p_paddr: gpa,
      p_filesz: size,
      // One byte more than there is keeps Volatility to the sections. gdb shows it as zero.
      p_memsz: size + 1,
      p_align: PAGE_SIZE,
    });
    out.set(header, (index + 1) * PROGRAM_HEADER_SIZE);
  }
  return out;
}
