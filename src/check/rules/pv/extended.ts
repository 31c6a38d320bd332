/** What Xen looks at in the extended state of a PV vCPU. */
import { Errno } from '../../../format/errno';
import { endOf, fieldsOf } from '../../../format/kit/fields';
import type { ValueOf } from '../../../format/kit/layout';
import { isCanonical } from '../../../format/paging/modes';
import { EXT_VCPUCONTEXT } from '../../../format/pv/extended';
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';
import type { XenVersion } from '../../kit/xen-version';
import type { GuestCpu } from '../../target/guest-cpu';
import { refusesCapabilities, supportedCapabilities } from '../../target/machine-check';
import type { CpuTarget } from '../../target/target';
import { MACHINE_CHECK_REFUSALS } from '../x86/machine-check';

const RESTORE = 'tools/libs/guest/xg_sr_restore_x86_pv.c';
const refused = { layer: 'hypervisor', severity: 'fatal', errno: Errno.EINVAL, advice: ADVICE.copy } as const;

const EXTENDED = 'xen/arch/x86/domctl.c: XEN_DOMCTL_set_ext_vcpucontext';

/** The extended state of a PV vCPU, and what Xen holds it against. */
export interface PvExtended {
  /** The structure; zeros where the record is short. */
  readonly state: ValueOf<typeof EXT_VCPUCONTEXT>;
  /** Bytes of the structure that the record holds. */
  readonly length: number;
  /** vCPU that the record names; the structure's own counts. */
  readonly recordVcpu: number;
  readonly maxVcpus: number;
  readonly xen: XenVersion;
  readonly target: CpuTarget | undefined;
  readonly cpu: GuestCpu | undefined;
}

/** Entry points that must be canonical, in the order in which Xen tests them. */
const ENTRIES = ['sysenter_callback_eip', 'syscall32_callback_eip'] as const;

const field = fieldsOf(EXT_VCPUCONTEXT);
/** Bytes that the structure must have: all in front of the machine-check state. */
const LEAST_SIZE = field('vmce').offset;
const CAPS_END = endOf(field('vmce.caps'));

export const EXTENDED_RULES: readonly Rule<PvExtended>[] = [
  {
    ...refused,
    id: 'HP-22',
    errno: Errno.ESRCH,
    title: 'extended state of a vCPU that the domain does not have',
    explain: 'The structure in the record holds a vCPU id of its own, and that is the one that Xen takes.',
    source: EXTENDED,
    when: ({ state: { vcpu }, maxVcpus }) =>
      vcpu >= maxVcpus && {
        message: `extended state of vCPU ${vcpu}; the domain has ${maxVcpus}`,
        at: field('vcpu'),
      },
  },
  {
    ...refused,
    id: 'HP-23',
    title: 'extended state without the callbacks',
    explain: 'The structure says how long it is: it must reach up to the machine-check state, 32 bytes.',
    source: EXTENDED,
    when: ({ state }) => state.size < LEAST_SIZE && { at: field('size') },
  },
  {
    ...refused,
    id: 'HP-24',
    title: 'a SYSENTER or 32-bit SYSCALL entry point that is not canonical',
    explain: 'Bits 63 to 47 of an address must all be equal.',
    source: EXTENDED,
    when: ({ state }) => {
      const bad = ENTRIES.find((entry) => !isCanonical(state[entry]));
      return bad !== undefined && { at: field(bad) };
    },
  },
  ...MACHINE_CHECK_REFUSALS.map((refusal): Rule<PvExtended> => ({
    ...refusal,
    id: 'HP-25',
    log: [says.xen('PV restore: unsupported MCA capabilities %#lx for d{N}v%u (supported: %#lx)')],
    when: (extended) => {
      const { vcpu, size, vmce } = extended.state;
      if (size < CAPS_END || !refusesCapabilities(vmce.caps, extended)) return false;
      return {
        values: [vmce.caps, vcpu, supportedCapabilities(extended)],
        settled: true,
        message: `machine-check capabilities ${hex0x(vmce.caps)} of vCPU ${vcpu} are more than the target has`,
        at: field('vmce.caps'),
      };
    },
  })),
  {
    id: 'LP-23',
    layer: 'spec',
    severity: 'warning',
    title: 'extended state of one vCPU in the record of another: Xen applies it to the former',
    explain:
      'libxc goes by the id in front of the structure, Xen by the one inside: the other vCPU keeps its defaults.',
    advice: ADVICE.writer,
    source: EXTENDED,
    when: ({ state: { vcpu }, recordVcpu, maxVcpus }) =>
      vcpu !== recordVcpu &&
      vcpu < maxVcpus && {
        message: `extended state of vCPU ${vcpu} in the record of vCPU ${recordVcpu}`,
        at: field('vcpu'),
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
    when: ({ state: { size }, length }) =>
      size > length && { message: `extended state of ${size} bytes in a record of ${length}`, at: field('size') },
  },
];
