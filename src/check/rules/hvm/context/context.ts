/** What libxc and Xen look at in the HVM context as a whole: its header, its chain of entries, its end. */
import { hex0x } from '../../../../lib/text';
import { says } from '../../../kit/log-line';
import { type Rule, ADVICE } from '../../../kit/rule';
import type { XenVersion } from '../../../kit/xen-version';
import { hvmSizes } from './entry';

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
    when: ({ length }) => length === 0 && { values: [0], at: { offset: 4, length: 4 } },
  },
];

const SAVE = 'xen/arch/x86/hvm/save.c';
const HEADER_SIZE = 24;

/** The start of the context; zeros where it ends before. */
export interface HvmContextHead {
  /** Bytes of the context; 0 where the stream has none. */
  readonly size: number;
  readonly typecode: number;
  readonly length: number;
  readonly magic: number;
  readonly version: number;
  readonly cpuid: number;
  /** Leaf 1 eax of the target's CPU. */
  readonly hostCpuid: number | undefined;
}

const common = { layer: 'hypervisor', severity: 'fatal', errno: 61, advice: ADVICE.copy } as const;

export const HVM_HEADER_RULES: readonly Rule<HvmContextHead>[] = [
  {
    ...common,
    id: 'LH-02',
    log: [says.xen('HVM restore: not enough data left to read 8 bytes for type 1 header')],
    title: 'no HVM_CONTEXT: VCPUs and devices are missing',
    explain:
      'libxc hands Xen an empty context, which Xen refuses. A stream whose guest never suspended ends before it is sent.',
    advice: ADVICE.resave,
    source: `${SAVE}: hvm_load()`,
    when: ({ size }) => size === 0,
  },
  {
    ...common,
    id: 'HH-09',
    log: [says.xen('HVM restore: not enough data left to read 8 bytes for type 1 header')],
    title: 'an HVM context that has no room for its first descriptor',
    explain: 'It starts with the HEADER entry.',
    source: `${SAVE}: hvm_load()`,
    when: ({ size }) => size > 0 && size < 8,
  },
  {
    ...common,
    id: 'HH-01',
    log: [
      says.xen('HVM restore mismatch: expected strict type 1 length 24, saw type %u length %u.  %zu bytes remaining'),
    ],
    title: 'an HVM context that does not start with its HEADER',
    explain: 'The first entry must be HEADER, of 24 bytes.',
    source: `${SAVE}: hvm_load()`,
    when: ({ size, typecode, length }) =>
      (typecode !== 1 || length !== HEADER_SIZE || size < 8 + HEADER_SIZE) && {
        values: [typecode, length, Math.max(0, size - 8)],
        at: { offset: 0, length: 8 },
      },
  },
  {
    ...common,
    id: 'HH-02',
    errno: 22,
    log: [says.xen('HVM{N} restore: bad magic number %#x')],
    title: 'a wrong magic number of the HVM context',
    explain: 'It must be 0x54381286.',
    source: `${SAVE}: arch_hvm_check()`,
    when: ({ magic }) => magic !== 0x5438_1286 && { values: [magic], at: { offset: 8, length: 4 } },
  },
  {
    ...common,
    id: 'HH-03',
    errno: 22,
    log: [says.xen('HVM{N} restore: unsupported version %u')],
    title: 'a version of the HVM context that Xen does not know',
    explain: 'There is only version 1.',
    source: `${SAVE}: arch_hvm_check()`,
    when: ({ version }) => version !== 1 && { values: [version], at: { offset: 12, length: 4 } },
  },
  {
    id: 'HH-04',
    layer: 'hypervisor',
    severity: 'note',
    certainty: 'target',
    log: [says.xen('HVM{N} restore: VM saved on one CPU (%#x) and restored on another (%#x).')],
    title: 'saved on another CPU than the target’s',
    explain: 'Family, model or stepping differ. Xen says so and goes on.',
    advice: ADVICE.none,
    source: `${SAVE}: arch_hvm_check()`,
    when: ({ cpuid, hostCpuid }) =>
      hostCpuid !== undefined &&
      cpuid >>> 4 !== hostCpuid >>> 4 && {
        values: [cpuid, hostCpuid],
        settled: true,
        message: `saved on CPU ${hex0x(cpuid)}, the target’s is ${hex0x(hostCpuid)}`,
        at: { offset: 24, length: 4 },
      },
  },
];

/** A place where a descriptor must stand. */
export interface HvmStep {
  readonly left: number;
  readonly typecode: number;
  readonly instance: number;
  readonly length: number;
  readonly xen: XenVersion;
}

export const HVM_STEP_RULES: readonly Rule<HvmStep>[] = [
  {
    ...common,
    id: 'HH-05',
    log: [says.xen('HVM{N} restore: save did not end with a null entry')],
    title: 'the HVM context ends without its END entry',
    explain: 'The last entry must be END; here is no room for a descriptor.',
    source: `${SAVE}: hvm_load()`,
    when: ({ left }) => left < 8,
  },
  {
    ...common,
    id: 'HH-06',
    errno: 22,
    log: [says.xen('HVM{N} restore: unknown entry typecode %u')],
    title: 'a type of entry that Xen does not load',
    explain: 'Xen loads types 2 to 20. A wrong length of the entry before puts the reader in the wrong place.',
    advice: ADVICE.newer,
    source: `${SAVE}: hvm_load()`,
    when: ({ typecode, xen }) =>
      typecode !== 0 && hvmSizes(xen)[typecode] === undefined && { values: [typecode], at: { offset: 0, length: 2 } },
  },
  {
    ...common,
    id: 'HH-07',
    errno: 22,
    certainty: 'target',
    versions: { from: 422 },
    log: [says.xen('HVM{N} restore: unknown entry typecode %u')],
    title: 'Hyper-V state; a Xen built without CONFIG_VIRIDIAN does not load it',
    explain: 'Since 4.22 Xen can be built without its Hyper-V interface, and then knows no such entry.',
    advice: 'Restore on a Xen that is built with CONFIG_VIRIDIAN, as it is by default.',
    source: 'xen/arch/x86/hvm/Kconfig: VIRIDIAN',
    when: ({ typecode }) => typecode === 15 && { values: [typecode], at: { offset: 0, length: 2 } },
  },
  {
    ...common,
    id: 'HH-08',
    versions: { from: 419 },
    title: 'an entry that leads out of the context',
    explain: 'Its length is larger than what is left. Xen prints nothing; libxc only hears of error 61.',
    source: `${SAVE}: hvm_load()`,
    when: ({ typecode, length, left, xen }) => {
      const size = hvmSizes(xen)[typecode];
      return size !== undefined && size.checked !== true && length > left - 8 && { at: { offset: 4, length: 4 } };
    },
  },
];

/** What a context, loaded in whole, left out. */
export interface HvmPresence {
  readonly cpus: readonly number[];
  /** VCPUs with registers but without APIC state. */
  readonly noLapic: readonly number[];
  /** Devices of the board that are left out while others of it are there. */
  readonly noDevices: readonly string[];
  /** VCPUs in the context twice. */
  readonly repeated: readonly string[];
  /** Bytes behind END. */
  readonly rest: number;
}

export const HVM_PRESENCE_RULES: readonly Rule<HvmPresence>[] = [
  {
    id: 'HH-61',
    layer: 'spec',
    severity: 'warning',
    title: 'no registers of VCPU 0: it stays down',
    explain: 'Xen starts only VCPUs that have a CPU entry. A guest does not suspend with VCPU 0 down.',
    advice: ADVICE.resave,
    source: `${SAVE}: hvm_load()`,
    when: ({ cpus }) =>
      !cpus.includes(0) && {
        message:
          cpus.length === 0
            ? 'no registers of any VCPU: the domain never runs'
            : 'no registers of VCPU 0: it stays down',
      },
  },
  {
    id: 'HH-63',
    layer: 'spec',
    severity: 'warning',
    title: 'no APIC state of a VCPU: it is reset',
    explain: 'The VCPU gets an APIC as after power-on: interrupts that the guest has set up are lost.',
    advice: ADVICE.resave,
    source: 'xen/arch/x86/hvm/vlapic.c',
    when: ({ noLapic }) => noLapic.length > 0 && { message: `no APIC state of VCPU ${noLapic.slice(0, 8).join(', ')}` },
  },
  {
    id: 'HH-70',
    layer: 'spec',
    severity: 'warning',
    title: 'no state of a device of the board: it is reset',
    explain:
      'An HVM guest has interrupt controllers and timers, and Xen saves all of them. One that is left out is as after power-on: interrupts or time that the guest has set up are lost.',
    advice: ADVICE.resave,
    source: `${SAVE}: hvm_save(), hvm_load()`,
    when: ({ noDevices }) => noDevices.length > 0 && { message: `no state of ${noDevices.join(', ')}` },
  },
  {
    id: 'HH-64',
    layer: 'spec',
    severity: 'note',
    title: 'an entry that is there twice: the last one counts',
    explain: 'Xen loads each as it meets it.',
    advice: ADVICE.none,
    source: `${SAVE}: hvm_load()`,
    when: ({ repeated }) => repeated.length > 0 && { message: `there twice: ${repeated.slice(0, 8).join(', ')}` },
  },
  {
    id: 'HH-60',
    layer: 'spec',
    severity: 'note',
    title: 'bytes behind the END entry; Xen does not look at them',
    explain: 'The context is longer than its entries.',
    advice: ADVICE.none,
    source: `${SAVE}: hvm_load()`,
    when: ({ rest }) => rest > 0 && { message: `${rest} bytes behind the END entry` },
  },
];
