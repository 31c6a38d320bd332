/** HVM save record LAPIC (5): what a local APIC has beside its registers. Source: public/arch-x86/hvm/save.h. */
import { FRAME_MASK } from '../page';
import { duration } from '../../lib/duration';
import { hex0x } from '../../lib/text';
import { isSet, withReserved } from '../kit/bits';
import { type Bits, struct, toGpa, u32, u64 } from '../kit/layout';
import { ignored } from './padding';

/** One cycle of Xen's APIC bus, which runs at 100 MHz. Source: asm/hvm/vlapic.h (APIC_BUS_CYCLE_NS). */
export const APIC_BUS_CYCLE_NS = 10n;

/** Bits of IA32_APIC_BASE. */
const APIC_BASE = {
  BSP: { at: 8, doc: 'This is the boot processor.' },
  EXTD: { at: 10, doc: 'x2APIC mode. Not allowed without EN.' },
  EN: { at: 11, doc: 'The APIC is enabled.' },
  base: { at: 12, width: 40, display: 'hex', doc: 'Frame of the register page.' },
} as const satisfies Bits;

/** Returns whether the base MSR of an APIC says x2APIC mode, for which its registers are then laid out. */
export const isX2apic = (apicBase: bigint): boolean => isSet(apicBase, APIC_BASE.EXTD);

/** Returns whether the base MSR of an APIC says that the APIC is enabled. */
export const isApicOn = (apicBase: bigint): boolean => isSet(apicBase, APIC_BASE.EN);

function baseMeaning(value: number | bigint): string {
  const msr = BigInt(value);
  const mode = isX2apic(msr) ? 'x2APIC' : 'xAPIC';
  return [
    isApicOn(msr) ? mode : isX2apic(msr) ? 'x2APIC but disabled, which is not allowed' : 'disabled',
    ...(isSet(msr, APIC_BASE.BSP) ? ['boot processor'] : []),
    `at ${hex0x(msr & FRAME_MASK)}`,
  ].join(' · ');
}

/** The error status register. Source: asm/apicdef.h (APIC_ESR_*). */
export const ESR: Bits = withReserved(32, {
  SEND_CS: { at: 0, doc: 'Checksum error while sending.' },
  RECV_CS: { at: 1, doc: 'Checksum error while receiving.' },
  SEND_ACC: { at: 2, doc: 'Nobody accepted a message sent.' },
  RECV_ACC: { at: 3, doc: 'A message received was accepted by nobody.' },
  REDIR_IPI: { at: 4, doc: 'A redirectable interrupt was sent where there is no support for it.' },
  SENDILL: { at: 5, doc: 'An illegal vector was sent.' },
  RECVILL: { at: 6, doc: 'An illegal vector was received.' },
  ILLREGA: { at: 7, doc: 'A register that does not exist was accessed.' },
});

export const HVM_LAPIC = struct(
  'hvm_hw_lapic',
  {
    apic_base_msr: u64({
      display: 'hex',
      doc: 'MSR IA32_APIC_BASE: mode and address of the local APIC.',
      bits: withReserved(64, APIC_BASE),
      note: baseMeaning,
      leadsTo: (value) => toGpa(BigInt(value) & FRAME_MASK),
    }),
    disabled: u32({
      display: 'hex',
      doc: 'Why the APIC does not work, if so.',
      bits: withReserved(32, {
        HW_DISABLED: { at: 0, doc: 'Disabled in IA32_APIC_BASE.' },
        SW_DISABLED: { at: 1, doc: 'Disabled in the spurious vector register.' },
      }),
    }),
    timer_divisor: u32({
      doc: 'Bus cycles per tick of the timer, as the divide configuration register sets it.',
      note: (value) => `a tick takes ${duration(BigInt(value) * APIC_BUS_CYCLE_NS)}`,
    }),
    tdt_msr: u64({
      display: 'register',
      doc: 'MSR IA32_TSC_DEADLINE: TSC at which the timer fires in TSC-deadline mode; 0 when disarmed. Since Xen 4.1.',
      since: 401,
    }),
    pending_esr: u32({
      display: 'hex',
      doc: 'Errors noted since the error status register was last written. Since Xen 4.21.',
      // With 4.18.5, 4.19.2 and 4.20.1.
      since: 418,
      bits: ESR,
    }),
    padding: ignored(4),
  },
  { source: 'public/arch-x86/hvm/save.h (struct hvm_hw_lapic)' },
);
