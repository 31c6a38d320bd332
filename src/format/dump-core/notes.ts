/** What the notes of a dump-core file say. Source: docs/misc/dump-core-format.txt, public/elfnote.h, public/version.h. */
import { bytes, struct, text, u32, u64 } from '../kit/layout';

const SOURCE = 'docs/misc/dump-core-format.txt';

/** Kinds of note in a dump-core file (n_type). */
export const DumpCoreNote = {
  NONE: 0x200_0000,
  HEADER: 0x200_0001,
  XEN_VERSION: 0x200_0002,
  FORMAT_VERSION: 0x200_0003,
} as const;

/** xch_magic of a PV guest. */
export const CORE_MAGIC = 0xf00f_ebedn;
/** xch_magic of a guest whose addresses Xen translates. */
export const CORE_MAGIC_HVM = 0xf00f_ebeen;
/** The one version of the format. */
export const CORE_FORMAT_VERSION = 1n;

export const DUMPCORE_HEADER = struct(
  'xen_dumpcore_elfnote_header_desc',
  {
    xch_magic: u64({ display: 'hex', doc: '0xf00febed for PV guests, 0xf00febee for others.' }),
    xch_nr_vcpus: u64({ doc: 'Elements of .xen_prstatus.' }),
    xch_nr_pages: u64({ doc: 'Pages in .xen_pages, elements of .xen_p2m or .xen_pfn.' }),
    xch_page_size: u64({ display: 'bytes', doc: 'Size of a page.' }),
  },
  { source: SOURCE },
);

const common = {
  major_version: u64({ doc: 'Major version of Xen.' }),
  minor_version: u64({ doc: 'Minor version of Xen.' }),
  extra_version: text(16, { doc: 'What follows the version, as “.7”.' }),
  compiler: text(64, { doc: 'Compiler of that Xen.' }),
  compile_by: text(16, { doc: 'Who compiled it.' }),
  compile_domain: text(32, { doc: 'Where it was compiled.' }),
  compile_date: text(32, { doc: 'When it was compiled.' }),
  capabilities: text(1024, { doc: 'Kinds of guests that it runs.' }),
  changeset: text(64, { doc: 'Commit of its source.' }),
};

export const XEN_VERSION_64 = struct(
  'xen_dumpcore_elfnote_xen_version_desc',
  {
    ...common,
    virt_start: u64({ display: 'hex', doc: 'Where Xen starts in the address space of a guest.' }),
    pagesize: u64({ display: 'bytes', doc: 'Size of a page.' }),
  },
  { source: SOURCE },
);

export const XEN_VERSION_32 = struct(
  'xen_dumpcore_elfnote_xen_version_desc (32-bit guest)',
  {
    ...common,
    virt_start: u32({ display: 'hex', doc: 'Where Xen starts in the address space of a guest.' }),
    pagesize: u64({ display: 'bytes', doc: 'Size of a page.' }),
    rest: bytes(4, { doc: 'The note is as long as that of a 64-bit guest; means nothing.' }),
  },
  { source: SOURCE },
);

export const DUMPCORE_FORMAT_VERSION = struct(
  'xen_dumpcore_elfnote_format_version_desc',
  { version: u64({ display: 'hex', doc: 'Major version in the upper 32 bits, minor in the lower; 1.' }) },
  { source: SOURCE },
);

export const DUMPCORE_P2M = struct(
  'xen_dumpcore_p2m',
  {
    pfn: u64({ display: 'hex', doc: 'PFN of the page at the same place in .xen_pages.' }),
    gmfn: u64({
      display: 'hex',
      doc: 'Its frame as page tables name it: in an export the PFN again, or the machine frame on the host that saved.',
    }),
  },
  { source: SOURCE },
);
