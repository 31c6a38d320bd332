/** Lines of xen/arch/x86/mm.c about page tables that are refused, as its newest version has them: of debug builds only. */
export const PAGE_TYPE_LINES = {
  l1Flags: 'Bad L1 flags %#x',
  flags: 'Bad L%u flags %x',
  wrongType: 'Bad type (saw %016lx != exp %016lx) for mfn %05lx (pfn %05lx)',
  notWritable: 'Could not get page type PGT_writable_page',
  noFrame: 'Error getting mfn %05lx (pfn %05lx) from L1 entry %016lx for l1e_owner d{N}, pg_owner d{N}',
  notOwned: 'pg_owner d{N} l1e_owner d{N}, but real_pg_owner d{N}',
  foreign: 'd{N} non-privileged attempt to map MMIO space %05lx',
  linearWrite: 'Attempt to create linear p.t. with write perms',
  sharedSlot: 'PAE L3 3rd slot is shared',
  failure: 'Failure %d in promote_l%u_table: slot %#x',
  validating: 'Error while validating mfn %05lx (pfn %05lx) for type %016lx: caf=%08lx taf=%016lx',
  pinning: 'Error %d while pinning mfn %05lx',
} as const;
