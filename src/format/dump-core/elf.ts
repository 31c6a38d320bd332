/** ELF, as far as a core file needs it. Source: System V ABI, chapter “Object Files”; 64-bit, little-endian. */
import { bytes, sizeOf, struct, u16, u32, u64, u8 } from '../kit/layout';

const SOURCE = 'System V ABI, Object Files';

const ET_CORE = 4;
const EM_X86_64 = 62;

/** Kinds of section that a core file has (sh_type). */
export const ElfSectionType = { NULL: 0, PROGBITS: 1, STRTAB: 3, NOTE: 7 } as const;
/** Kinds of segment that a core file has (p_type). */
export const ElfSegmentType = { LOAD: 1, NOTE: 4 } as const;
/** Flags of a segment that can be read, written and executed (p_flags). */
export const SEGMENT_RWX = 7;

export const ELF_HEADER = struct(
  'Elf64_Ehdr',
  {
    magic: u32({ endian: 'big', display: 'hex', mustBe: 0x7f45_4c46, doc: '0x7f and “ELF”.' }),
    class: u8({ mustBe: 2, doc: '2: offsets and addresses of 64 bits, whatever the guest is.' }),
    data: u8({ mustBe: 1, doc: '1: little-endian.' }),
    version: u8({ mustBe: 1, doc: 'Version of the format.' }),
    osabi: u8({ mustBe: 0, doc: 'System V.' }),
    abiversion: u8({ doc: 'Not used; Xen writes 1.' }),
    pad: bytes(7, { reserved: true, doc: 'Padding.' }),
    e_type: u16({ mustBe: ET_CORE, doc: '4: a core file.' }),
    e_machine: u16({ mustBe: EM_X86_64, doc: '62: x86-64, for guests of every width.' }),
    e_version: u32({ mustBe: 1, doc: 'Version of the format, again.' }),
    e_entry: u64({ display: 'hex', doc: 'Not used in core files.' }),
    e_phoff: u64({ display: 'hex', doc: 'File offset of the program headers.' }),
    e_shoff: u64({ display: 'hex', doc: 'File offset of the section headers.' }),
    e_flags: u32({ display: 'hex', doc: 'None on x86.' }),
    e_ehsize: u16({ mustBe: 64, display: 'bytes', doc: 'Size of this header.' }),
    e_phentsize: u16({ mustBe: 56, display: 'bytes', doc: 'Size of a program header.' }),
    e_phnum: u16({ doc: 'Number of program headers.' }),
    e_shentsize: u16({ mustBe: 64, display: 'bytes', doc: 'Size of a section header.' }),
    e_shnum: u16({ doc: 'Number of section headers.' }),
    e_shstrndx: u16({ doc: 'Section that holds the names of sections.' }),
  },
  { source: SOURCE },
);
/** Bytes of the ELF header. */
export const ELF_HEADER_SIZE = sizeOf(ELF_HEADER);

export const SECTION_HEADER = struct(
  'Elf64_Shdr',
  {
    sh_name: u32({ display: 'hex', doc: 'Offset of the name in .shstrtab.' }),
    sh_type: u32({ names: { 0: 'NULL', 1: 'PROGBITS', 3: 'STRTAB', 7: 'NOTE' }, doc: 'What the section is.' }),
    sh_flags: u64({ display: 'hex', doc: 'None in a dump-core file.' }),
    sh_addr: u64({ display: 'hex', doc: 'Not used: where pages belong is in .xen_p2m or .xen_pfn.' }),
    sh_offset: u64({ display: 'hex', doc: 'File offset.' }),
    sh_size: u64({ display: 'bytes', doc: 'Size in the file.' }),
    sh_link: u32({ doc: 'Not used.' }),
    sh_info: u32({ doc: 'Not used.' }),
    sh_addralign: u64({ doc: 'Alignment.' }),
    sh_entsize: u64({ display: 'bytes', doc: 'Size of an element of an array.' }),
  },
  { source: SOURCE },
);
/** Bytes of one section header. */
export const SECTION_HEADER_SIZE = sizeOf(SECTION_HEADER);

export const PROGRAM_HEADER = struct(
  'Elf64_Phdr',
  {
    p_type: u32({ names: { 1: 'LOAD', 4: 'NOTE' }, doc: 'What the segment is.' }),
    p_flags: u32({ display: 'hex', doc: 'Rights: 1 execute, 2 write, 4 read.' }),
    p_offset: u64({ display: 'hex', doc: 'File offset.' }),
    p_vaddr: u64({ display: 'hex', doc: 'Linear address in the guest.' }),
    p_paddr: u64({ display: 'hex', doc: 'Guest-physical address.' }),
    p_filesz: u64({ display: 'bytes', doc: 'Size in the file.' }),
    p_memsz: u64({ display: 'bytes', doc: 'Size in memory.' }),
    p_align: u64({ doc: 'Alignment.' }),
  },
  { source: SOURCE },
);
/** Bytes of one program header. */
export const PROGRAM_HEADER_SIZE = sizeOf(PROGRAM_HEADER);

export const NOTE_HEADER = struct(
  'Elf64_Nhdr',
  {
    n_namesz: u32({ display: 'bytes', doc: 'Size of the name, its final zero included.' }),
    n_descsz: u32({ display: 'bytes', doc: 'Size of what the note says.' }),
    n_type: u32({ display: 'hex', doc: 'Kind of note, as its name defines it.' }),
  },
  { source: SOURCE },
);
