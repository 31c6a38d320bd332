/** What Xen looks at in a LAPIC entry. Source: xen/arch/x86/hvm/vlapic.c. */
import { HVM_LAPIC, isApicOn, isX2apic } from '../../../../format/hvm/apic';
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { fieldsOf } from '../../../../format/kit/fields';
import { sizeInRelease } from '../../../../format/kit/layout';
import { says } from '../../../kit/log-line';
import { ADVICE } from '../../../kit/rule';
import { lengthMismatch } from './every-type';
import type { StateRule } from './state';

const field = fieldsOf(HVM_LAPIC, HVM_DESCRIPTOR_SIZE);
const common = { layer: 'hypervisor', severity: 'fatal', errno: 22 } as const;

/** Bytes of the entry in the releases before pending_esr, and in the first point releases of those with it. */
const SHORT = sizeInRelease(HVM_LAPIC, 417);

export const LAPIC_RULES: readonly StateRule<typeof HVM_LAPIC>[] = [
  {
    ...common,
    id: 'HH-11',
    variant: 'lapic-32',
    certainty: 'target',
    versions: { from: 418, before: 421 },
    log: [
      says.xen(
        'HVM restore mismatch: expected zeroextended type 5 length 24, saw type 5 length %u.  %zu bytes remaining',
      ),
    ],
    title: 'a LAPIC of 32 bytes; early point releases take 24',
    explain: 'Before 4.18.5, 4.19.2 and 4.20.1 the entry had no pending_esr.',
    advice: ADVICE.newer,
    source: 'xen/include/public/arch-x86/hvm/save.h: struct hvm_hw_lapic',
    when: (entry) => entry.length > SHORT && lengthMismatch(entry, { ...entry.lengthCheck, sizes: [SHORT] }),
  },
  {
    ...common,
    id: 'HH-55',
    title: 'an APIC in x2APIC mode that is not enabled',
    explain: 'The mode (EXTD) exists only together with EN.',
    advice: ADVICE.copy,
    source: 'xen/arch/x86/hvm/vlapic.c: lapic_check_hidden()',
    when: ({ state: { apic_base_msr: base } }) => isX2apic(base) && !isApicOn(base) && { at: field('apic_base_msr') },
  },
];
