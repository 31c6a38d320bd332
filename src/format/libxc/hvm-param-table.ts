/** What each parameter of an HVM guest means. Source: public/hvm/params.h, xen/arch/x86/hvm/hvm.c (hvm_set_param). */
import { hex, hex0x } from '../../lib/text';
import { type BitRange, type Bits, type IntOptions, type Names, toGpa, toPfn } from '../kit/layout';

type Options = Omit<IntOptions, 'refine' | 'endian'>;

interface Param extends Options {
  readonly name: string;
  readonly doc: string;
}

const flag = (at: number, doc: string): BitRange => ({ at, doc });
const rest = (at: number): BitRange => ({ at, width: 64 - at, display: 'hex', reserved: true, doc: 'Not assigned.' });

const page = (name: string, doc: string): Param => ({ name, doc, display: 'hex', target: toPfn });
const channel = (name: string, doc: string): Param => ({ name, doc, display: 'dec' });
const obsolete = (name: string, doc: string): Param => ({
  name,
  doc: `${doc} Obsolete: Xen does not take it.`,
  display: 'hex',
});

const YES: Names = { 0: 'no', 1: 'yes' };

/** HVMPV_*. */
const VIRIDIAN: Bits = {
  base_freq: flag(0, 'Hypercall, APIC and VP index MSRs, and frequencies unless no_freq; all others need it.'),
  no_freq: flag(1, 'No timer frequency MSRs.'),
  time_ref_count: flag(2, 'Partition reference counter.'),
  reference_tsc: flag(3, 'Reference TSC page.'),
  hcall_remote_tlb_flush: flag(4, 'Flushes other VCPUs’ TLBs by hypercall.'),
  apic_assist: flag(5, 'APIC assist page: no exit at EOI.'),
  crash_ctl: flag(6, 'Crash MSRs.'),
  synic: flag(7, 'Synthetic interrupt controller.'),
  stimer: flag(8, 'Synthetic timers.'),
  hcall_ipi: flag(9, 'Sends IPIs by hypercall.'),
  ex_processor_masks: flag(10, 'Hypercalls take sets of more than 64 VCPUs.'),
  no_vp_limit: flag(11, 'More than 64 VCPUs.'),
  cpu_hotplug: flag(12, 'VCPUs can be added while it runs.'),
  reserved_13: rest(13),
};

const CALLBACK_TYPES: Names = { 0: 'GSI', 1: 'PCI INTx', 2: 'vector' };

/** `GSI 28`, `PCI 0000:00:03.0 INTA`, `vector 0xf3`. */
function callback(value: number | bigint): string | undefined {
  const raw = BigInt(value);
  if (raw === 0n) return 'none';
  const part = (at: bigint, width: bigint): bigint => (raw >> at) & ((1n << width) - 1n);
  switch (part(56n, 8n)) {
    case 0n:
      return `GSI ${part(0n, 56n)}`;
    case 1n: {
      const place = [hex(part(32n, 16n), 4), hex(part(16n, 16n), 2), hex(part(11n, 5n), 2)].join(':');
      return `PCI ${place}.${part(8n, 3n)} INT${'ABCD'[Number(part(0n, 2n))] ?? ''}`;
    }
    case 2n:
      return `vector ${hex0x(part(0n, 8n))}`;
    default:
      return 'a route that Xen does not know';
  }
}

const PARAMS: Readonly<Record<number, Param>> = {
  0: {
    name: 'CALLBACK_IRQ',
    doc: 'How VCPU 0 is told of events. Xen sends it in no stream.',
    display: 'hex',
    note: callback,
    bits: { type: { at: 56, width: 8, names: CALLBACK_TYPES, doc: 'Kind of the route.' } },
  },
  1: page('STORE_PFN', 'PFN of the xenstore ring; the page is cleared on restore.'),
  2: channel('STORE_EVTCHN', 'Event channel of xenstore; a restore sets its own.'),
  4: obsolete('PAE_ENABLED', 'Whether the guest may use PAE.'),
  5: page('IOREQ_PFN', 'PFN of the I/O request page of the one device model that Xen knew before 4.5.'),
  6: page('BUFIOREQ_PFN', 'PFN of the page of its buffered I/O requests.'),
  9: { name: 'VIRIDIAN', doc: 'Hyper-V interfaces that the guest sees (HVMPV_*).', display: 'hex', bits: VIRIDIAN },
  10: {
    name: 'TIMER_MODE',
    doc: 'What becomes of timer ticks that a VCPU missed (HVMPTM_*).',
    names: {
      0: 'delay_for_missed_ticks',
      1: 'no_delay_for_missed_ticks',
      2: 'no_missed_ticks_pending',
      3: 'one_missed_tick_pending',
    },
  },
  11: { name: 'HPET_ENABLED', doc: 'Whether there is an HPET. Xen goes by how the domain was created.', names: YES },
  12: {
    name: 'IDENT_PT',
    doc: 'Guest-physical address of a page directory that maps 1:1, which old Intel CPUs need while paging is off.',
    display: 'hex',
    target: toGpa,
  },
  13: obsolete('DM_DOMAIN', 'Domain of the device model.'),
  14: { name: 'ACPI_S_STATE', doc: 'ACPI sleep state.', names: { 0: 'S0: running', 3: 'S3: suspended to memory' } },
  15: {
    name: 'VM86_TSS',
    doc: 'Guest-physical address of the TSS that old Intel CPUs need for real mode; without its size, before Xen 4.9.',
    display: 'hex',
    target: toGpa,
  },
  16: { name: 'VPT_ALIGN', doc: 'Whether periodic timers tick together.', names: YES },
  17: page('CONSOLE_PFN', 'PFN of the console ring.'),
  18: channel('CONSOLE_EVTCHN', 'Event channel of the console; a restore sets its own.'),
  19: {
    name: 'ACPI_IOPORTS_LOCATION',
    doc: 'Where the ACPI PM1a and timer ports are.',
    names: { 0: '0x1f40: old', 1: '0xb000: as QEMU has them' },
  },
  20: obsolete('MEMORY_EVENT_CR0', 'Reports writes to cr0.'),
  21: obsolete('MEMORY_EVENT_CR3', 'Reports writes to cr3.'),
  22: obsolete('MEMORY_EVENT_CR4', 'Reports writes to cr4.'),
  23: obsolete('MEMORY_EVENT_INT3', 'Reports INT3.'),
  24: obsolete('NESTEDHVM', 'Whether the guest may run guests itself.'),
  25: obsolete('MEMORY_EVENT_SINGLE_STEP', 'Reports single steps.'),
  26: obsolete('BUFIOREQ_EVTCHN', 'Event channel of buffered I/O requests.'),
  27: page('PAGING_RING_PFN', 'PFN of the ring on which Xen asks for pages that were paged out.'),
  28: page('MONITOR_RING_PFN', 'PFN of the ring on which Xen reports what a monitor watches.'),
  29: page('SHARING_RING_PFN', 'PFN of the ring on which Xen reports trouble with shared pages.'),
  30: obsolete('MEMORY_EVENT_MSR', 'Reports writes to MSRs.'),
  31: {
    name: 'TRIPLE_FAULT_REASON',
    doc: 'What a triple fault is taken for (SHUTDOWN_*).',
    names: { 0: 'poweroff', 1: 'reboot', 2: 'suspend', 3: 'crash', 4: 'watchdog', 5: 'soft_reset' },
  },
  32: page('IOREQ_SERVER_PFN', 'First PFN of the pages that device models use for I/O requests.'),
  33: { name: 'NR_IOREQ_SERVER_PAGES', doc: 'Number of those pages.', display: 'dec' },
  34: {
    name: 'VM_GENERATION_ID_ADDR',
    doc: 'Guest-physical address of the VM generation id, which changes when a guest goes back in time.',
    display: 'hex',
    target: toGpa,
  },
  35: {
    name: 'ALTP2M',
    doc: 'Who may use alternative views of guest memory (XEN_ALTP2M_*).',
    names: { 0: 'disabled', 1: 'mixed', 2: 'external', 3: 'limited' },
  },
  36: {
    name: 'X87_FIP_WIDTH',
    doc: 'Bytes of the x87 instruction and data pointers that are kept.',
    names: { 0: 'by their value', 4: '32 bits, with selectors', 8: '64 bits, no selectors' },
  },
  37: {
    name: 'VM86_TSS_SIZED',
    doc: 'Where the TSS is that old Intel CPUs need for real mode, and how large.',
    display: 'hex',
    target: (value) => toGpa(BigInt(value) & 0xffff_ffffn),
    bits: {
      address: { at: 0, width: 32, display: 'hex', doc: 'Guest-physical address.' },
      size: { at: 32, width: 32, display: 'dec', doc: 'Bytes.' },
    },
  },
  38: {
    name: 'MCA_CAP',
    doc: 'Machine-check features that the guest sees (XEN_HVM_MCA_CAP_*).',
    display: 'hex',
    bits: { LMCE: flag(0, 'Machine checks can go to one VCPU only.'), reserved_1: rest(1) },
  },
};

export const HVM_PARAM_NAMES: Names = Object.fromEntries(
  Object.entries(PARAMS).map(([index, { name }]) => [index, name]),
);

/** How the value of a parameter reads. */
export function hvmParamOptions(index: number): Options {
  const param = PARAMS[index];
  if (!param) return { display: 'hex', doc: 'Value of a parameter that Xen does not have.' };
  const { name, doc, ...options } = param;
  return { ...options, doc: `${name}: ${doc}` };
}
