/** What Xen looks at in X86_TSC_INFO, and what is lost without it. */
import { fieldsOf } from '../../../format/kit/fields';
import type { ValueOf } from '../../../format/kit/layout';
import { X86_TSC_INFO } from '../../../format/libxc/info';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

type TscInfo = ValueOf<typeof X86_TSC_INFO>;

const field = fieldsOf(X86_TSC_INFO);

export const TSC_RULES: readonly Rule<TscInfo>[] = [
  {
    id: 'LC-32',
    variant: 'modes-0-2',
    layer: 'hypervisor',
    severity: 'fatal',
    errno: 22,
    log: [says.libxc('Unable to set TSC information')],
    perror: true,
    title: 'an unknown TSC mode',
    explain:
      'Modes are 0 (default), 1 (always emulate) and 2 (never emulate). Mode 3 (PVRDTSCP) was dropped in Xen 4.12.',
    advice: 'Set tsc_mode of the guest to another value before it is saved.',
    source: 'xen/arch/x86/time.c: tsc_set_info()',
    versions: { from: 412 },
    when: ({ mode }) => mode > 2 && { message: `TSC mode ${mode}, which Xen does not have`, at: field('mode') },
  },
  {
    id: 'LC-32',
    variant: 'modes-0-3',
    layer: 'hypervisor',
    severity: 'fatal',
    errno: 22,
    log: [says.libxc('Unable to set TSC information')],
    perror: true,
    title: 'an unknown TSC mode',
    explain: 'Before Xen 4.12 modes were 0 to 3.',
    advice: 'Set tsc_mode of the guest to another value before it is saved.',
    source: 'xen/arch/x86/time.c: tsc_set_info(), before 4.12',
    versions: { before: 412 },
    when: ({ mode }) => mode > 3 && { message: `TSC mode ${mode}, which Xen does not have`, at: field('mode') },
  },
  {
    id: 'LC-55',
    layer: 'spec',
    severity: 'note',
    title: 'the reserved word of X86_TSC_INFO is set; libxc ignores it',
    explain: 'verify-stream-v2 refuses it.',
    advice: ADVICE.none,
    source: 'docs/specs/libxc-migration-stream.pandoc: X86_TSC_INFO',
    when: ({ reserved }) => reserved !== 0 && { at: field('reserved') },
  },
];

export const TSC_PRESENCE_RULES: readonly Rule<{ readonly sawTsc: boolean }>[] = [
  {
    id: 'LC-57',
    layer: 'spec',
    severity: 'note',
    title: 'no X86_TSC_INFO: frequency and age of the guest’s TSC are those of a new domain',
    explain:
      'libxc does not notice. The mode comes from the configuration; the rest matters where the TSC is emulated, and on a host of another frequency.',
    advice: 'Where the guest’s clock runs wrong: save the domain again.',
    source: 'xen/arch/x86/time.c: tsc_set_info(); tools/libs/light/libxl_x86.c: libxl__arch_domain_create()',
    when: ({ sawTsc }) => !sawTsc,
  },
];
