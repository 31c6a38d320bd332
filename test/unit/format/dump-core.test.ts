/** Structures of core files against the numbers of elf.h, of Xen's xc_core.h and version.h, and of Linux' elfcore.h. */
import { describe } from 'vitest';
import { ELF_HEADER, NOTE_HEADER, PROGRAM_HEADER, SECTION_HEADER } from '../../../src/format/dump-core/elf';
import {
  DUMPCORE_FORMAT_VERSION,
  DUMPCORE_HEADER,
  DUMPCORE_P2M,
  XEN_VERSION_32,
  XEN_VERSION_64,
} from '../../../src/format/dump-core/notes';
import { ELF_PRSTATUS } from '../../../src/format/dump-core/prstatus';
import { series, testPlaces } from '../../fixtures/layouts';

describe('Elf64_Ehdr', () =>
  testPlaces(ELF_HEADER, 64, {
    magic: [0, 4],
    class: [4, 1],
    data: [5, 1],
    osabi: [7, 1],
    abiversion: [8, 1],
    e_type: [16, 2],
    e_machine: [18, 2],
    e_version: [20, 4],
    ...series(24, 8, ['e_entry', 'e_phoff', 'e_shoff']),
    e_flags: [48, 4],
    ...series(52, 2, ['e_ehsize', 'e_phentsize', 'e_phnum', 'e_shentsize', 'e_shnum', 'e_shstrndx']),
  }));

describe('Elf64_Shdr', () =>
  testPlaces(SECTION_HEADER, 64, {
    ...series(0, 4, ['sh_name', 'sh_type']),
    ...series(8, 8, ['sh_flags', 'sh_addr', 'sh_offset', 'sh_size']),
    ...series(40, 4, ['sh_link', 'sh_info']),
    ...series(48, 8, ['sh_addralign', 'sh_entsize']),
  }));

describe('Elf64_Phdr', () =>
  testPlaces(PROGRAM_HEADER, 56, {
    ...series(0, 4, ['p_type', 'p_flags']),
    ...series(8, 8, ['p_offset', 'p_vaddr', 'p_paddr', 'p_filesz', 'p_memsz', 'p_align']),
  }));

describe('Elf64_Nhdr', () => testPlaces(NOTE_HEADER, 12, series(0, 4, ['n_namesz', 'n_descsz', 'n_type'])));

describe('header note', () =>
  testPlaces(DUMPCORE_HEADER, 32, series(0, 8, ['xch_magic', 'xch_nr_vcpus', 'xch_nr_pages', 'xch_page_size'])));

const version = {
  ...series(0, 8, ['major_version', 'minor_version']),
  extra_version: [16, 16],
  compiler: [32, 64],
  compile_by: [96, 16],
  compile_domain: [112, 32],
  compile_date: [144, 32],
  capabilities: [176, 1024],
  changeset: [1200, 64],
} as const;
describe('version note', () =>
  testPlaces(XEN_VERSION_64, 1280, { ...version, virt_start: [1264, 8], pagesize: [1272, 8] }));
describe('version note of a 32-bit guest', () =>
  testPlaces(XEN_VERSION_32, 1280, { ...version, virt_start: [1264, 4], pagesize: [1268, 8] }));
describe('format version note', () => testPlaces(DUMPCORE_FORMAT_VERSION, 8, { version: [0, 8] }));
describe('xen_dumpcore_p2m', () => testPlaces(DUMPCORE_P2M, 16, series(0, 8, ['pfn', 'gmfn'])));

describe('elf_prstatus of x86-64', () =>
  testPlaces(ELF_PRSTATUS, 336, {
    pr_cursig: [12, 2],
    pr_pid: [32, 4],
    ...series(112, 8, ['r15', 'r14', 'r13', 'r12', 'rbp', 'rbx', 'r11', 'r10', 'r9', 'r8', 'rax', 'rcx', 'rdx', 'rsi']),
    ...series(224, 8, ['rdi', 'orig_rax', 'rip', 'cs', 'rflags', 'rsp', 'ss', 'fs_base', 'gs_base', 'ds', 'es', 'fs']),
    gs: [320, 8],
    pr_fpvalid: [328, 4],
  }));
