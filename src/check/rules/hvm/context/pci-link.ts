/** What Xen looks at in a PCI_LINK entry. Source: xen/arch/x86/hvm/irq.c. */
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { HVM_PCI_LINK } from '../../../../format/hvm/irqs';
import { fieldsOf } from '../../../../format/kit/fields';
import { says } from '../../../kit/log-line';
import { ADVICE } from '../../../kit/rule';
import type { StateRule } from './state';

const field = fieldsOf(HVM_PCI_LINK, HVM_DESCRIPTOR_SIZE);
const common = { layer: 'hypervisor', severity: 'fatal', errno: 22, advice: ADVICE.copy } as const;

/** ISA interrupts: a link leads to one of them, or to 0, which means none. */
const ISA_IRQS = 16;
const LINKS = ['[0]', '[1]', '[2]', '[3]'] as const;

export const PCI_LINK_RULES: readonly StateRule<typeof HVM_PCI_LINK>[] = [
  {
    ...common,
    id: 'HH-53',
    versions: { from: 419 },
    title: 'padding of PCI_LINK is set',
    explain: 'It must be zero.',
    source: 'xen/arch/x86/hvm/irq.c: irq_check_link()',
    when: ({ state }) => state.pad0.some((byte) => byte !== 0) && { at: field('pad0') },
  },
  {
    ...common,
    id: 'HH-54',
    log: [says.xen('HVM restore: PCI-ISA link %u out of range (%u)')],
    title: 'a PCI interrupt link that leads to no ISA interrupt',
    explain: 'Links lead to interrupts 0 to 15.',
    source: 'xen/arch/x86/hvm/irq.c: irq_load_link()',
    when: ({ state: { route } }) => {
      const bad = LINKS.find((link) => route[link] >= ISA_IRQS);
      return bad !== undefined && { values: [LINKS.indexOf(bad), route[bad]], at: field(`route.${bad}`) };
    },
  },
];
