/** What a PV guest loses where its stream has less than it should. */
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

const RESTORE = 'tools/libs/guest/xg_sr_restore_x86_pv.c';

/** What is there of the vCPUs, and of the stream as a whole. */
export interface Presence {
  /** vCPUs with some state but no registers. */
  readonly headless: readonly number[];
  /** vCPUs with registers but no extended state. */
  readonly noExtended: readonly number[];
  /** vCPUs without XSAVE state while others have some. */
  readonly noXsave: readonly number[];
  readonly sawSharedInfo: boolean;
}

export const BASIC0_RULES: readonly Rule<{ readonly hasBasic0: boolean }>[] = [
  {
    id: 'LP-27',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc("Sender didn't send vcpu0's basic state")],
    title: 'no registers of vCPU 0',
    explain:
      'Without them the domain cannot be resumed. If the guest never suspended, the stream ends before they are sent.',
    advice: ADVICE.resave,
    source: `${RESTORE}: update_vcpu_context()`,
    when: ({ hasBasic0 }) => !hasBasic0,
  },
];

const vcpuList = (ids: readonly number[]): string => ids.slice(0, 8).join(', ') + (ids.length > 8 ? ', …' : '');

export const PV_PRESENCE_RULES: readonly Rule<Presence>[] = [
  {
    id: 'LP-57',
    layer: 'spec',
    severity: 'warning',
    title: 'state of a vCPU without its registers: the vCPU stays down',
    explain:
      'Xen’s saver sends the registers first, for every vCPU that is online. libxc does not notice that they are missing, but the vCPU never runs.',
    advice: ADVICE.resave,
    source: `${RESTORE}: update_vcpu_context()`,
    when: ({ headless }) =>
      headless.length > 0 && {
        message: `no registers of vCPU ${vcpuList(headless)}, while other state of it is there`,
      },
  },
  {
    id: 'LP-58',
    layer: 'spec',
    severity: 'warning',
    title: 'no extended state of a vCPU: its SYSENTER and SYSCALL entries and machine-check state are lost',
    explain: 'Xen’s saver sends it for every vCPU that is online; libxc does not notice that it is missing.',
    advice: ADVICE.resave,
    source: `${RESTORE}: update_vcpu_context()`,
    when: ({ noExtended }) => noExtended.length > 0 && { message: `no extended state of vCPU ${vcpuList(noExtended)}` },
  },
  {
    id: 'LP-59',
    layer: 'spec',
    severity: 'warning',
    title:
      'no XSAVE state of a vCPU while another has some: its FPU and vector registers are those of the basic record',
    explain: 'The saver sends it for all vCPUs or for none; libxc does not notice that it is missing.',
    advice: ADVICE.resave,
    source: `${RESTORE}: update_vcpu_context()`,
    when: ({ noXsave }) =>
      noXsave.length > 0 && { message: `no XSAVE state of vCPU ${vcpuList(noXsave)}, while other vCPUs have some` },
  },
  {
    id: 'LP-60',
    layer: 'spec',
    severity: 'warning',
    title: 'no SHARED_INFO: the guest finds an empty one',
    explain:
      'The clock, the vCPUs’ time and which events are masked are lost; libxc does not notice that it is missing.',
    advice: ADVICE.resave,
    source: 'docs/specs/libxc-migration-stream.pandoc: Layout',
    when: ({ sawSharedInfo }) => !sawSharedInfo,
  },
];
