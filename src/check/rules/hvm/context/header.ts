/** What libxc and Xen look at before the first entry is loaded: that there is a context, and its HEADER. */
import { HVM_DESCRIPTOR, HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { HVM_HEADER } from '../../../../format/hvm/header';
import { HvmType } from '../../../../format/hvm/types';
import { RECORD_HEADER } from '../../../../format/framing';
import { fieldsOf } from '../../../../format/kit/fields';
import { sizeOf, type ValueOf } from '../../../../format/kit/layout';
import { hex0x } from '../../../../lib/text';
import { says } from '../../../kit/log-line';
import { type Rule, ADVICE } from '../../../kit/rule';

export const HVM_CONTEXT_RECORD_RULES: readonly Rule<{ readonly length: number }>[] = [
  {
    id: 'LH-01',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('Unable to allocate %u bytes for hvm context')],
    title: 'an empty HVM_CONTEXT',
    explain: 'libxc takes an empty blob for a failed allocation.',
    advice: ADVICE.writer,
    source: 'tools/libs/guest/xg_sr_restore_x86_hvm.c: handle_hvm_context()',
    when: ({ length }) => length === 0 && { values: [0], at: fieldsOf(RECORD_HEADER)('body_length') },
  },
];

/** The start of the context; zeros where it ends before. */
export interface HvmContextHead {
  /** Bytes of the context; 0 where the stream has none. */
  readonly size: number;
  readonly descriptor: ValueOf<typeof HVM_DESCRIPTOR>;
  readonly header: ValueOf<typeof HVM_HEADER>;
  /** Leaf 1 eax of the target's CPU. */
  readonly hostCpuid: number | undefined;
}

const descriptorAt = fieldsOf(HVM_DESCRIPTOR);
const field = fieldsOf(HVM_HEADER, HVM_DESCRIPTOR_SIZE);
const HEADER_END = HVM_DESCRIPTOR_SIZE + sizeOf(HVM_HEADER);

const LOAD = 'xen/arch/x86/hvm/save.c: hvm_load()';
const CHECK = 'xen/arch/x86/hvm/save.c: arch_hvm_check()';
const NO_ROOM = [says.xen('HVM restore: not enough data left to read 8 bytes for type 1 header')];
const common = { layer: 'hypervisor', severity: 'fatal', errno: 61, advice: ADVICE.copy } as const;

/** Family, model and stepping of a CPU, without the last. */
const modelOf = (cpuid: number): number => cpuid >>> 4;

export const HVM_HEADER_RULES: readonly Rule<HvmContextHead>[] = [
  {
    ...common,
    id: 'LH-02',
    log: NO_ROOM,
    title: 'no HVM_CONTEXT: vCPUs and devices are missing',
    explain:
      'libxc hands Xen an empty context, which Xen refuses. A stream whose guest never suspended ends before it is sent.',
    advice: ADVICE.resave,
    source: LOAD,
    when: ({ size }) => size === 0,
  },
  {
    ...common,
    id: 'HH-09',
    log: NO_ROOM,
    title: 'an HVM context that has no room for its first descriptor',
    explain: 'It starts with the HEADER entry.',
    source: LOAD,
    when: ({ size }) => size > 0 && size < HVM_DESCRIPTOR_SIZE,
  },
  {
    ...common,
    id: 'HH-01',
    log: [
      says.xen('HVM restore mismatch: expected strict type 1 length 24, saw type %u length %u.  %zu bytes remaining'),
    ],
    title: 'an HVM context that does not start with its HEADER',
    explain: 'The first entry must be HEADER, of 24 bytes.',
    source: LOAD,
    when: ({ size, descriptor: { typecode, length } }) =>
      (typecode !== HvmType.HEADER || length !== sizeOf(HVM_HEADER) || size < HEADER_END) && {
        values: [typecode, length, Math.max(0, size - HVM_DESCRIPTOR_SIZE)],
        at: descriptorAt('typecode', 'length'),
      },
  },
  {
    ...common,
    id: 'HH-02',
    errno: 22,
    log: [says.xen('HVM{N} restore: bad magic number %#x')],
    title: 'a wrong magic number of the HVM context',
    explain: 'It must be 0x54381286.',
    source: CHECK,
    when: ({ header: { magic } }) =>
      magic !== HVM_HEADER.fields.magic.mustBe && { values: [magic], at: field('magic') },
  },
  {
    ...common,
    id: 'HH-03',
    errno: 22,
    log: [says.xen('HVM{N} restore: unsupported version %u')],
    title: 'an unknown version of the HVM context',
    explain: 'There is only version 1.',
    source: CHECK,
    when: ({ header: { version } }) =>
      version !== HVM_HEADER.fields.version.mustBe && { values: [version], at: field('version') },
  },
  {
    id: 'HH-04',
    layer: 'hypervisor',
    severity: 'note',
    certainty: 'target',
    log: [says.xen('HVM{N} restore: VM saved on one CPU (%#x) and restored on another (%#x).')],
    title: 'saved on another CPU than the target’s',
    explain: 'Family, model or stepping differ. Xen reports it and goes on.',
    advice: ADVICE.none,
    source: CHECK,
    when: ({ header: { cpuid }, hostCpuid }) =>
      hostCpuid !== undefined &&
      modelOf(cpuid) !== modelOf(hostCpuid) && {
        values: [cpuid, hostCpuid],
        settled: true,
        message: `saved on CPU ${hex0x(cpuid)}, the target’s is ${hex0x(hostCpuid)}`,
        at: field('cpuid'),
      },
  },
];
