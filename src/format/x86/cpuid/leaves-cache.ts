/** Leaves about caches and TLBs. Source: Intel SDM vol. 2A (CPUID leaf 4); AMD APM vol. 3 app. E (0x80000005, 6, 0x19, 0x1d). */
import type { BitRange, Names } from '../../kit/layout';
import { cacheOf, cacheText, L1_WAYS, L2_WAYS, l1Text, outerText } from './caches';
import { fields, flag, type LeafText, part, type RegisterText } from './leaf';

const TYPES: Names = { 0: 'no more caches', 1: 'data', 2: 'instruction', 3: 'unified' };

const shape = (before: { readonly eax?: number; readonly ebx?: number }, ecx: number): string | undefined => {
  const cache = cacheOf({ eax: before.eax ?? 0, ebx: before.ebx ?? 0, ecx });
  return cache && cacheText(cache);
};

/** Leaf 4 and AMD's 0x8000001d are laid out alike. */
export const CACHE_LEAF: LeafText = {
  name: 'Caches',
  eax: fields('Kind of the cache and who shares it.', {
    type: part(0, 5, 'Kind of cache; 0 ends the list.', { names: TYPES }),
    level: part(5, 3, 'Level.'),
    self_init: flag(8, 'Needs no start by software.'),
    fully_assoc: flag(9, 'Any line can be anywhere.'),
    threads_per_cache: part(14, 12, 'Ids of logical processors that share it, less 1.'),
    cores_per_package: part(26, 6, 'Ids of cores in the package, less 1; reserved on AMD.'),
  }),
  ebx: fields('Shape of the cache.', {
    line_size: part(0, 12, 'Bytes of a line, less 1.'),
    partitions: part(12, 10, 'Partitions of a line, less 1.'),
    ways: part(22, 10, 'Ways, less 1.'),
  }),
  ecx: (before) => ({
    display: 'dec',
    doc: 'Sets, less 1. Size is ways × partitions × line × sets.',
    note: (value) => shape(before, Number(value)),
  }),
  edx: fields('Behaviour of the cache.', {
    wbinvd: flag(0, 'WBINVD of one thread does not reach lower levels of others.'),
    inclusive: flag(1, 'Holds all that lower levels hold.'),
    complex: flag(2, 'Sets are found by a hash of the address.'),
  }),
};

const tlb8 = (pages: string): RegisterText =>
  fields(`L1 TLBs of ${pages} pages.`, {
    itlb_entries: part(0, 8, 'Entries for instructions.'),
    itlb_assoc: part(8, 8, 'Ways for instructions.', { names: L1_WAYS }),
    dtlb_entries: part(16, 8, 'Entries for data.'),
    dtlb_assoc: part(24, 8, 'Ways for data.', { names: L1_WAYS }),
  });

const assoc = (at: number, whose: string): BitRange =>
  part(at, 4, `Code of the ways${whose}.`, { names: L2_WAYS, display: 'hex' });

const tlb12 = (which: string): RegisterText =>
  fields(`${which} pages.`, {
    itlb_entries: part(0, 12, 'Entries for instructions; all entries where the TLB is unified.'),
    itlb_assoc: assoc(12, ' for instructions'),
    dtlb_entries: part(16, 12, 'Entries for data; 0 where the TLB is unified.'),
    dtlb_assoc: assoc(28, ' for data'),
  });

const l1 = (which: 'data' | 'instruction'): RegisterText =>
  fields(
    `L1 ${which} cache.`,
    {
      line_size: part(0, 8, 'Bytes of a line.'),
      lines_per_tag: part(8, 8, 'Lines that share a tag.'),
      assoc: part(16, 8, 'Ways.', { names: L1_WAYS }),
      size_kib: part(24, 8, 'KiB.'),
    },
    { note: l1Text(which) },
  );

/** Leaves of AMD about caches and TLBs. */
export const AMD_CACHE_LEAVES: Readonly<Record<number, LeafText>> = {
  0x8000_0005: {
    name: 'L1 caches and TLBs',
    eax: tlb8('2 and 4 MiB'),
    ebx: tlb8('4 KiB'),
    ecx: l1('data'),
    edx: l1('instruction'),
  },
  0x8000_0006: {
    name: 'L2 and L3 caches',
    eax: tlb12('L2 TLBs of 2 and 4 MiB'),
    ebx: tlb12('L2 TLBs of 4 KiB'),
    ecx: fields(
      'L2 cache.',
      {
        line_size: part(0, 8, 'Bytes of a line.'),
        lines_per_tag: part(8, 4, 'Lines that share a tag.'),
        assoc: assoc(12, ''),
        size_kib: part(16, 16, 'KiB.'),
      },
      { note: outerText(2) },
    ),
    edx: fields(
      'L3 cache.',
      {
        line_size: part(0, 8, 'Bytes of a line.'),
        lines_per_tag: part(8, 4, 'Lines that share a tag.'),
        assoc: assoc(12, ''),
        size_512k: part(18, 14, 'Size in units of 512 KiB.'),
      },
      { note: outerText(3) },
    ),
  },
  0x8000_0019: {
    name: 'TLBs of 1 GiB pages',
    eax: tlb12('L1 TLBs of 1 GiB'),
    ebx: tlb12('L2 TLBs of 1 GiB'),
  },
};
