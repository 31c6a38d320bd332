/**
 * HVM save records VIRIDIAN_DOMAIN (15) and VIRIDIAN_VCPU (17): what Xen keeps for guests that take it for Hyper-V.
 * Source: public/arch-x86/hvm/save.h, asm/guest/hyperv-tlfs.h, Hyper-V Top Level Functional Specification.
 */
import { duration } from '../../lib/duration';
import { hex0x } from '../../lib/text';
import { bitsOf, isSet } from '../kit/bits';
import { array, type Bits, type IntField, struct, toPfn, u64, u8, zeros } from '../kit/layout';
import { guestOs } from './viridian-os';

const SOURCE = 'public/arch-x86/hvm/save.h, asm/guest/hyperv-tlfs.h';

/** Reference time counts in units of 100 ns. */
const referenceTime = (value: number | bigint): string => duration(BigInt(value) * 100n);

/** Bits of an MSR that puts a page of the hypervisor into the guest's memory. */
const PAGE_MSR = {
  enabled: { at: 0, doc: 'The page is in use.' },
  reserved_preserved: { at: 1, width: 11, reserved: true, display: 'hex', doc: 'Reserved.' },
  pfn: { at: 12, width: 48, display: 'hex', doc: 'Frame of the page.' },
  reserved: { at: 60, width: 4, reserved: true, display: 'hex', doc: 'Not used.' },
} as const satisfies Bits;

const frameOf = (msr: number | bigint): bigint => BigInt(bitsOf(msr, PAGE_MSR.pfn));

/** Makes the field of such an MSR. */
const pageMsr = (doc: string): IntField<bigint> =>
  u64({
    display: 'register',
    doc,
    bits: PAGE_MSR,
    note: (value) => (isSet(value, PAGE_MSR.enabled) ? `on, page ${hex0x(frameOf(value))}` : 'off'),
    leadsTo: (value) => toPfn(frameOf(value)),
  });

export const HVM_VIRIDIAN_DOMAIN = struct(
  'hvm_viridian_domain_context',
  {
    hypercall_gpa: pageMsr('MSR HYPERCALL: the page through which the guest calls the hypervisor.'),
    guest_os_id: u64({
      display: 'register',
      doc: 'MSR GUEST_OS_ID: what the guest says it is. The bits are those of a closed-source system.',
      bits: {
        build_number: { at: 0, width: 16, doc: 'Build.' },
        service_pack: { at: 16, width: 8, doc: 'Service pack.' },
        minor: { at: 24, width: 8, doc: 'Minor version.' },
        major: { at: 32, width: 8, doc: 'Major version.' },
        os: { at: 40, width: 8, doc: 'System: 4 is Windows NT.' },
        vendor: { at: 48, width: 16, display: 'hex', doc: 'Vendor: 1 is Microsoft; bit 15 says open source.' },
      },
      note: (value) => guestOs(BigInt(value)),
    }),
    time_ref_count: u64({
      doc: 'Reference time, in units of 100 ns, frozen at the save. Since Xen 4.5.',
      since: 405,
      note: referenceTime,
    }),
    reference_tsc: {
      ...pageMsr('MSR REFERENCE_TSC: the page from which the guest reads reference time. Since Xen 4.6.'),
      since: 406,
    },
  },
  { source: SOURCE },
);

const SINT = {
  vector: { at: 0, width: 8, display: 'hex', doc: 'Vector that is raised.' },
  reserved1: { at: 8, width: 8, reserved: true, display: 'hex', doc: 'Reserved.' },
  masked: { at: 16, doc: 'The source is masked.' },
  auto_eoi: { at: 17, doc: 'The interrupt ends by itself.' },
  polling: { at: 18, doc: 'The guest polls; no interrupt is raised.' },
  reserved2: { at: 19, width: 45, reserved: true, display: 'hex', doc: 'Reserved.' },
} as const satisfies Bits;

function sintMeaning(value: number | bigint): string {
  return [
    `vector ${hex0x(bitsOf(value, SINT.vector), 2)}`,
    ...(isSet(value, SINT.auto_eoi) ? ['auto EOI'] : []),
    ...(isSet(value, SINT.polling) ? ['polled'] : []),
    ...(isSet(value, SINT.masked) ? ['masked'] : []),
  ].join(' · ');
}

const STIMER = {
  enable: { at: 0, doc: 'The timer runs.' },
  periodic: { at: 1, doc: 'Fires again and again.' },
  lazy: { at: 2, doc: 'May fire late, when the vCPU runs anyway.' },
  auto_enable: { at: 3, doc: 'Writing the count starts the timer.' },
  apic_vector: { at: 4, width: 8, display: 'hex', doc: 'Vector raised in direct mode.' },
  direct_mode: { at: 12, doc: 'Raises the vector itself instead of a message.' },
  reserved_z0: { at: 13, width: 3, reserved: true, display: 'hex', doc: 'Reserved, zero.' },
  sintx: { at: 16, width: 4, doc: 'Interrupt source that is told; 0 for none.' },
  reserved_z1: { at: 20, width: 44, reserved: true, display: 'hex', doc: 'Reserved, zero.' },
} as const satisfies Bits;

function stimerMeaning(value: number | bigint): string {
  const to = isSet(value, STIMER.direct_mode)
    ? `vector ${hex0x(bitsOf(value, STIMER.apic_vector), 2)}`
    : `SINT${bitsOf(value, STIMER.sintx)}`;
  const isOn = isSet(value, STIMER.enable);
  return [isOn ? 'on' : 'off', isSet(value, STIMER.periodic) ? 'periodic' : 'one-shot', to].join(' · ');
}

export const HVM_VIRIDIAN_VCPU = struct(
  'hvm_viridian_vcpu_context',
  {
    vp_assist_msr: pageMsr('MSR VP_ASSIST_PAGE (APIC_ASSIST): the page that spares the guest EOIs.'),
    apic_assist_pending: u8({
      doc: 'Whether the guest was offered to skip an EOI. Since Xen 4.7; up to 4.10 the vector of it.',
      since: 407,
      note: (value) => (Number(value) === 0 ? 'no' : Number(value) === 1 ? 'yes' : `yes, vector ${hex0x(value)}`),
    }),
    _pad: zeros(7, { doc: 'Padding; Xen refuses anything but zeros.' }),
    simp_msr: {
      ...pageMsr('MSR SIMP: the page that takes messages of the synthetic interrupt controller. Since Xen 4.13.'),
      since: 413,
    },
    sint_msr: array(
      u64({ display: 'register', bits: SINT, note: sintMeaning, doc: 'MSR SINTx: one synthetic interrupt source.' }),
      16,
      { doc: 'Sources of the synthetic interrupt controller. Since Xen 4.13.' },
    ),
    stimer_config_msr: array(
      u64({ display: 'register', bits: STIMER, note: stimerMeaning, doc: 'MSR STIMERx_CONFIG: how the timer works.' }),
      4,
      { doc: 'How the synthetic timers work. Since Xen 4.13.' },
    ),
    stimer_count_msr: array(
      u64({
        note: referenceTime,
        doc: 'MSR STIMERx_COUNT, in units of 100 ns: a period, or the reference time to fire at.',
      }),
      4,
      { doc: 'Counts of the synthetic timers. Since Xen 4.13.' },
    ),
  },
  { source: SOURCE },
);
