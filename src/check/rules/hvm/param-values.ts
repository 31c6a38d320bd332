/** What Xen looks at in a parameter that it is given. Source: xen/arch/x86/hvm/hvm.c, hvm_set_param(). */
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import { type Hit, type Rule, ADVICE } from '../../kit/rule';
import { HvmParam, type HvmParamEntry } from './params';

const DEPRECATED: ReadonlySet<bigint> = new Set([13n, 20n, 21n, 22n, 23n, 24n, 25n, 26n, 30n]);
const SET_ONCE: ReadonlySet<bigint> = new Set([9n, 5n, 6n, 32n, 33n, 38n]);
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

/** HVMPV_feature_mask by what came when. Source: public/hvm/params.h. */
const VIRIDIAN_MASKS: readonly (readonly [from: number, mask: bigint])[] = [
  [415, 0x1fffn],
  [413, 0x3ffn],
  [409, 0x7fn],
  [407, 0x3fn],
  [0, 0xfn],
];
const viridianMask = (xen: number): bigint => VIRIDIAN_MASKS.find(([from]) => xen >= from)?.[1] ?? 0n;

interface ParamRule {
  readonly id: string;
  readonly variant?: string;
  readonly title: string;
  readonly explain: string;
  readonly errno?: number;
  readonly source?: string;
  readonly bad: (entry: HvmParamEntry) => boolean;
}

const rule = ({ id, variant, title, explain, errno = 22, source = SET, bad }: ParamRule): Rule<HvmParamEntry> => ({
  ...refused,
  id,
  ...(variant !== undefined && { variant }),
  title,
  explain,
  errno,
  source,
  when: (entry): Hit | false =>
    bad(entry) && {
      values: [entry.written, entry.value],
      message: `${title}: parameter ${entry.index} = ${hex0x(entry.value)}`,
    },
});

const is =
  (index: bigint, bad: (value: bigint, entry: HvmParamEntry) => boolean) =>
  (entry: HvmParamEntry): boolean =>
    entry.index === index && bad(entry.value, entry);

export const HVM_PARAM_RULES: readonly Rule<HvmParamEntry>[] = [
  rule({
    id: 'HR-01',
    title: 'an HVM parameter that Xen does not have',
    explain: 'Parameters are numbered from 0 to 38.',
    bad: ({ index }) => index >= 39n,
  }),
  rule({
    id: 'HR-02',
    title: 'an HVM parameter that is no longer used',
    explain: 'Xen refuses to set it.',
    source: ALLOW,
    bad: ({ index, xen }) => DEPRECATED.has(index) && (xen >= 413 || index === HvmParam.DM_DOMAIN),
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
    title: 'a mode of alternate P2Ms that Xen does not have',
    explain: 'Modes are 0 to 3.',
    bad: is(HvmParam.ALTP2M, (value, { xen }) => xen < 419 && value > 3n),
  }),
  rule({
    id: 'HR-04',
    title: 'an HVM parameter that may be set once only, set to another value',
    explain: 'VIRIDIAN, the pages of the device model and the MCA capabilities cannot change.',
    errno: 17,
    source: ALLOW,
    bad: ({ index, value, before }) => SET_ONCE.has(index) && before !== undefined && before !== 0n && before !== value,
  }),
  rule({
    id: 'HR-05',
    title: 'Viridian enlightenments that Xen does not have',
    explain: 'Unknown bits are refused, and the base set with frequencies (bit 0) must be on.',
    bad: is(HvmParam.VIRIDIAN, (value, { xen }) => (value & ~viridianMask(xen)) !== 0n || (value & 1n) === 0n),
  }),
  rule({
    id: 'HR-07',
    title: 'a timer mode that Xen does not have',
    explain: 'Modes are 0 to 3.',
    bad: is(HvmParam.TIMER_MODE, (value) => value > 3n),
  }),
  rule({
    id: 'HR-08',
    title: 'an ACPI sleep state that Xen does not have',
    explain: 'It is 0 (running) or 3 (suspended).',
    bad: is(HvmParam.ACPI_S_STATE, (value) => value !== 0n && value !== 3n),
  }),
  rule({
    id: 'HR-09',
    variant: 'place',
    title: 'a place of the ACPI ports that Xen does not have',
    explain: 'It is 0 (old) or 1 (new).',
    bad: is(HvmParam.ACPI_IOPORTS, (value, { kind }) => kind === 'hvm' && value > 1n),
  }),
  rule({
    id: 'HR-09',
    variant: 'pvh',
    title: 'ACPI ports of a guest that has none',
    explain: 'A PVH guest has no power management timer.',
    errno: 19,
    bad: is(HvmParam.ACPI_IOPORTS, (_, { kind, xen }) => kind === 'pvh' && xen >= 410),
  }),
  rule({
    id: 'HR-10',
    title: 'a reason for a triple fault that does not exist',
    explain: 'Reasons of a shutdown are 0 to 5.',
    bad: is(HvmParam.TRIPLE_FAULT_REASON, (value) => value > 5n),
  }),
  rule({
    id: 'HR-11',
    title: 'a number of ioreq pages that Xen does not give',
    explain: 'There are 1 to 64.',
    bad: is(HvmParam.NR_IOREQ_SERVER_PAGES, (value) => value === 0n || value > 64n),
  }),
  rule({
    id: 'HR-12',
    title: 'a width of the FPU’s instruction pointer that does not exist',
    explain: 'It is 0, 4 or 8.',
    bad: is(HvmParam.X87_FIP_WIDTH, (value) => value !== 0n && value !== 4n && value !== 8n),
  }),
  rule({
    id: 'HR-13',
    title: 'a virtual-8086 TSS above 4 GiB',
    explain: 'Its address has 32 bits.',
    bad: is(HvmParam.VM86_TSS, (value) => value >> 32n !== 0n),
  }),
  rule({
    id: 'HR-14',
    title: 'a virtual-8086 TSS that is too small',
    explain: 'It takes 104 bytes at least; the size is in the upper 32 bits.',
    bad: is(HvmParam.VM86_TSS_SIZED, (value) => value >> 32n < 104n),
  }),
  rule({
    id: 'HR-15',
    title: 'machine-check capabilities that Xen does not give',
    explain: 'Only LMCE (bit 0) exists, on Intel CPUs.',
    bad: is(HvmParam.MCA_CAP, (value) => (value & ~1n) !== 0n),
  }),
];
