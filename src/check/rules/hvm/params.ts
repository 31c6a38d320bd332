/** What libxc looks at in HVM_PARAMS. Source: xg_sr_restore_x86_hvm.c. */
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';
import type { DomainKind } from '../../kit/domain';

export interface HvmParamsFrame {
  readonly length: number;
  readonly count: number;
  readonly reserved: number;
}

const HANDLE = 'tools/libs/guest/xg_sr_restore_x86_hvm.c: handle_hvm_params()';
const LENGTH_AT = { offset: 4, length: 4 } as const;

export const HVM_PARAMS_RULES: readonly Rule<HvmParamsFrame>[] = [
  {
    id: 'LH-04',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('HVM_PARAMS record truncated: length %u, header size %zu')],
    title: 'an HVM_PARAMS shorter than its header',
    explain: 'It starts with the count of parameters and a reserved word, 8 bytes.',
    advice: ADVICE.writer,
    source: HANDLE,
    when: ({ length }) => length < 8 && { values: [length, 8], at: LENGTH_AT },
  },
  {
    id: 'LH-05',
    variant: 'other-length',
    layer: 'libxc',
    severity: 'fatal',
    versions: { from: 409 },
    log: [says.libxc('HVM_PARAMS record truncated: header %zu, count %u, expected len %zu, got %u')],
    title: 'an HVM_PARAMS whose length does not fit its count',
    explain: 'Each parameter takes 16 bytes.',
    advice: ADVICE.copy,
    source: HANDLE,
    when: ({ length, count }) =>
      length !== 8 + 16 * count && { values: [8, count, 16 * count, length], at: { offset: 4, length: 8 } },
  },
  {
    id: 'LH-05',
    variant: 'too-short',
    layer: 'libxc',
    severity: 'fatal',
    versions: { before: 409 },
    log: [says.libxc('HVM_PARAMS record truncated: header %zu, count %u, expected len %zu, got %u')],
    title: 'an HVM_PARAMS too short for its count',
    explain: 'Each parameter takes 16 bytes.',
    advice: ADVICE.copy,
    source: 'tools/libxc/xc_sr_restore_x86_hvm.c, before 4.9',
    when: ({ length, count }) =>
      length < 8 + 16 * count && { values: [8, count, 16 * count, length], at: { offset: 4, length: 8 } },
  },
  {
    id: 'LH-06',
    layer: 'libxc',
    severity: 'note',
    log: [says.libxc('Skipping empty HVM_PARAMS record')],
    title: 'an empty HVM_PARAMS; libxc skips it',
    explain: 'Older senders wrote such.',
    advice: ADVICE.none,
    source: HANDLE,
    when: ({ length, count }) => length >= 8 && count === 0,
  },
  {
    id: 'LH-13',
    layer: 'spec',
    severity: 'note',
    title: 'the reserved word of HVM_PARAMS is set; libxc does not look at it',
    explain: 'verify-stream-v2 refuses it.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: HVM_PARAMS',
    when: ({ reserved }) => reserved !== 0 && { at: { offset: 12, length: 4 } },
  },
];

export const HvmParam = {
  STORE_PFN: 1n,
  PAE_ENABLED: 4n,
  IOREQ_PFN: 5n,
  BUFIOREQ_PFN: 6n,
  VIRIDIAN: 9n,
  TIMER_MODE: 10n,
  DM_DOMAIN: 13n,
  ACPI_S_STATE: 14n,
  VM86_TSS: 15n,
  CONSOLE_PFN: 17n,
  ACPI_IOPORTS: 19n,
  TRIPLE_FAULT_REASON: 31n,
  IOREQ_SERVER_PFN: 32n,
  NR_IOREQ_SERVER_PAGES: 33n,
  ALTP2M: 35n,
  X87_FIP_WIDTH: 36n,
  VM86_TSS_SIZED: 37n,
  MCA_CAP: 38n,
} as const;

export interface HvmParamEntry {
  /** As Xen gets it: 32 bits. */
  readonly index: bigint;
  /** As it is in the stream. */
  readonly written: bigint;
  readonly value: bigint;
  /** Value that an entry before gave the same parameter. */
  readonly before: bigint | undefined;
  readonly kind: DomainKind;
  /** Version of Xen. */
  readonly xen: number;
}

/** What libxc does not hand to Xen. */
export const DROPPED_PARAM_RULES: readonly Rule<{ readonly index: bigint }>[] = [
  {
    id: 'LH-08',
    layer: 'libxc',
    severity: 'note',
    title: 'PAE_ENABLED: libxc drops it',
    explain: 'Xen 4.6 and older sent it. Whether the guest may use PAE is set when the domain is created.',
    advice: ADVICE.none,
    source: HANDLE,
    when: ({ index }) => index === HvmParam.PAE_ENABLED,
  },
];
