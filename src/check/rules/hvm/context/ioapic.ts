/** What Xen looks at in an IOAPIC entry before anything else. Source: xen/arch/x86/hvm/vioapic.c, ioapic_load(). */
import { says } from '../../../kit/log-line';
import { ADVICE } from '../../../kit/rule';
import { badLength } from './every-type';
import type { EntryRule } from './state';

const common = {
  layer: 'hypervisor',
  severity: 'fatal',
  errno: 22,
  source: 'xen/arch/x86/hvm/vioapic.c: ioapic_load()',
} as const;

export const IOAPIC_RULES: readonly EntryRule[] = [
  {
    ...common,
    id: 'HH-43',
    errno: 19,
    versions: { from: 407 },
    title: 'an I/O APIC in a guest that has none',
    explain: 'A PVH guest has no I/O APIC: the context was saved from an HVM guest.',
    advice: ADVICE.config,
    when: ({ kind }) => kind === 'pvh',
  },
  {
    ...common,
    id: 'HH-45',
    log: [
      says.xen('HVM restore mismatch: expected strict type 4 length 400, saw type 4 length %u.  %zu bytes remaining'),
    ],
    title: 'an I/O APIC of another length',
    explain: 'It has 48 pins, which take 400 bytes.',
    advice: ADVICE.copy,
    when: badLength('strict'),
  },
];
