/** What Xen looks at as it goes from entry to entry of the HVM context. Source: xen/arch/x86/hvm/save.c, hvm_load(). */
import { HVM_DESCRIPTOR, HVM_DESCRIPTOR_SIZE } from '../../../../format/hvm/entries';
import { type HvmTypeName, HvmType } from '../../../../format/hvm/types';
import { fieldsOf } from '../../../../format/kit/fields';
import type { ValueOf } from '../../../../format/kit/layout';
import { says } from '../../../kit/log-line';
import { type Rule, ADVICE } from '../../../kit/rule';

/** A place where a descriptor must stand. */
export interface HvmStep {
  /** Bytes that the context has from there on. */
  readonly left: number;
  readonly descriptor: ValueOf<typeof HVM_DESCRIPTOR>;
  /** What this Xen loads such an entry as; undefined for END, and for what it has no load function for. */
  readonly loaded: HvmTypeName | undefined;
  /** A check of its own looks at the entry's length before any is loaded. */
  readonly isChecked: boolean;
}

const field = fieldsOf(HVM_DESCRIPTOR);
const LAST_TYPE = Math.max(...Object.values(HvmType));
const LOAD = 'xen/arch/x86/hvm/save.c: hvm_load()';
const common = { layer: 'hypervisor', severity: 'fatal', errno: 61, advice: ADVICE.copy } as const;

export const HVM_STEP_RULES: readonly Rule<HvmStep>[] = [
  {
    ...common,
    id: 'HH-05',
    log: [says.xen('HVM{N} restore: save did not end with a null entry')],
    title: 'the HVM context ends without its END entry',
    explain: 'The last entry must be END; here is no room for a descriptor.',
    source: LOAD,
    when: ({ left }) => left < HVM_DESCRIPTOR_SIZE,
  },
  {
    ...common,
    id: 'HH-06',
    errno: 22,
    log: [says.xen('HVM{N} restore: unknown entry typecode %u')],
    title: 'a type of entry that Xen does not load',
    explain: `Xen loads types ${HvmType.CPU} to ${LAST_TYPE}. A wrong length of the entry before puts the reader in the wrong place.`,
    advice: ADVICE.newer,
    source: LOAD,
    when: ({ descriptor: { typecode }, loaded }) =>
      typecode !== HvmType.END && loaded === undefined && { values: [typecode], at: field('typecode') },
  },
  {
    ...common,
    id: 'HH-07',
    errno: 22,
    certainty: 'target',
    versions: { from: 422 },
    log: [says.xen('HVM{N} restore: unknown entry typecode %u')],
    title: 'Hyper-V state; a Xen built without CONFIG_VIRIDIAN does not load it',
    explain: 'Since 4.22 Xen can be built without its Hyper-V interface, and then knows no such entry.',
    advice: 'Restore on a Xen that is built with CONFIG_VIRIDIAN, as it is by default.',
    source: 'xen/arch/x86/hvm/Kconfig: VIRIDIAN',
    when: ({ descriptor: { typecode }, loaded }) =>
      loaded === 'VIRIDIAN_DOMAIN' && { values: [typecode], at: field('typecode') },
  },
  {
    ...common,
    id: 'HH-08',
    versions: { from: 419 },
    title: 'an entry that extends past the end of the context',
    explain: 'Its length is larger than what is left. Xen prints nothing; libxc only hears of error 61.',
    source: LOAD,
    when: ({ descriptor: { length }, left, loaded, isChecked }) =>
      loaded !== undefined && !isChecked && length > left - HVM_DESCRIPTOR_SIZE && { at: field('length') },
  },
];
