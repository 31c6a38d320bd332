/** Every header and record type: name, length rule, what it is for. How bodies decode is in `decoders.ts`. */
import { PAGE_SIZE } from './page';
import { LibxcType } from './libxc/types';
import { LibxlType } from './libxl/records';

export const LAYERS = ['xl', 'libvirt', 'libxl', 'libxc'] as const;
export type Layer = (typeof LAYERS)[number];

/** What a record is for; decides its colour. */
const GROUPS = ['header', 'info', 'policy', 'pages', 'cpu', 'device', 'control', 'unknown'] as const;
export type Group = (typeof GROUPS)[number];

/**
 * body_length that a reader accepts: `min`, `min + step`, … up to `max`. Source: the restore handlers of
 * tools/libs/guest/xg_sr_restore*.c and xg_sr_common_x86*.c.
 */
export interface LengthRule {
  readonly min: number;
  readonly max: number;
  readonly step?: number;
}

export interface RecordSpec {
  readonly name: string;
  readonly group: Group;
  /** One sentence: what the record carries. */
  readonly doc: string;
  readonly length: LengthRule;
  /** The body starts with the id of the VCPU that it belongs to. */
  readonly perVcpu?: true;
}

const exactly = (length: number): LengthRule => ({ min: length, max: length });
const atLeast = (min: number, step = 1): LengthRule => ({ min, max: Number.POSITIVE_INFINITY, step });
const empty = { length: exactly(0) } as const;

const LIBXC: Readonly<Record<number, RecordSpec>> = {
  [LibxcType.END]: { name: 'END', group: 'control', doc: 'End of the libxc stream.', ...empty },
  [LibxcType.PAGE_DATA]: {
    name: 'PAGE_DATA',
    group: 'pages',
    doc: 'Contents of guest pages, with the type of each.',
    length: atLeast(16, 8),
  },
  [LibxcType.X86_PV_INFO]: {
    name: 'X86_PV_INFO',
    group: 'info',
    doc: 'Word size and paging levels of a PV guest.',
    length: exactly(8),
  },
  [LibxcType.X86_PV_P2M_FRAMES]: {
    name: 'X86_PV_P2M_FRAMES',
    group: 'info',
    doc: 'Which guest pages hold the PFN → MFN table; sets the highest PFN.',
    length: atLeast(16, 8),
  },
  [LibxcType.X86_PV_VCPU_BASIC]: {
    name: 'X86_PV_VCPU_BASIC',
    group: 'cpu',
    doc: 'Registers of a PV VCPU.',
    length: atLeast(8),
    perVcpu: true,
  },
  [LibxcType.X86_PV_VCPU_EXTENDED]: {
    name: 'X86_PV_VCPU_EXTENDED',
    group: 'cpu',
    doc: 'SYSENTER and 32-bit SYSCALL callbacks and machine-check state of a PV VCPU.',
    length: { min: 8, max: 136 },
    perVcpu: true,
  },
  [LibxcType.X86_PV_VCPU_XSAVE]: {
    name: 'X86_PV_VCPU_XSAVE',
    group: 'cpu',
    doc: 'FPU, SSE, AVX and further extended state of a PV VCPU.',
    length: atLeast(8),
    perVcpu: true,
  },
  [LibxcType.SHARED_INFO]: {
    name: 'SHARED_INFO',
    group: 'info',
    doc: 'The page shared between a PV guest and Xen.',
    length: exactly(PAGE_SIZE),
  },
  [LibxcType.X86_TSC_INFO]: {
    name: 'X86_TSC_INFO',
    group: 'info',
    doc: 'Time stamp counter mode and the guest’s time.',
    length: exactly(24),
  },
  [LibxcType.HVM_CONTEXT]: {
    name: 'HVM_CONTEXT',
    group: 'cpu',
    doc: 'VCPUs and emulated devices of an HVM guest, as Xen saves them.',
    length: atLeast(1),
  },
  [LibxcType.HVM_PARAMS]: {
    name: 'HVM_PARAMS',
    group: 'info',
    doc: 'Parameters of an HVM guest.',
    length: atLeast(8, 8),
  },
  [LibxcType.TOOLSTACK]: {
    name: 'TOOLSTACK',
    group: 'info',
    doc: 'Data of an upper toolstack; no release of Xen accepts it.',
    length: atLeast(0),
  },
  [LibxcType.X86_PV_VCPU_MSRS]: {
    name: 'X86_PV_VCPU_MSRS',
    group: 'cpu',
    doc: 'MSRs of a PV VCPU.',
    length: atLeast(8, 16),
    perVcpu: true,
  },
  [LibxcType.VERIFY]: {
    name: 'VERIFY',
    group: 'control',
    doc: 'From here on pages are compared with what was sent before, not stored.',
    ...empty,
  },
  [LibxcType.CHECKPOINT]: {
    name: 'CHECKPOINT',
    group: 'control',
    doc: 'The libxc part of a Remus or COLO checkpoint is complete.',
    ...empty,
  },
  [LibxcType.CHECKPOINT_DIRTY_PFN_LIST]: {
    name: 'CHECKPOINT_DIRTY_PFN_LIST',
    group: 'info',
    doc: 'PFNs that the secondary dirtied (COLO); belongs on the back channel.',
    length: atLeast(0, 8),
  },
  [LibxcType.STATIC_DATA_END]: {
    name: 'STATIC_DATA_END',
    group: 'control',
    doc: 'All that is needed before memory has been sent.',
    ...empty,
  },
  [LibxcType.X86_CPUID_POLICY]: {
    name: 'X86_CPUID_POLICY',
    group: 'policy',
    doc: 'CPUID leaves that the guest sees.',
    length: atLeast(24, 24),
  },
  [LibxcType.X86_MSR_POLICY]: {
    name: 'X86_MSR_POLICY',
    group: 'policy',
    doc: 'MSRs that describe the CPU to the guest.',
    length: atLeast(16, 16),
  },
};

const LIBXL: Readonly<Record<number, RecordSpec>> = {
  [LibxlType.END]: { name: 'END', group: 'control', doc: 'End of the libxl stream.', ...empty },
  [LibxlType.LIBXC_CONTEXT]: {
    name: 'LIBXC_CONTEXT',
    group: 'control',
    doc: 'A complete libxc stream follows.',
    ...empty,
  },
  [LibxlType.EMULATOR_XENSTORE_DATA]: {
    name: 'EMULATOR_XENSTORE_DATA',
    group: 'device',
    doc: 'Xenstore entries of the device model.',
    length: atLeast(8),
  },
  [LibxlType.EMULATOR_CONTEXT]: {
    name: 'EMULATOR_CONTEXT',
    group: 'device',
    doc: 'State of the device model (QEMU).',
    length: atLeast(8),
  },
  [LibxlType.CHECKPOINT_END]: {
    name: 'CHECKPOINT_END',
    group: 'control',
    doc: 'A checkpoint is complete; libxc records follow.',
    ...empty,
  },
  [LibxlType.CHECKPOINT_STATE]: {
    name: 'CHECKPOINT_STATE',
    group: 'control',
    doc: 'State of a COLO checkpoint.',
    length: exactly(4),
  },
};

/** Headers, by the number that the index keeps for them in place of a type. */
export const HeaderType = {
  XL_HEADER: 0,
  LIBVIRT_HEADER: 1,
  LIBXL_HEADER: 2,
  IMAGE_HEADER: 3,
  DOMAIN_HEADER: 4,
} as const;

const header = (name: string, doc: string): RecordSpec => ({ name, group: 'header', doc, length: atLeast(0) });

const HEADERS: Readonly<Record<number, RecordSpec>> = {
  [HeaderType.XL_HEADER]: header('XL_HEADER', 'Header of an xl save file, with the domain configuration.'),
  [HeaderType.LIBVIRT_HEADER]: header('LIBVIRT_HEADER', 'Header of a libvirt save file, with the domain XML.'),
  [HeaderType.LIBXL_HEADER]: header('LIBXL_HEADER', 'Header of the libxl stream.'),
  [HeaderType.IMAGE_HEADER]: header('IMAGE_HEADER', 'Header of the libxc stream.'),
  [HeaderType.DOMAIN_HEADER]: header('DOMAIN_HEADER', 'What kind of guest, saved by which Xen.'),
};

/** What the format says of a record type; undefined for one that it does not define. */
export function recordSpec(layer: Layer, type: number): RecordSpec | undefined {
  return (layer === 'libxc' ? LIBXC : LIBXL)[type];
}

export function headerSpec(headerType: number): RecordSpec | undefined {
  return HEADERS[headerType];
}

export function fitsRule({ min, max, step = 1 }: LengthRule, length: number): boolean {
  return length >= min && length <= max && (length - min) % step === 0;
}

/** Name of an unassigned type, as `list` and the timeline spell it. */
export function unknownName(type: number): string {
  return `0x${type.toString(16).padStart(8, '0')}`;
}

/** Names of all headers and records that the format defines. */
export function recordNames(): string[] {
  const specs = [HEADERS, LIBXL, LIBXC].flatMap((table) => Object.values(table));
  return [...new Set(specs.map(({ name }) => name))];
}
