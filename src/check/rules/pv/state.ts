/** What libxc and Xen look at in the registers of a PV vCPU when the stream has ended. */
import { isSet, maskOfAll } from '../../../format/kit/bits';
import { isCanonical, XEN_64 } from '../../../format/paging/modes';
import { VGCF, VM_ASSIST, VM_ASSIST_64 } from '../../../format/pv/context-fields';
import { offsetInPage } from '../../../format/page';
import { RFLAGS } from '../../../format/x86/registers';
import { FIRST_XEN_ENTRY, SELECTOR_ENTRIES } from '../../../format/x86/selector';
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';
import { type DebugRegister, field64, type PvContext } from './context';

const RESTORE = 'tools/libs/guest/xg_sr_restore_x86_pv.c';
const SET_INFO = 'xen/arch/x86/domain.c: arch_set_info_guest()';

export const GDT_COUNT_RULES: readonly Rule<PvContext>[] = [
  {
    id: 'LP-36',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('GDT entry count (%u) out of range (max %u)')],
    title: 'a GDT with more entries than a guest can have',
    explain: 'Xen keeps the upper part of the GDT for itself; a guest can have 7168 entries.',
    advice: ADVICE.copy,
    source: `${RESTORE}: process_vcpu_basic()`,
    when: ({ gdtEntries, field }) => {
      const count = BigInt.asUintN(32, gdtEntries);
      return count > FIRST_XEN_ENTRY && { values: [count, FIRST_XEN_ENTRY], at: field('gdt_ents') };
    },
  },
];

/** Tells whether an address is one of the guest's: neither Xen's own nor, being not canonical, nobody's. */
const isOutsideXen = (address: bigint): boolean => address < XEN_LOWEST || address >= XEN_64.end;
/** The lower half of the address space, which is the guest's alone, ends here. */
const XEN_LOWEST = 1n << 47n;

const BREAKPOINTS: readonly DebugRegister[] = ['dr0', 'dr1', 'dr2', 'dr3'];
const CONTROLS: readonly DebugRegister[] = ['dr6', 'dr7'];

const refused = { layer: 'hypervisor', severity: 'fatal', errno: 22, source: SET_INFO, advice: ADVICE.copy } as const;

export const CONTEXT_RULES: readonly Rule<PvContext>[] = [
  {
    ...refused,
    id: 'HP-02',
    versions: { from: 418 },
    title: 'dr6 or dr7 wider than 32 bits',
    explain: 'The upper halves of these registers do not exist.',
    when: ({ wide, debug, field }) => {
      const bad = wide ? CONTROLS.find((register) => debug[register] >> 32n !== 0n) : undefined;
      return (
        bad !== undefined && {
          message: `${bad} ${hex0x(debug[bad])} is wider than 32 bits`,
          at: field(`debugreg.${bad}`),
        }
      );
    },
  },
  {
    ...refused,
    id: 'HP-03',
    versions: { from: 418 },
    title: 'a breakpoint in Xen’s own memory',
    explain: 'dr0 to dr3 of a guest must not point into Xen’s own part of the address space.',
    when: ({ debug, field }) => {
      const bad = BREAKPOINTS.find((register) => !isOutsideXen(debug[register]));
      return (
        bad !== undefined && {
          message: `${bad} ${hex0x(debug[bad])} points to Xen’s own memory`,
          at: field(`debugreg.${bad}`),
        }
      );
    },
  },
  {
    ...refused,
    id: 'HP-04',
    title: 'an address that is not canonical',
    explain:
      'Bits 63 to 47 of an address must all be equal. Xen tests entry points, stacks and segment bases of a 64-bit guest.',
    when: ({ addresses }) => {
      const bad = addresses.find(([, value]) => !isCanonical(value));
      if (!bad) return false;
      const [name, value] = bad;
      return { message: `${name} ${hex0x(value)} is not canonical`, at: field64(name) };
    },
  },
  {
    ...refused,
    id: 'HP-06',
    title: 'an LDT in Xen’s own memory',
    explain: 'ldt_base of a 64-bit guest must not point into Xen’s own part of the address space.',
    when: ({ wide, ldtBase, field }) => wide && !isOutsideXen(ldtBase) && { at: field('ldt_base') },
  },
  {
    ...refused,
    id: 'HP-07',
    title: 'a 32-bit guest in virtual-8086 mode',
    explain: 'EFLAGS.VM cannot be used under a 64-bit Xen.',
    versions: { from: 422 },
    when: ({ wide, rflags, places }) => !wide && isSet(rflags, RFLAGS.VM) && { at: places.rflags },
  },
  {
    ...refused,
    id: 'HP-08',
    title: 'an LDT that is not at the start of a page, or has too many entries',
    explain: 'ldt_base must be a multiple of 4096, and an LDT has 8192 entries at most.',
    when: ({ ldtBase, ldtEntries, field }) =>
      (offsetInPage(ldtBase) !== 0 || ldtEntries > SELECTOR_ENTRIES) && { at: field('ldt_base', 'ldt_ents') },
  },
  {
    ...refused,
    id: 'HP-09',
    title: 'unknown VM assists',
    explain: 'vm_assist of vCPU 0 holds what the guest has asked Xen for; unknown bits are refused.',
    when: ({ vcpu, vmAssist, wide, field }) => {
      const known = maskOfAll(wide ? VM_ASSIST_64 : VM_ASSIST);
      return (
        vcpu === 0 &&
        (vmAssist & ~known) !== 0n && {
          message: `vm_assist ${hex0x(vmAssist)} has unknown bits`,
          at: field('vm_assist'),
        }
      );
    },
  },
  {
    ...refused,
    id: 'HP-11',
    title: 'a vCPU in user mode without page tables for it',
    explain: 'A 64-bit guest runs user mode on the tables that cr1 names; a vCPU that is in user mode must have them.',
    when: ({ wide, flags, cr1, field }) =>
      wide && !isSet(flags, VGCF.in_kernel) && cr1 === 0n && { at: field('ctrlreg.cr1') },
  },
];
