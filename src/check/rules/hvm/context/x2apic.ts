/** The logical id of a local APIC in x2APIC mode, once both of its entries are loaded. Source: xen/arch/x86/hvm/vlapic.c. */
import { hex0x } from '../../../../lib/text';
import { readU32 } from '../../../../format/kit/bytes';
import { says } from '../../../kit/log-line';
import { type Rule, ADVICE } from '../../../kit/rule';

/** LAPIC_REGS: the registers, 16 bytes apart. */
const APIC_ID = 0x20;
const APIC_LDR = 0xd0;
const DESCRIPTOR = 8;

/** The logical id that an x2APIC derives from an id. */
const logicalId = (id: number): number => (((id >>> 4) << 16) | (1 << (id & 0xf))) >>> 0;

export interface X2apic {
  readonly vcpu: number;
  readonly id: number;
  readonly ldr: number;
}

export const x2apicOf = (vcpu: number, regs: Uint8Array): X2apic => ({
  vcpu,
  id: readU32(regs, APIC_ID, true),
  ldr: readU32(regs, APIC_LDR, true),
});

const isOff = ({ id, ldr }: X2apic): boolean => ldr !== logicalId(id);
const at = { offset: DESCRIPTOR + APIC_LDR, length: 4 } as const;
const common = { id: 'HH-57', layer: 'hypervisor', source: 'xen/arch/x86/hvm/vlapic.c: lapic_load_fixup()' } as const;

export const X2APIC_RULES: readonly Rule<X2apic>[] = [
  {
    ...common,
    variant: 'mended',
    severity: 'note',
    title: 'an x2APIC of another id with logical id 1: Xen mends it',
    explain: 'A bug of Xen 4.4 and older gave it to every VCPU. Xen derives it from the id again.',
    advice: ADVICE.none,
    when: (apic) => isOff(apic) && apic.ldr === 1 && { at },
  },
  {
    ...common,
    variant: 'kept',
    severity: 'note',
    versions: { from: 417 },
    title: 'an x2APIC whose logical id follows from the number of its VCPU: Xen keeps it',
    explain: 'Xen 4.4 to 4.18 derived it so. The guest may rely on it, so the whole domain goes on with it.',
    advice: ADVICE.none,
    when: (apic) => isOff(apic) && apic.ldr !== 1 && apic.ldr === logicalId(apic.vcpu) && { at },
  },
  {
    ...common,
    variant: 'bogus',
    severity: 'warning',
    versions: { from: 417 },
    log: [says.xen('dNv%u: bogus x2APIC record: ID %#x, LDR %#x, expected LDR %#x')],
    title: 'an x2APIC whose logical id does not fit its id',
    explain:
      'In x2APIC mode it is a function of the id. Xen takes it as it is: interrupts to logical ids may get lost.',
    advice: ADVICE.copy,
    when: (apic) => {
      const { vcpu, id, ldr } = apic;
      const isOther = isOff(apic) && ldr !== 1 && ldr !== logicalId(vcpu);
      const good = logicalId(id);
      return (
        isOther && {
          values: [vcpu, id, ldr, good],
          message: `x2APIC id ${hex0x(id)} with logical id ${hex0x(ldr)}, expected ${hex0x(good)}`,
          at,
        }
      );
    },
  },
];
