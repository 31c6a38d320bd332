/** Whether the memory in the stream fits into what the configuration gives the domain. */
import { type Rule, TODO } from '../rule';

export interface MemoryLimit {
  /** Pages that get memory. */
  readonly pages: number;
  /** max_memkb of the configuration. */
  readonly maxMemory: number;
}

const KIB_PER_PAGE = 4;
/** LIBXL_MAXMEM_CONSTANT, KiB: what libxl allows on top. */
const SLACK = 1024;

export const MEMORY_LIMIT_RULES: readonly Rule<MemoryLimit>[] = [
  {
    id: 'LC-41',
    layer: 'libxc',
    severity: 'fatal',
    // The configuration may be another at the restore, and Xen has the last word on memory.
    certainty: 'target',
    errno: 16,
    perror: true,
    log: ['Failed to populate physmap'],
    title: 'more memory in the stream than the configuration gives the domain',
    explain:
      'libxl sets the most that a domain may have (max_memkb and 1 MiB) before memory arrives; Xen refuses the pages beyond, and page tables that name them cannot be pinned.',
    todo: TODO.config,
    source: 'tools/libs/guest/xg_sr_restore.c: populate_pfns(); tools/libs/light/libxl_dom.c: libxl__build_pre()',
    when: ({ pages, maxMemory }) =>
      pages * KIB_PER_PAGE > maxMemory + SLACK && {
        message: `${pages * KIB_PER_PAGE} KiB of memory in the stream; the configuration gives the domain ${maxMemory} KiB`,
      },
  },
];
