/** What Xen looks at in a VIRIDIAN_VCPU entry. Source: xen/arch/x86/hvm/viridian/viridian.c. */
import { HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { HVM_VIRIDIAN_VCPU } from '../../../../format/hvm/viridian';
import { fieldsOf } from '../../../../format/kit/fields';
import { ADVICE } from '../../../kit/rule';
import type { StateRule } from './state';

const field = fieldsOf(HVM_VIRIDIAN_VCPU, HVM_DESCRIPTOR_SIZE);

export const VIRIDIAN_VCPU_RULES: readonly StateRule<typeof HVM_VIRIDIAN_VCPU>[] = [
  {
    id: 'HH-58',
    layer: 'hypervisor',
    severity: 'fatal',
    errno: 22,
    versions: { from: 407 },
    title: 'padding of VIRIDIAN_VCPU is set',
    explain: 'It must be zero.',
    advice: ADVICE.copy,
    source: 'xen/arch/x86/hvm/viridian/viridian.c: viridian_load_vcpu_ctxt()',
    when: ({ state: { _pad: pad } }) => pad.some((byte) => byte !== 0) && { at: field('_pad') },
  },
];
