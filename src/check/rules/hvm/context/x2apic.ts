/** The logical id of a local APIC in x2APIC mode, once both of its entries are loaded. Source: xen/arch/x86/hvm/vlapic.c. */
import { HVM_LAPIC_REGS_X2APIC } from '../../../../format/hvm/apic-regs';
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { fieldsOf } from '../../../../format/kit/fields';
import { hex0x } from '../../../../lib/text';
import { says } from '../../../kit/log-line';
import { type Rule, ADVICE } from '../../../kit/rule';

/** Returns the logical id that an x2APIC derives from an id: a bit for each of 16 APICs of a cluster. */
const logicalId = (id: number): number => (((id >>> 4) << 16) | (1 << (id & 0xf))) >>> 0;

/** A local APIC in x2APIC mode. */
export interface X2apic {
  readonly vcpu: number;
  readonly id: number;
  /** Logical destination register. */
  readonly ldr: number;
}

const isOff = ({ id, ldr }: X2apic): boolean => ldr !== logicalId(id);
const at = fieldsOf(HVM_LAPIC_REGS_X2APIC, HVM_DESCRIPTOR_SIZE)('LDR');
const common = { id: 'HH-57', layer: 'hypervisor', source: 'xen/arch/x86/hvm/vlapic.c: lapic_load_fixup()' } as const;

export const X2APIC_RULES: readonly Rule<X2apic>[] = [
  {
    ...common,
    variant: 'mended',
    severity: 'note',
    title: 'x2APIC with logical ID 1 and a non-zero ID: Xen corrects it',
    explain: 'A bug of Xen 4.4 and older gave it to every vCPU. Xen derives it from the id again.',
    advice: ADVICE.none,
    when: (apic) => isOff(apic) && apic.ldr === 1 && { at },
  },
  {
    ...common,
    variant: 'kept',
    severity: 'note',
    versions: { from: 417 },
    title: 'an x2APIC whose logical id follows from the number of its vCPU: Xen keeps it',
    explain: 'Xen 4.4 to 4.18 derived it so. The guest may rely on it, so the whole domain goes on with it.',
    advice: ADVICE.none,
    when: (apic) => isOff(apic) && apic.ldr !== 1 && apic.ldr === logicalId(apic.vcpu) && { at },
  },
  {
    ...common,
    variant: 'bogus',
    severity: 'warning',
    versions: { from: 417 },
    log: [says.xen('d{N}v%u: bogus x2APIC record: ID %#x, LDR %#x, expected LDR %#x')],
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
