/** Tests that the load functions of all types make before they look into an entry, in the order in which they make them. */
import { HVM_DESCRIPTOR } from '../../../../format/hvm/entries';
import type { LengthCheck } from '../../../../format/hvm/length';
import { HVM_TYPES, HvmType } from '../../../../format/hvm/types';
import { fieldsOf } from '../../../../format/kit/fields';
import { says } from '../../../kit/log-line';
import { type Hit, ADVICE } from '../../../kit/rule';
import type { EntryRule, HvmEntrySubject } from './state';

const field = fieldsOf(HVM_DESCRIPTOR);
const common = { layer: 'hypervisor', severity: 'fatal', errno: 22, advice: ADVICE.copy } as const;

/** What Xen prints of a length that it does not take, as a format of C. */
const mismatchLine = (rule: LengthCheck['rule']) =>
  says.xen(`HVM restore mismatch: expected ${rule} type %u length %u, saw type %u length %u.  %zu bytes remaining`);

/** Returns what Xen says of an entry whose length it does not take: a line for each size that it has tried. */
export function lengthMismatch(entry: HvmEntrySubject, { rule, sizes, errno }: LengthCheck): Hit {
  const { length, remaining } = entry;
  const type = HvmType[entry.type];
  const lines = sizes.map((size) =>
    says.xen(
      `HVM restore mismatch: expected ${rule} type ${type} length ${size}, saw type ${type} length ${length}.  ${remaining} bytes remaining`,
    ),
  );
  return {
    log: lines,
    errno,
    message: `length ${length}, Xen takes ${rule === 'strict' ? '' : 'up to '}${sizes[0]}${length > remaining ? `, and ${remaining} bytes are left` : ''}`,
    at: field('length'),
  };
}

/** Whether this Xen takes the length of an entry whose type has a size. */
function isLengthTaken({ length, remaining, lengthCheck: { rule, sizes } }: HvmEntrySubject): boolean {
  return length <= remaining && sizes.some((size) => (rule === 'strict' ? length === size : length <= size));
}

/** Makes the test of a rule on lengths: it hits entries whose length this rule is for, and that Xen does not accept. */
export const badLength =
  (rule: LengthCheck['rule']) =>
  (entry: HvmEntrySubject): Hit | false =>
    entry.lengthCheck.rule === rule && !isLengthTaken(entry) && lengthMismatch(entry, entry.lengthCheck);

const isBoard = ({ type }: HvmEntrySubject): boolean => HVM_TYPES[type].owner === 'board';

export const EVERY_TYPE_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-46',
    errno: 19,
    versions: { from: 407 },
    title: 'a device of a PC in a guest that has none',
    explain:
      'A PVH guest has neither PIC, PIT, RTC, HPET nor power management timer: the context was saved from an HVM guest.',
    advice: ADVICE.config,
    source: 'xen/arch/x86: vpic_load(), pit_load(), rtc_load(), hpet_load(), acpi_load()',
    when: (entry) => isBoard(entry) && entry.kind === 'pvh',
  },
  {
    ...common,
    id: 'HH-47',
    errno: 2,
    title: 'a third PIC',
    explain: 'A PC has two: instances 0 and 1.',
    source: 'xen/arch/x86/hvm/vpic.c: vpic_load()',
    when: ({ type, instance }) => {
      const { devices } = HVM_TYPES[type];
      return devices !== undefined && instance >= devices.length && { at: field('instance') };
    },
  },
  {
    ...common,
    id: 'HH-13',
    debug: true,
    log: [says.xen('HVM restore: dom{N} has no vcpu%u')],
    title: 'state of a vCPU that the configuration does not have',
    explain: 'The domain is created with max_vcpus of the configuration; the context has a vCPU beyond.',
    advice: ADVICE.config,
    source: 'xen/arch/x86/hvm/hvm.c: hvm_load_cpu_ctxt() and others',
    when: ({ type, instance, maxVcpus }) =>
      HVM_TYPES[type].owner === 'vcpu' &&
      instance >= maxVcpus && {
        values: [instance],
        message: `vCPU ${instance}; the configuration has ${maxVcpus}`,
        at: field('instance'),
      },
  },
  {
    ...common,
    id: 'HH-10',
    log: [mismatchLine('strict')],
    title: 'an entry of another length than its type has',
    explain:
      'The length in the descriptor must be that of the structure, and must not reach past the end of the context.',
    source: 'xen/arch/x86/hvm/save.c: _hvm_check_entry()',
    when: badLength('strict'),
  },
  {
    ...common,
    id: 'HH-11',
    variant: 'too-long',
    log: [mismatchLine('zeroextended')],
    title: 'an entry longer than its type is in this Xen',
    explain:
      'An older Xen refuses what a newer one has made longer; a shorter entry is filled up with zeros. A length past the end of the context is refused too.',
    advice: ADVICE.newer,
    source: 'xen/arch/x86/hvm/save.c: _hvm_check_entry()',
    when: badLength('zeroextended'),
  },
];
