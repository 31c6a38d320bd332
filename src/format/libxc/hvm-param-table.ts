/** What each parameter of an HVM guest means. Source: public/hvm/params.h, xen/arch/x86/hvm/hvm.c (hvm_set_param). */
import { hex, hex0x } from '../../lib/text';
import { bitsOf } from '../kit/bits';
import { type BitRange, type Bits, type IntOptions, type Names, toGpa, toPfn } from '../kit/layout';

/** Numbers of the parameters (HVM_PARAM_*), by name. */
export const HvmParam = {
  CALLBACK_IRQ: 0,
  STORE_PFN: 1,
  STORE_EVTCHN: 2,
  PAE_ENABLED: 4,
  IOREQ_PFN: 5,
  BUFIOREQ_PFN: 6,
  VIRIDIAN: 9,
  TIMER_MODE: 10,
  HPET_ENABLED: 11,
  IDENT_PT: 12,
  DM_DOMAIN: 13,
  ACPI_S_STATE: 14,
  VM86_TSS: 15,
  VPT_ALIGN: 16,
  CONSOLE_PFN: 17,
  CONSOLE_EVTCHN: 18,
  ACPI_IOPORTS_LOCATION: 19,
  MEMORY_EVENT_CR0: 20,
  MEMORY_EVENT_CR3: 21,
  MEMORY_EVENT_CR4: 22,
  MEMORY_EVENT_INT3: 23,
  NESTEDHVM: 24,
  MEMORY_EVENT_SINGLE_STEP: 25,
  BUFIOREQ_EVTCHN: 26,
  PAGING_RING_PFN: 27,
  MONITOR_RING_PFN: 28,
  SHARING_RING_PFN: 29,
  MEMORY_EVENT_MSR: 30,
  TRIPLE_FAULT_REASON: 31,
  IOREQ_SERVER_PFN: 32,
  NR_IOREQ_SERVER_PAGES: 33,
  VM_GENERATION_ID_ADDR: 34,
  ALTP2M: 35,
  X87_FIP_WIDTH: 36,
  VM86_TSS_SIZED: 37,
  MCA_CAP: 38,
} as const;
/** Name of a parameter, as Xen spells it. */
type HvmParamName = keyof typeof HvmParam;

type Options = Omit<IntOptions, 'refine' | 'endian'>;

interface Param extends Options {
  readonly doc: string;
  /** What Xen does with it, where it does not just take it: nothing, or nothing but a first value. */
  readonly set?: 'refused' | 'once';
}

const flag = (at: number, doc: string): BitRange => ({ at, doc });
const rest = (at: number): BitRange => ({ at, width: 64 - at, display: 'hex', reserved: true, doc: 'Not assigned.' });

const page = (doc: string): Param => ({ doc, display: 'hex', leadsTo: toPfn });
const channel = (doc: string): Param => ({ doc, display: 'dec' });
const obsolete = (doc: string): Param => ({
  doc: `${doc} Obsolete: Xen does not take it.`,
  display: 'hex',
});
const refused = (doc: string): Param => ({ ...obsolete(doc), set: 'refused' });
const once = (param: Param): Param => ({ ...param, set: 'once' });

const YES: Names = { 0: 'no', 1: 'yes' };

/** Bits of VIRIDIAN (HVMPV_*). */
export const VIRIDIAN = {
  base_freq: flag(0, 'Hypercall, APIC and VP index MSRs, and frequencies unless no_freq; all others need it.'),
  no_freq: flag(1, 'No timer frequency MSRs.'),
  time_ref_count: flag(2, 'Partition reference counter.'),
  reference_tsc: flag(3, 'Reference TSC page.'),
  hcall_remote_tlb_flush: flag(4, 'Flushes other vCPUs’ TLBs by hypercall.'),
  apic_assist: flag(5, 'APIC assist page: no exit at EOI.'),
  crash_ctl: flag(6, 'Crash MSRs.'),
  synic: flag(7, 'Synthetic interrupt controller.'),
  stimer: flag(8, 'Synthetic timers.'),
  hcall_ipi: flag(9, 'Sends IPIs by hypercall.'),
  ex_processor_masks: flag(10, 'Hypercalls take sets of more than 64 vCPUs.'),
  no_vp_limit: flag(11, 'More than 64 vCPUs.'),
  cpu_hotplug: flag(12, 'vCPUs can be added while it runs.'),
  reserved_13: rest(13),
} satisfies Bits;

/** Bits of MCA_CAP (XEN_HVM_MCA_CAP_*). */
export const MCA_FEATURES = {
  LMCE: flag(0, 'Machine checks can go to one vCPU only.'),
  reserved_1: rest(1),
} satisfies Bits;

/** Parts of VM86_TSS_SIZED. */
export const SIZED_TSS = {
  address: { at: 0, width: 32, display: 'hex', doc: 'Guest-physical address.' },
  size: { at: 32, width: 32, display: 'dec', doc: 'Bytes.' },
} satisfies Bits;

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

/** What is known of each parameter, by its name. */
const PARAMS: Readonly<Record<HvmParamName, Param>> = {
  CALLBACK_IRQ: {
    doc: 'How vCPU 0 is told of events. Xen sends it in no stream.',
    display: 'hex',
    note: callback,
    bits: { type: { at: 56, width: 8, names: CALLBACK_TYPES, doc: 'Kind of the route.' } },
  },
  STORE_PFN: page('PFN of the xenstore ring; the page is cleared on restore.'),
  STORE_EVTCHN: channel('Event channel of xenstore; a restore sets its own.'),
  PAE_ENABLED: obsolete('Whether the guest may use PAE.'),
  IOREQ_PFN: once(page('PFN of the I/O request page of the one device model that Xen knew before 4.5.')),
  BUFIOREQ_PFN: once(page('PFN of the page of its buffered I/O requests.')),
  VIRIDIAN: once({ doc: 'Hyper-V interfaces that the guest sees (HVMPV_*).', display: 'hex', bits: VIRIDIAN }),
  TIMER_MODE: {
    doc: 'What becomes of timer ticks that a vCPU missed (HVMPTM_*).',
    names: {
      0: 'delay_for_missed_ticks',
      1: 'no_delay_for_missed_ticks',
      2: 'no_missed_ticks_pending',
      3: 'one_missed_tick_pending',
    },
  },
  HPET_ENABLED: { doc: 'Whether there is an HPET. Xen goes by how the domain was created.', names: YES },
  IDENT_PT: {
    doc: 'Guest-physical address of a page directory that maps 1:1, which old Intel CPUs need while paging is off.',
    display: 'hex',
    leadsTo: toGpa,
  },
  DM_DOMAIN: refused('Domain of the device model.'),
  ACPI_S_STATE: { doc: 'ACPI sleep state.', names: { 0: 'S0: running', 3: 'S3: suspended to memory' } },
  VM86_TSS: {
    doc: 'Guest-physical address of the TSS that old Intel CPUs need for real mode; without its size, before Xen 4.9.',
    display: 'hex',
    leadsTo: toGpa,
  },
  VPT_ALIGN: { doc: 'Whether periodic timers tick together.', names: YES },
  CONSOLE_PFN: page('PFN of the console ring.'),
  CONSOLE_EVTCHN: channel('Event channel of the console; a restore sets its own.'),
  ACPI_IOPORTS_LOCATION: {
    doc: 'Where the ACPI PM1a and timer ports are.',
    names: { 0: '0x1f40: old', 1: '0xb000: as QEMU has them' },
  },
  MEMORY_EVENT_CR0: refused('Reports writes to cr0.'),
  MEMORY_EVENT_CR3: refused('Reports writes to cr3.'),
  MEMORY_EVENT_CR4: refused('Reports writes to cr4.'),
  MEMORY_EVENT_INT3: refused('Reports INT3.'),
  NESTEDHVM: refused('Whether the guest may run guests itself.'),
  MEMORY_EVENT_SINGLE_STEP: refused('Reports single steps.'),
  BUFIOREQ_EVTCHN: refused('Event channel of buffered I/O requests.'),
  PAGING_RING_PFN: page('PFN of the ring on which Xen asks for pages that were paged out.'),
  MONITOR_RING_PFN: page('PFN of the ring on which Xen reports what a monitor watches.'),
  SHARING_RING_PFN: page('PFN of the ring on which Xen reports trouble with shared pages.'),
  MEMORY_EVENT_MSR: refused('Reports writes to MSRs.'),
  TRIPLE_FAULT_REASON: {
    doc: 'What a triple fault is taken for (SHUTDOWN_*).',
    names: { 0: 'poweroff', 1: 'reboot', 2: 'suspend', 3: 'crash', 4: 'watchdog', 5: 'soft_reset' },
  },
  IOREQ_SERVER_PFN: once(page('First PFN of the pages that device models use for I/O requests.')),
  NR_IOREQ_SERVER_PAGES: once({ doc: 'Number of those pages.', display: 'dec' }),
  VM_GENERATION_ID_ADDR: {
    doc: 'Guest-physical address of the VM generation id, which changes when a guest goes back in time.',
    display: 'hex',
    leadsTo: toGpa,
  },
  ALTP2M: {
    doc: 'Who may use alternative views of guest memory (XEN_ALTP2M_*).',
    names: { 0: 'disabled', 1: 'mixed', 2: 'external', 3: 'limited' },
  },
  X87_FIP_WIDTH: {
    doc: 'Bytes of the x87 instruction and data pointers that are kept.',
    names: { 0: 'by their value', 4: '32 bits, with selectors', 8: '64 bits, no selectors' },
  },
  VM86_TSS_SIZED: {
    doc: 'Where the TSS is that old Intel CPUs need for real mode, and how large.',
    display: 'hex',
    leadsTo: (value) => toGpa(bitsOf(value, SIZED_TSS.address)),
    bits: SIZED_TSS,
  },
  MCA_CAP: once({
    doc: 'Machine-check features that the guest sees (XEN_HVM_MCA_CAP_*).',
    display: 'hex',
    bits: MCA_FEATURES,
  }),
};

const NAMES = Object.keys(HvmParam) as HvmParamName[];
const BY_NUMBER: ReadonlyMap<number, HvmParamName> = new Map(NAMES.map((name) => [HvmParam[name], name]));

/** Names of the parameters by number. */
export const HVM_PARAM_NAMES: Names = Object.fromEntries(BY_NUMBER);

/** One more than the highest number that Xen has (HVM_NR_PARAMS). */
export const HVM_PARAM_COUNT = Math.max(...Object.values(HvmParam)) + 1;

/** Returns the numbers of the parameters that Xen refuses, or takes but once. */
export const paramsThatAre = (set: 'refused' | 'once'): ReadonlySet<number> =>
  new Set(NAMES.filter((name) => PARAMS[name].set === set).map((name) => HvmParam[name]));

/** Returns whether a value is one of those that the parameter has names for. */
export const isNamedValue = (name: HvmParamName, value: bigint): boolean =>
  Object.keys(PARAMS[name].names ?? {}).includes(value.toString());

/** Returns how the value of a parameter reads. */
export function hvmParamOptions(index: number): Options {
  const name = BY_NUMBER.get(index);
  if (name === undefined) return { display: 'hex', doc: 'Value of a parameter that Xen does not have.' };
  const { doc, set: _, ...options } = PARAMS[name];
  return { ...options, doc: `${name}: ${doc}` };
}
