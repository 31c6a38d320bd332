/** What Xen looks at in the extended state of a PV VCPU. */
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import { type Hit, type Rule, ADVICE } from '../../kit/rule';
import { isCanonical } from './state';

const RESTORE = 'tools/libs/guest/xg_sr_restore_x86_pv.c';
const refused = { layer: 'hypervisor', severity: 'fatal', errno: 22, advice: ADVICE.copy } as const;

/** XEN_DOMCTL_set_ext_vcpucontext: what Xen reads of an EXTENDED record, zeros where it is short. */
export interface PvExtended {
  /** The record's own number of the VCPU, which counts. */
  readonly vcpu: number;
  readonly size: number;
  readonly sysenter: bigint;
  readonly syscall32: bigint;
  readonly mcgCap: bigint;
  /** Length of the blob. */
  readonly length: number;
  /** VCPU id in front of it. */
  readonly recordVcpu: number;
  readonly maxVcpus: number;
  /** MCA capabilities that the target gives; undefined where it is not known. */
  readonly capabilities: bigint | undefined;
}

const EXTENDED = 'xen/arch/x86/domctl.c: XEN_DOMCTL_set_ext_vcpucontext';
const MCG_COUNT = 0xffn;
const MCG_CTL_P = 1n << 8n;

export const EXTENDED_RULES: readonly Rule<PvExtended>[] = [
  {
    ...refused,
    id: 'HP-22',
    errno: 3,
    title: 'extended state of a VCPU that the domain does not have',
    explain: 'The structure in the record holds a VCPU id of its own, and that is the one that Xen takes.',
    source: EXTENDED,
    when: ({ vcpu, maxVcpus }) =>
      vcpu >= maxVcpus && {
        message: `extended state of VCPU ${vcpu}; the domain has ${maxVcpus}`,
        at: { offset: 0, length: 4 },
      },
  },
  {
    ...refused,
    id: 'HP-23',
    title: 'extended state without the callbacks',
    explain: 'The size that the structure tells of itself must reach to the machine-check state, 32 bytes.',
    source: EXTENDED,
    when: ({ size }) => size < 32 && { at: { offset: 4, length: 4 } },
  },
  {
    ...refused,
    id: 'HP-24',
    title: 'a SYSENTER or SYSCALL32 entry that no CPU can form',
    explain: 'Bits 63 to 47 of an address must be equal.',
    source: EXTENDED,
    when: ({ sysenter, syscall32 }) =>
      (!isCanonical(sysenter) || !isCanonical(syscall32)) && {
        at: isCanonical(sysenter) ? { offset: 16, length: 8 } : { offset: 8, length: 8 },
      },
  },
  {
    ...refused,
    id: 'HP-25',
    certainty: 'target',
    log: [says.xen('PV restore: unsupported MCA capabilities %#lx for dNv%u (supported: %#lx)')],
    title: 'machine-check capabilities that the target does not have',
    explain: 'Guests on Intel CPUs see more of the machine-check architecture than those on AMD.',
    source: 'xen/arch/x86/cpu/mcheck/vmce.c: vmce_restore_vcpu()',
    when: ({ vcpu, mcgCap, capabilities, size }) =>
      size >= 40 && badCapabilities(mcgCap, vcpu, capabilities, { offset: 32, length: 8 }),
  },
  {
    id: 'LP-23',
    layer: 'spec',
    severity: 'warning',
    title: 'extended state of one VCPU in the record of another: it is applied to the former',
    explain: 'libxc goes by the id in front, Xen by the one inside: the other VCPU keeps its defaults.',
    advice: ADVICE.writer,
    source: EXTENDED,
    when: ({ vcpu, recordVcpu, maxVcpus }) =>
      vcpu !== recordVcpu &&
      vcpu < maxVcpus && {
        message: `extended state of VCPU ${vcpu} in the record of VCPU ${recordVcpu}`,
        at: { offset: 0, length: 4 },
      },
  },
  {
    id: 'LP-56',
    layer: 'spec',
    severity: 'warning',
    title: 'extended state is cut: Xen reads zeros for what is missing',
    explain: 'The structure says that it is longer than the record that holds it.',
    advice: ADVICE.resave,
    source: `${RESTORE}: process_vcpu_extended()`,
    when: ({ size, length }) =>
      size > length && {
        message: `extended state of ${size} bytes in a record of ${length}`,
        at: { offset: 4, length: 4 },
      },
  },
];

/** All that a guest on some CPU can have: SER_P, TES_P, CMCI_P, LMCE_P. */
const MCG_ANY = (1n << 24n) | (1n << 11n) | (1n << 10n) | (1n << 27n);

function badCapabilities(
  caps: bigint,
  vcpu: number,
  capabilities: bigint | undefined,
  at: Hit['at'] & object,
): Hit | false {
  const extra = caps & ~MCG_COUNT & ~MCG_CTL_P & ~(capabilities ?? MCG_ANY);
  return (
    extra !== 0n && {
      values: [caps, vcpu, capabilities ?? MCG_ANY],
      settled: true,
      message: `machine-check capabilities ${hex0x(caps)} of VCPU ${vcpu} are more than the target has`,
      at,
    }
  );
}
