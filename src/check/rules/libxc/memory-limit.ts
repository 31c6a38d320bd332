/** Whether the memory in the stream fits into what the configuration gives the domain. */
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

export interface MemoryLimit {
  /** Pages that get memory. */
  readonly pages: number;
  /** target_memkb of the configuration. */
  readonly maxMemory: number;
}

const KIB_PER_PAGE = 4;
/** LIBXL_MAXMEM_CONSTANT, KiB: what libxl allows on top. */
const SLACK = 1024;

/** Returns how many pages a domain of this target_memkb may have. */
export const mostPages = (maxMemory: number): number => Math.floor((maxMemory + SLACK) / KIB_PER_PAGE);

export const MEMORY_LIMIT_RULES: readonly Rule<MemoryLimit>[] = [
  {
    id: 'LC-41',
    layer: 'libxc',
    severity: 'fatal',
    errno: 16,
    perror: true,
    log: [says.libxc('Failed to populate physmap')],
    title: 'more memory in the stream than the configuration gives the domain',
    explain:
      'libxl limits the memory of the domain (target_memkb plus 1 MiB) before any memory arrives; Xen refuses the pages beyond, and page tables that name them cannot be pinned.',
    advice: ADVICE.config,
    source: 'tools/libs/guest/xg_sr_restore.c: populate_pfns(); tools/libs/light/libxl_dom.c: libxl__build_pre()',
    when: ({ pages, maxMemory }) =>
      pages > mostPages(maxMemory) && {
        message: `${pages * KIB_PER_PAGE} KiB of memory in the stream; the configuration gives the domain ${maxMemory} KiB`,
      },
  },
];
