/** What a context that Xen has loaded in whole left out. */
import { type Rule, ADVICE } from '../../../kit/rule';

/** What there is in a context, and what is missing. */
export interface HvmPresence {
  /** vCPUs that have registers. */
  readonly cpus: readonly number[];
  /** vCPUs with registers but without APIC state. */
  readonly noLapic: readonly number[];
  /** Devices of the board that are left out while others of it are there. */
  readonly noDevices: readonly string[];
  /** Entries that are there twice. */
  readonly repeated: readonly string[];
  /** Bytes behind END. */
  readonly rest: number;
}

const SAVE = 'xen/arch/x86/hvm/save.c';

export const HVM_PRESENCE_RULES: readonly Rule<HvmPresence>[] = [
  {
    id: 'HH-61',
    layer: 'spec',
    severity: 'warning',
    title: 'no registers of vCPU 0: it stays down',
    explain: 'Xen starts only vCPUs that have a CPU entry. A guest does not suspend with vCPU 0 down.',
    advice: ADVICE.resave,
    source: `${SAVE}: hvm_load()`,
    when: ({ cpus }) =>
      !cpus.includes(0) && {
        message:
          cpus.length === 0
            ? 'no registers of any vCPU: the domain never runs'
            : 'no registers of vCPU 0: it stays down',
      },
  },
  {
    id: 'HH-63',
    layer: 'spec',
    severity: 'warning',
    title: 'no APIC state of a vCPU: it is reset',
    explain: 'The vCPU gets an APIC in its power-on state: interrupts that the guest has set up are lost.',
    advice: ADVICE.resave,
    source: 'xen/arch/x86/hvm/vlapic.c',
    when: ({ noLapic }) => noLapic.length > 0 && { message: `no APIC state of vCPU ${noLapic.slice(0, 8).join(', ')}` },
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
    title: 'a duplicate entry: the last one is used',
    explain: 'Xen loads each as it meets it.',
    advice: ADVICE.none,
    source: `${SAVE}: hvm_load()`,
    when: ({ repeated }) => repeated.length > 0 && { message: `there twice: ${repeated.slice(0, 8).join(', ')}` },
  },
  {
    id: 'HH-60',
    layer: 'spec',
    severity: 'note',
    title: 'bytes after the END entry; Xen ignores them',
    explain: 'The context is longer than its entries.',
    advice: ADVICE.none,
    source: `${SAVE}: hvm_load()`,
    when: ({ rest }) => rest > 0 && { message: `${rest} bytes after the END entry` },
  },
];
