/** What Xen looks at in a PIC entry. Source: xen/arch/x86/hvm/vpic.c, vpic_check(). */
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { HVM_PIC, INIT_STATE, IS_MASTER } from '../../../../format/hvm/pic';
import { isSet } from '../../../../format/kit/bits';
import { fieldsOf } from '../../../../format/kit/fields';
import { ADVICE } from '../../../kit/rule';
import type { StateRule } from './state';

const field = fieldsOf(HVM_PIC, HVM_DESCRIPTOR_SIZE);
const common = {
  layer: 'hypervisor',
  severity: 'fatal',
  errno: 22,
  versions: { from: 419 },
  advice: ADVICE.copy,
  source: 'xen/arch/x86/hvm/vpic.c: vpic_check()',
} as const;

/** Lines that elcr may have set: those of timer and keyboard, clock and FPU are edge-triggered in every PC. */
const LEVEL_LINES = { master: 0b1111_1100, slave: 0b1101_1110 } as const;

export const PIC_RULES: readonly StateRule<typeof HVM_PIC>[] = [
  {
    ...common,
    id: 'HH-48',
    errno: 33,
    title: 'an interrupt output of a PIC that is neither 0 nor 1',
    explain: 'The output is a single line, so it must be 0 or 1.',
    when: ({ state }) => state.int_output > 1 && { at: field('int_output') },
  },
  {
    ...common,
    id: 'HH-49',
    title: 'an impossible PIC state',
    explain:
      'Instance 0 is the master; no interrupt is raised while it is initialised; fixed lines cannot be level-triggered.',
    when: ({ instance, state }) => {
      const isMaster = isSet(state.modes, IS_MASTER);
      if (isMaster !== (instance === 0)) return { at: field('modes') };
      const isInitialising = isSet(state.init_priority, INIT_STATE);
      if (state.int_output !== 0 && isInitialising) return { at: field('init_priority') };
      return (state.elcr & ~LEVEL_LINES[isMaster ? 'master' : 'slave']) !== 0 && { at: field('elcr') };
    },
  },
];
