/** What libxc looks at in HVM_PARAMS. Source: xg_sr_restore_x86_hvm.c. */
import { RECORD_HEADER, RECORD_HEADER_SIZE } from '../../../format/framing';
import { fieldsOf, spanOf } from '../../../format/kit/fields';
import { sizeOf } from '../../../format/kit/layout';
import { HvmParam } from '../../../format/libxc/hvm-param-table';
import { HVM_PARAM, HVM_PARAMS, HVM_PARAMS_HEADER_SIZE } from '../../../format/libxc/hvm-params';
import { says } from '../../kit/log-line';
import { type Hit, type Rule, ADVICE } from '../../kit/rule';
import type { DomainKind } from '../../kit/domain';

/** The start of an HVM_PARAMS record; zeros where it ends before. */
export interface HvmParamsFrame {
  /** Bytes of the body. */
  readonly length: number;
  readonly count: number;
  readonly reserved: number;
}

const HANDLE = 'tools/libs/guest/xg_sr_restore_x86_hvm.c: handle_hvm_params()';
const lengthAt = fieldsOf(RECORD_HEADER)('body_length');
const field = fieldsOf(HVM_PARAMS, RECORD_HEADER_SIZE);
const PARAM_SIZE = sizeOf(HVM_PARAM);

/** Returns what libxc says of a length that does not fit the count. */
const misfit = ({ length, count }: HvmParamsFrame): Hit => ({
  values: [HVM_PARAMS_HEADER_SIZE, count, PARAM_SIZE * count, length],
  at: spanOf(lengthAt, field('count')),
});
const lengthOf = (count: number): number => HVM_PARAMS_HEADER_SIZE + PARAM_SIZE * count;

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
    when: ({ length }) => length < HVM_PARAMS_HEADER_SIZE && { values: [length, HVM_PARAMS_HEADER_SIZE], at: lengthAt },
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
    when: (frame) => frame.length !== lengthOf(frame.count) && misfit(frame),
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
    when: (frame) => frame.length < lengthOf(frame.count) && misfit(frame),
  },
  {
    id: 'LH-06',
    layer: 'libxc',
    severity: 'note',
    log: [says.libxc('Skipping empty HVM_PARAMS record')],
    title: 'an empty HVM_PARAMS; libxc skips it',
    explain: 'Older versions of Xen wrote such records.',
    advice: ADVICE.none,
    source: HANDLE,
    when: ({ length, count }) => length >= HVM_PARAMS_HEADER_SIZE && count === 0,
  },
  {
    id: 'LH-13',
    layer: 'spec',
    severity: 'note',
    title: 'the reserved word of HVM_PARAMS is set; libxc ignores it',
    explain: 'verify-stream-v2 refuses it.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: HVM_PARAMS',
    when: ({ reserved }) => reserved !== 0 && { at: field('reserved') },
  },
];

/** A parameter that libxc hands to Xen. */
export interface HvmParamEntry {
  /** Its number as Xen gets it: 32 bits. */
  readonly index: number;
  /** Its number as it is in the stream: 64 bits. */
  readonly written: bigint;
  readonly value: bigint;
  /** Value that an entry before gave the same parameter. */
  readonly before: bigint | undefined;
  /** Value that libxl gave it before the stream. */
  readonly preset: bigint | undefined;
  readonly kind: DomainKind;
  /** Version of Xen. */
  readonly xen: number;
}

/** What libxc does not hand to Xen. */
export const DROPPED_PARAM_RULES: readonly Rule<{ readonly written: bigint }>[] = [
  {
    id: 'LH-08',
    layer: 'libxc',
    severity: 'note',
    title: 'PAE_ENABLED: libxc drops it',
    explain: 'Xen 4.6 and older sent it. Whether the guest may use PAE is set when the domain is created.',
    advice: ADVICE.none,
    source: HANDLE,
    when: ({ written }) => written === BigInt(HvmParam.PAE_ENABLED),
  },
];
