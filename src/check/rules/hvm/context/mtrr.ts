/** What Xen looks at in an MTRR entry. Source: xen/arch/x86/hvm/mtrr.c, hvm_load_mtrr_msr() and hvm_save_mtrr_msr(). */
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { HVM_MTRR, MTRR_CAP } from '../../../../format/hvm/mtrr';
import { bitsOf } from '../../../../format/kit/bits';
import { fieldsOf } from '../../../../format/kit/fields';
import { says } from '../../../kit/log-line';
import { type Hit, ADVICE } from '../../../kit/rule';
import { refusals } from './mtrr-values';
import type { HvmStateSubject, StateRule } from './state';

const field = fieldsOf(HVM_MTRR, HVM_DESCRIPTOR_SIZE);

/** Whether all variable ranges are equal, and one is in use. */
function hasOneRange({ state: { msr_mtrr_var: ranges } }: HvmStateSubject<typeof HVM_MTRR>): boolean {
  const [first] = ranges;
  return (
    first !== undefined &&
    first.mask !== 0n &&
    ranges.every(({ base, mask }) => base === first.base && mask === first.mask)
  );
}

export const MTRR_RULES: readonly StateRule<typeof HVM_MTRR>[] = [
  {
    id: 'HH-41',
    layer: 'hypervisor',
    severity: 'fatal',
    errno: 22,
    versions: { from: 412 },
    debug: true,
    log: [says.xen('HVM restore: d{N}v%u: too many (%lu) variable range MTRRs')],
    title: 'more variable MTRRs than Xen has',
    explain: 'MTRRcap tells of more than 8. Only a debug build of Xen prints why.',
    advice: ADVICE.copy,
    source: 'xen/arch/x86/hvm/mtrr.c: hvm_load_mtrr_msr()',
    when: ({ instance, state: { msr_mtrr_cap: cap, msr_mtrr_var: ranges } }) => {
      const count = bitsOf(cap, MTRR_CAP.VCNT);
      return count > ranges.length && { values: [instance, count], at: field('msr_mtrr_cap') };
    },
  },
  {
    id: 'HH-65',
    layer: 'spec',
    severity: 'note',
    title: 'all variable MTRRs are the same: only the first of the guest’s ranges was saved',
    explain:
      'Xen since 4.12 saves the first range eight times over. The guest’s other ranges are lost, which makes some memory slow.',
    advice: ADVICE.none,
    source: 'xen/arch/x86/hvm/mtrr.c: hvm_save_mtrr_msr()',
    when: (entry) => hasOneRange(entry) && { at: field('msr_mtrr_var') },
  },
  {
    id: 'HH-42',
    layer: 'hypervisor',
    severity: 'warning',
    title: 'memory types that Xen rejects silently',
    explain: 'The registers keep their values of a reset, so the guest gets other memory types than it had set.',
    advice: ADVICE.copy,
    source:
      'xen/arch/x86/hvm/mtrr.c: mtrr_fix_range_msr_set(), mtrr_var_range_msr_set(), mtrr_def_type_msr_set(); hvm.c: hvm_set_guest_pat()',
    when: ({ state, xen }): Hit | false => {
      const [first, ...others] = refusals(state, xen);
      if (!first) return false;
      const more = others.length > 0 ? `, and ${others.length} more` : '';
      return { message: `memory types that Xen rejects silently: ${first.what}${more}`, at: field(first.path) };
    },
  },
];
