/** What Xen looks at in a parameter that it is given. Source: xen/arch/x86/hvm/hvm.c, hvm_set_param(). */
import { bitsOf, isSet, maskOf } from '../../../format/kit/bits';
import {
  HVM_PARAM_COUNT,
  HvmParam,
  isNamedValue,
  MCA_FEATURES,
  paramsThatAre,
  SIZED_TSS,
  VIRIDIAN,
} from '../../../format/libxc/hvm-param-table';
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import { type Hit, type Rule, ADVICE } from '../../kit/rule';
import type { XenVersion } from '../../kit/xen-version';
import type { HvmParamEntry } from './params';

const REFUSED = paramsThatAre('refused');
const SET_ONCE = paramsThatAre('once');
const SET = 'xen/arch/x86/hvm/hvm.c: hvm_set_param()';
const ALLOW = 'xen/arch/x86/hvm/hvm.c: hvm_allow_set_param()';
const LOG = [says.libxc('set HVM param %d = 0x%016lx')];

const refused = {
  layer: 'hypervisor',
  severity: 'fatal',
  errno: 22,
  perror: true,
  log: LOG,
  advice: ADVICE.copy,
  source: SET,
} as const;

/** Enlightenments by the release that brought them. Source: public/hvm/params.h, HVMPV_feature_mask. */
const ENLIGHTENMENTS: readonly (readonly [from: XenVersion, names: readonly (keyof typeof VIRIDIAN)[]])[] = [
  [0, ['base_freq', 'no_freq', 'time_ref_count', 'reference_tsc']],
  [407, ['hcall_remote_tlb_flush', 'apic_assist']],
  [409, ['crash_ctl']],
  [413, ['synic', 'stimer', 'hcall_ipi']],
  [415, ['ex_processor_masks', 'no_vp_limit', 'cpu_hotplug']],
];
const viridianMask = (xen: XenVersion): bigint =>
  ENLIGHTENMENTS.filter(([from]) => xen >= from)
    .flatMap(([, names]) => names)
    .reduce((mask, name) => mask | maskOf(VIRIDIAN[name]), 0n);

/** Most pages of ioreq servers. */
const IOREQ_PAGES = 64n;
/** Bytes of a TSS without the map of I/O ports. */
const TSS_SIZE = 104;

interface ParamRule {
  readonly id: string;
  readonly variant?: string;
  readonly title: string;
  readonly explain: string;
  readonly advice?: string;
  readonly errno?: number;
  readonly source?: string;
  readonly bad: (entry: HvmParamEntry) => boolean;
}

const rule = ({
  id,
  variant,
  title,
  explain,
  advice = ADVICE.copy,
  errno = 22,
  source = SET,
  bad,
}: ParamRule): Rule<HvmParamEntry> => ({
  ...refused,
  id,
  ...(variant !== undefined && { variant }),
  title,
  explain,
  advice,
  errno,
  source,
  when: (entry): Hit | false =>
    bad(entry) && {
      values: [entry.written, entry.value],
      message: `${title}: parameter ${entry.index} = ${hex0x(entry.value)}`,
    },
});

const is =
  (name: keyof typeof HvmParam, bad: (value: bigint, entry: HvmParamEntry) => boolean) =>
  (entry: HvmParamEntry): boolean =>
    entry.index === HvmParam[name] && bad(entry.value, entry);

/** Objects to values of a parameter that its table has no name for. */
const unnamed = (name: keyof typeof HvmParam) => is(name, (value) => !isNamedValue(name, value));

export const HVM_PARAM_RULES: readonly Rule<HvmParamEntry>[] = [
  rule({
    id: 'HR-01',
    title: 'an unknown HVM parameter',
    explain: `Parameters are numbered from 0 to ${HVM_PARAM_COUNT - 1}.`,
    bad: ({ index }) => index >= HVM_PARAM_COUNT,
  }),
  rule({
    id: 'HR-02',
    title: 'an HVM parameter that is no longer used',
    explain: 'Xen refuses to set it.',
    source: ALLOW,
    bad: ({ index, xen }) => REFUSED.has(index) && (xen >= 413 || index === HvmParam.DM_DOMAIN),
  }),
  rule({
    id: 'HR-03',
    variant: 'not-settable',
    title: 'ALTP2M, which a restore may not set',
    explain: 'Since 4.19 it is set when a domain is created only.',
    errno: 17,
    source: ALLOW,
    bad: ({ index, xen }) => index === HvmParam.ALTP2M && xen >= 419,
  }),
  rule({
    id: 'HR-03',
    variant: 'mode',
    title: 'an unknown altp2m mode',
    explain: 'Modes are 0 to 3.',
    bad: is('ALTP2M', (value, { xen }) => xen < 419 && !isNamedValue('ALTP2M', value)),
  }),
  rule({
    id: 'HR-04',
    variant: 'set-by-libxl',
    title: 'Viridian enlightenments that are not those which libxl has set from the configuration',
    explain:
      'Up to Xen 4.14 libxl sets them from the configuration before it reads the stream, and what viridian=1 means differs between releases. Xen lets them be set once only.',
    advice:
      'Restore on Xen 4.15 or newer, or replace viridian=1 in the configuration by the list of groups that the stream has, as in viridian=["base", "freq", "time_ref_count"].',
    errno: 17,
    source: `${ALLOW}; tools/libxl/libxl_x86.c: hvm_set_viridian_features(), before 4.15`,
    bad: ({ index, value, before, preset }) =>
      SET_ONCE.has(index) && before === undefined && preset !== undefined && preset !== value,
  }),
  rule({
    id: 'HR-04',
    variant: 'set-twice',
    title: 'an HVM parameter that may be set once only, set to another value',
    explain: 'VIRIDIAN, the pages of the device model and the MCA capabilities cannot change.',
    errno: 17,
    source: ALLOW,
    bad: ({ index, value, before }) => SET_ONCE.has(index) && before !== undefined && before !== 0n && before !== value,
  }),
  rule({
    id: 'HR-05',
    title: 'unknown Viridian enlightenments',
    explain: 'Unknown bits are refused, and the base set with frequencies (bit 0) must be on.',
    bad: is('VIRIDIAN', (value, { xen }) => (value & ~viridianMask(xen)) !== 0n || !isSet(value, VIRIDIAN.base_freq)),
  }),
  rule({
    id: 'HR-07',
    title: 'an unknown timer mode',
    explain: 'Modes are 0 to 3.',
    bad: unnamed('TIMER_MODE'),
  }),
  rule({
    id: 'HR-08',
    title: 'an unknown ACPI sleep state',
    explain: 'It is 0 (running) or 3 (suspended).',
    bad: unnamed('ACPI_S_STATE'),
  }),
  rule({
    id: 'HR-09',
    variant: 'place',
    title: 'unknown ACPI I/O port location',
    explain: 'It is 0 (old) or 1 (new).',
    bad: is(
      'ACPI_IOPORTS_LOCATION',
      (value, { kind }) => kind === 'hvm' && !isNamedValue('ACPI_IOPORTS_LOCATION', value),
    ),
  }),
  rule({
    id: 'HR-09',
    variant: 'pvh',
    title: 'ACPI ports of a guest that has none',
    explain: 'A PVH guest has no power management timer.',
    errno: 19,
    bad: is('ACPI_IOPORTS_LOCATION', (_, { kind, xen }) => kind === 'pvh' && xen >= 410),
  }),
  rule({
    id: 'HR-10',
    title: 'unknown shutdown reason for triple faults',
    explain: 'Reasons of a shutdown are 0 to 5.',
    bad: unnamed('TRIPLE_FAULT_REASON'),
  }),
  rule({
    id: 'HR-11',
    title: 'ioreq page count out of range (1–64)',
    explain: 'There are 1 to 64.',
    bad: is('NR_IOREQ_SERVER_PAGES', (value) => value === 0n || value > IOREQ_PAGES),
  }),
  rule({
    id: 'HR-12',
    title: 'an invalid width of the FPU’s instruction pointer',
    explain: 'It is 0, 4 or 8.',
    bad: unnamed('X87_FIP_WIDTH'),
  }),
  rule({
    id: 'HR-13',
    title: 'a virtual-8086 TSS above 4 GiB',
    explain: 'Its address has 32 bits.',
    bad: is('VM86_TSS', (value) => value >> 32n !== 0n),
  }),
  rule({
    id: 'HR-14',
    title: 'a virtual-8086 TSS that is too small',
    explain: 'It takes 104 bytes at least; the size is in the upper 32 bits.',
    bad: is('VM86_TSS_SIZED', (value) => bitsOf(value, SIZED_TSS.size) < TSS_SIZE),
  }),
  rule({
    id: 'HR-15',
    title: 'unsupported machine-check capabilities',
    explain: 'Only LMCE (bit 0) exists, on Intel CPUs.',
    bad: is('MCA_CAP', (value) => (value & ~maskOf(MCA_FEATURES.LMCE)) !== 0n),
  }),
];
