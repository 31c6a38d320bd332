/**
 * The record types of libxc: their numbers, and one row each for all else that is said of a type. Layouts, which are
 * large, are in files of their own; `decoders` names one for each type.
 */
import { PAGE_SIZE } from '../page';
import { atLeast, exactly, type RecordRow } from '../record-spec';
import { VCPU_HEADER_SIZE } from './vcpu-header';

/** Numbers of the types. Source: tools/libs/guest/xg_sr_stream_format.h (REC_TYPE_*). */
export const LibxcType = {
  END: 0x00,
  PAGE_DATA: 0x01,
  X86_PV_INFO: 0x02,
  X86_PV_P2M_FRAMES: 0x03,
  X86_PV_VCPU_BASIC: 0x04,
  X86_PV_VCPU_EXTENDED: 0x05,
  X86_PV_VCPU_XSAVE: 0x06,
  SHARED_INFO: 0x07,
  X86_TSC_INFO: 0x08,
  HVM_CONTEXT: 0x09,
  HVM_PARAMS: 0x0a,
  TOOLSTACK: 0x0b,
  X86_PV_VCPU_MSRS: 0x0c,
  VERIFY: 0x0d,
  CHECKPOINT: 0x0e,
  CHECKPOINT_DIRTY_PFN_LIST: 0x0f,
  STATIC_DATA_END: 0x10,
  X86_CPUID_POLICY: 0x11,
  X86_MSR_POLICY: 0x12,
} as const;

/** Bit 31 of a type: a reader that does not know the record may skip it. */
export const OPTIONAL_RECORD = 0x8000_0000;

/** Longest body that Xen accepts, bytes: REC_LENGTH_MAX since 4.10. */
export const REC_LENGTH_MAX = 128 * 1024 * 1024;

/**
 * Which records of a type a restore keeps, and what they are called: the first, the last, all in a list, the last of each
 * vCPU; a policy is the last before STATIC_DATA_END. `none`: it is applied at once, or there is nothing in it.
 */
type Kept = 'none' | readonly [how: 'first' | 'last' | 'policy' | 'list' | 'vcpu', as: string];

/** A libxc record type. */
export type LibxcRow = RecordRow & {
  /** What a restore keeps of it until the stream has ended. */
  readonly kept: Kept;
  /** How libxc spells the type in its log. Source: tools/libs/guest/xg_sr_common.c (rec_type_to_str). */
  readonly logName: string;
  /** Version of the stream that the type came with: 2 with Xen 4.6, 3 with Xen 4.14. */
  readonly stream: 2 | 3;
};

/** A record without a body, which every reader takes. */
const empty = { length: exactly(0), takenFor: 'all', stream: 2, kept: 'none' } as const;

/** State of one vCPU of a PV guest, behind a header that names the vCPU. */
const ofVcpu = {
  group: 'cpu',
  takenFor: 'pv',
  perVcpu: true,
  stream: 2,
} as const;

/** Every type that the specification defines. Source: docs/specs/libxc-migration-stream.pandoc, xg_sr_restore*.c. */
export const LIBXC_RECORDS = {
  END: { group: 'control', doc: 'End of the libxc stream.', logName: 'End', ...empty },
  PAGE_DATA: {
    group: 'pages',
    doc: 'Contents of guest pages, with the type of each.',
    logName: 'Page data',
    length: atLeast(16, 8),
    takenFor: 'all',
    kept: 'none',
    stream: 2,
  },
  X86_PV_INFO: {
    group: 'info',
    doc: 'Word size and paging levels of a PV guest.',
    logName: 'x86 PV info',
    length: exactly(8),
    takenFor: 'pv',
    kept: ['first', 'pvInfo'],
    stream: 2,
  },
  X86_PV_P2M_FRAMES: {
    group: 'info',
    doc: 'Which guest pages hold the PFN → MFN table; sets the highest PFN.',
    logName: 'x86 PV P2M frames',
    length: atLeast(16, 8),
    takenFor: 'pv',
    kept: ['list', 'p2mFrames'],
    stream: 2,
  },
  X86_PV_VCPU_BASIC: {
    doc: 'Registers of a PV vCPU.',
    logName: 'x86 PV vcpu basic',
    length: atLeast(VCPU_HEADER_SIZE),
    kept: ['vcpu', 'basic'],
    ...ofVcpu,
  },
  X86_PV_VCPU_EXTENDED: {
    doc: 'SYSENTER and 32-bit SYSCALL callbacks and machine-check state of a PV vCPU.',
    logName: 'x86 PV vcpu extended',
    length: { min: VCPU_HEADER_SIZE, max: VCPU_HEADER_SIZE + 128 },
    kept: ['vcpu', 'extended'],
    ...ofVcpu,
  },
  X86_PV_VCPU_XSAVE: {
    doc: 'FPU, SSE, AVX and further extended state of a PV vCPU.',
    logName: 'x86 PV vcpu xsave',
    length: atLeast(VCPU_HEADER_SIZE),
    kept: ['vcpu', 'xsave'],
    ...ofVcpu,
  },
  SHARED_INFO: {
    group: 'info',
    doc: 'The page shared between a PV guest and Xen.',
    logName: 'Shared info',
    length: exactly(PAGE_SIZE),
    takenFor: 'pv',
    kept: ['last', 'sharedInfo'],
    stream: 2,
  },
  X86_TSC_INFO: {
    group: 'info',
    doc: 'Time stamp counter mode and the guest’s time.',
    logName: 'x86 TSC info',
    length: exactly(24),
    takenFor: 'all',
    kept: ['last', 'tscInfo'],
    stream: 2,
  },
  HVM_CONTEXT: {
    group: 'cpu',
    doc: 'vCPUs and emulated devices of an HVM guest, as Xen saves them.',
    logName: 'HVM context',
    length: atLeast(1),
    takenFor: 'hvm',
    walked: true,
    kept: ['last', 'hvmContext'],
    stream: 2,
  },
  HVM_PARAMS: {
    group: 'info',
    doc: 'Parameters of an HVM guest.',
    logName: 'HVM params',
    length: atLeast(8, 8),
    takenFor: 'hvm',
    kept: ['list', 'hvmParams'],
    stream: 2,
  },
  TOOLSTACK: {
    group: 'info',
    doc: 'Data of an upper toolstack; no release of Xen accepts it.',
    logName: 'Toolstack',
    length: atLeast(0),
    takenFor: 'none',
    kept: 'none',
    stream: 2,
  },
  X86_PV_VCPU_MSRS: {
    doc: 'MSRs of a PV vCPU.',
    logName: 'x86 PV vcpu msrs',
    length: atLeast(VCPU_HEADER_SIZE, 16),
    kept: ['vcpu', 'msrs'],
    ...ofVcpu,
  },
  VERIFY: {
    group: 'control',
    doc: 'From here on pages are compared with what was sent before, not stored.',
    logName: 'Verify',
    ...empty,
  },
  CHECKPOINT: {
    group: 'control',
    doc: 'The libxc part of a Remus or COLO checkpoint is complete.',
    logName: 'Checkpoint',
    ...empty,
  },
  // Only the secondary of COLO sends it, over the channel back, where no restore reads.
  CHECKPOINT_DIRTY_PFN_LIST: {
    group: 'info',
    doc: 'PFNs that the secondary dirtied (COLO); belongs on the back channel.',
    logName: 'Checkpoint dirty pfn list',
    length: atLeast(0, 8),
    takenFor: 'none',
    kept: 'none',
    stream: 2,
  },
  STATIC_DATA_END: {
    group: 'control',
    doc: 'All that is needed before memory has been sent.',
    logName: 'Static data end',
    ...empty,
    stream: 3,
  },
  X86_CPUID_POLICY: {
    group: 'policy',
    doc: 'CPUID leaves that the guest sees.',
    logName: 'x86 CPUID policy',
    length: atLeast(24, 24),
    takenFor: 'all',
    kept: ['policy', 'cpuidPolicy'],
    stream: 3,
  },
  X86_MSR_POLICY: {
    group: 'policy',
    doc: 'MSRs that describe the CPU to the guest.',
    logName: 'x86 MSR policy',
    length: atLeast(16, 16),
    takenFor: 'all',
    kept: ['policy', 'msrPolicy'],
    stream: 3,
  },
} as const satisfies Readonly<Record<keyof typeof LibxcType, LibxcRow>>;

type Table = typeof LIBXC_RECORDS;

/** The names under which records are kept in one of these ways. */
export type KeptAs<How extends string> = {
  [Name in keyof Table]: Table[Name]['kept'] extends readonly [How, infer As extends string] ? As : never;
}[keyof Table];
