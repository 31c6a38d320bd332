/** Every structure that is described by a layout, by chapter: the reference pages and the tests go over all of them. */
import { ELF_HEADER, NOTE_HEADER, PROGRAM_HEADER, SECTION_HEADER } from './dump-core/elf';
import {
  DUMPCORE_FORMAT_VERSION,
  DUMPCORE_HEADER,
  DUMPCORE_P2M,
  XEN_VERSION_32,
  XEN_VERSION_64,
} from './dump-core/notes';
import { ELF_PRSTATUS } from './dump-core/prstatus';
import { HVM_LAYOUTS } from './hvm/layouts';
import type { StructField } from './kit/layout';
import { HEADERS } from './layers';
import { DOMAIN_HEADER, IMAGE_HEADER } from './libxc/headers';
import { HVM_PARAMS } from './libxc/hvm-params';
import { PLAIN_RECORDS } from './libxc/info';
import { X86_PV_P2M_FRAMES } from './libxc/p2m-frames';
import { CPUID_LEAF, MSR_ENTRY } from './libxc/policy';
import { PAGE_DATA_HEADER } from './libxc/page-data';
import { SHARED_INFO_32, SHARED_INFO_64 } from './libxc/shared-info';
import { LIBXL_HEADER } from './libxl/header';
import { CHECKPOINT_STATE, EMULATOR_HEADER } from './libxl/layouts';
import {
  DEVICE_MODEL_RECORD,
  QEMU_COMMAND,
  QEMU_CONFIGURATION,
  QEMU_EOF,
  QEMU_FOOTER,
  QEMU_HEADER,
  QEMU_PART,
  QEMU_SECTION,
  QEMU_SUBSECTION,
  QEMU_VMDESCRIPTION,
} from './qemu/layouts';
import { EXT_VCPUCONTEXT } from './pv/extended';
import { GUEST_CONTEXT_32 } from './pv/guest-context-32';
import { GUEST_CONTEXT_64 } from './pv/guest-context-64';
import { START_INFO_32, START_INFO_64 } from './pv/start-info';
import { VCPU_HEADER } from './libxc/vcpu-header';
import { LEAF_LAYOUTS, MSR_LAYOUTS } from './x86/cpuid/leaf-layouts';
import { FXSAVE } from './x86/fxsave';
import { HVM_XSAVE, PV_XSAVE, XSAVE_HEADER } from './x86/xsave-layouts';
import { COMPONENTS } from './x86/xsave-components';
import { SEGMENT_DESCRIPTOR, SYSTEM_DESCRIPTOR_64 } from './x86/descriptor';
import { GATE_32, GATE_64, REAL_VECTOR } from './x86/gate';
import { PAGE_TABLE_ENTRY_32, PAGE_TABLE_ENTRY_64 } from './x86/page-table';
import { XL_CONFIG } from './xl/header';

export interface Chapter {
  /** Name of the page, without ending. */
  readonly page: string;
  readonly title: string;
  readonly layouts: readonly StructField[];
}

/** Headers in front of a stream, with which a file can start. */
const CONTAINER_HEADERS = Object.values(HEADERS)
  .map(({ layout }) => layout)
  .filter((layout) => ![LIBXL_HEADER, IMAGE_HEADER, DOMAIN_HEADER].some((other: StructField) => other === layout));

export const CHAPTERS: readonly Chapter[] = [
  { page: 'containers', title: 'Headers of xl and libvirt', layouts: [...CONTAINER_HEADERS, XL_CONFIG] },
  { page: 'libxl', title: 'The libxl stream', layouts: [LIBXL_HEADER, EMULATOR_HEADER, CHECKPOINT_STATE] },
  {
    page: 'libxc',
    title: 'The libxc stream',
    layouts: [
      IMAGE_HEADER,
      DOMAIN_HEADER,
      PAGE_DATA_HEADER,
      X86_PV_P2M_FRAMES,
      HVM_PARAMS,
      ...Object.values(PLAIN_RECORDS),
    ],
  },
  {
    page: 'qemu',
    title: 'The save file of QEMU',
    layouts: [
      QEMU_HEADER,
      QEMU_SECTION,
      QEMU_SUBSECTION,
      QEMU_PART,
      QEMU_FOOTER,
      QEMU_CONFIGURATION,
      QEMU_COMMAND,
      QEMU_EOF,
      QEMU_VMDESCRIPTION,
      DEVICE_MODEL_RECORD,
    ],
  },
  { page: 'policy', title: 'CPUID and MSR policy', layouts: [CPUID_LEAF, ...LEAF_LAYOUTS, MSR_ENTRY, ...MSR_LAYOUTS] },
  {
    page: 'pv-vcpu',
    title: 'vCPUs of PV guests',
    layouts: [VCPU_HEADER, GUEST_CONTEXT_64, GUEST_CONTEXT_32, EXT_VCPUCONTEXT],
  },
  {
    page: 'pv-pages',
    title: 'Pages that a PV guest shares with Xen',
    layouts: [SHARED_INFO_64, SHARED_INFO_32, START_INFO_64, START_INFO_32],
  },
  { page: 'hvm-context', title: 'The HVM context', layouts: HVM_LAYOUTS },
  {
    page: 'xsave',
    title: 'FPU and extended state',
    layouts: [PV_XSAVE, HVM_XSAVE, FXSAVE, XSAVE_HEADER, ...Object.values(COMPONENTS).map(({ layout }) => layout)],
  },
  {
    page: 'memory',
    title: 'In the guest’s memory',
    layouts: [
      SEGMENT_DESCRIPTOR,
      SYSTEM_DESCRIPTOR_64,
      GATE_32,
      GATE_64,
      REAL_VECTOR,
      PAGE_TABLE_ENTRY_64,
      PAGE_TABLE_ENTRY_32,
    ],
  },
  {
    page: 'dump-core',
    title: 'Core files that are exported',
    layouts: [
      ELF_HEADER,
      SECTION_HEADER,
      PROGRAM_HEADER,
      NOTE_HEADER,
      DUMPCORE_HEADER,
      XEN_VERSION_64,
      XEN_VERSION_32,
      DUMPCORE_FORMAT_VERSION,
      DUMPCORE_P2M,
      ELF_PRSTATUS,
    ],
  },
];
