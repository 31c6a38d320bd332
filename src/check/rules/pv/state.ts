/** What libxc and Xen look at in the state of a PV VCPU when the stream has ended. */
import { hex0x } from '../../../lib/text';
import { says } from '../../kit/log-line';
import { type Rule, ADVICE } from '../../kit/rule';

/** A VCPU's basic context, of either width, as Xen's checks see it. */
export interface PvContext {
  readonly vcpu: number;
  readonly wide: boolean;
  readonly flags: bigint;
  readonly gdtEntries: bigint;
  readonly ldtBase: bigint;
  readonly ldtEntries: bigint;
  readonly rflags: bigint;
  readonly cr1: bigint;
  readonly debug: readonly bigint[];
  readonly vmAssist: bigint;
  /** Addresses that must be canonical, by name, with their offsets; empty for a 32-bit guest. */
  readonly addresses: readonly { readonly name: string; readonly value: bigint; readonly offset: number }[];
  readonly offsets: Readonly<
    Record<'flags' | 'gdtEntries' | 'ldtBase' | 'rflags' | 'cr1' | 'debug' | 'vmAssist', number>
  >;
}

const RESTORE = 'tools/libs/guest/xg_sr_restore_x86_pv.c';
const SET_INFO = 'xen/arch/x86/domain.c: arch_set_info_guest()';

export const GDT_COUNT_RULES: readonly Rule<PvContext>[] = [
  {
    id: 'LP-36',
    layer: 'libxc',
    severity: 'fatal',
    log: [says.libxc('GDT entry count (%u) out of range (max %u)')],
    title: 'a GDT of more entries than a guest can have',
    explain: 'Xen keeps the upper part of the GDT for itself; a guest has 7168 entries.',
    advice: ADVICE.copy,
    source: `${RESTORE}: process_vcpu_basic()`,
    // libxc reads the count into 32 bits.
    when: ({ gdtEntries, offsets }) =>
      BigInt.asUintN(32, gdtEntries) > 7168n && {
        values: [BigInt.asUintN(32, gdtEntries), 7168],
        at: { offset: offsets.gdtEntries, length: 8 },
      },
  },
];

export const isCanonical = (address: bigint): boolean => BigInt.asUintN(64, BigInt.asIntN(48, address)) === address;
/** Xen's own part of the address space lies between. */
const HYPERVISOR_END = 0xffff_8800_0000_0000n;
const isOutsideXen = (address: bigint): boolean => address < 1n << 47n || address >= HYPERVISOR_END;

const VGCF_IN_KERNEL = 1n << 2n;
const EFLAGS_VM = 1n << 17n;
const ASSISTS = 0x3fn;
const M2P_STRICT = 1n << 32n;

const refused = { layer: 'hypervisor', severity: 'fatal', errno: 22, source: SET_INFO, advice: ADVICE.copy } as const;

export const CONTEXT_RULES: readonly Rule<PvContext>[] = [
  {
    ...refused,
    id: 'HP-02',
    versions: { from: 418 },
    title: 'dr6 or dr7 wider than 32 bits',
    explain: 'The upper halves of these registers do not exist.',
    when: ({ wide, debug, offsets }) => {
      const bad = wide ? [6, 7].find((register) => (debug[register] ?? 0n) >> 32n !== 0n) : undefined;
      return (
        bad !== undefined && {
          message: `dr${bad} ${hex0x(debug[bad] ?? 0n)} is wider than 32 bits`,
          at: { offset: offsets.debug + bad * 8, length: 8 },
        }
      );
    },
  },
  {
    ...refused,
    id: 'HP-03',
    versions: { from: 418 },
    title: 'a breakpoint in Xen’s own memory',
    explain: 'dr0 to dr3 of a guest must not point to where Xen lives.',
    when: ({ debug, offsets, wide }) => {
      const bad = [0, 1, 2, 3].find((register) => !isOutsideXen(debug[register] ?? 0n));
      return (
        bad !== undefined && {
          message: `dr${bad} ${hex0x(debug[bad] ?? 0n)} points to Xen’s own memory`,
          at: { offset: offsets.debug + bad * (wide ? 8 : 4), length: wide ? 8 : 4 },
        }
      );
    },
  },
  {
    ...refused,
    id: 'HP-04',
    title: 'an address that no CPU can form',
    explain:
      'Bits 63 to 47 of an address must be equal: entry points, stacks and bases of a 64-bit guest are tested for it.',
    when: ({ addresses }) => {
      const bad = addresses.find(({ value }) => !isCanonical(value));
      return (
        bad !== undefined && {
          message: `${bad.name} ${hex0x(bad.value)} is not canonical`,
          at: { offset: bad.offset, length: 8 },
        }
      );
    },
  },
  {
    ...refused,
    id: 'HP-06',
    title: 'an LDT in Xen’s own memory',
    explain: 'ldt_base of a 64-bit guest must not point to where Xen lives.',
    when: ({ wide, ldtBase, offsets }) =>
      wide && !isOutsideXen(ldtBase) && { at: { offset: offsets.ldtBase, length: 8 } },
  },
  {
    ...refused,
    id: 'HP-07',
    title: 'a 32-bit guest in virtual-8086 mode',
    explain: 'EFLAGS.VM cannot be used under a 64-bit Xen.',
    versions: { from: 422 },
    when: ({ wide, rflags, offsets }) =>
      !wide && (rflags & EFLAGS_VM) !== 0n && { at: { offset: offsets.rflags, length: 4 } },
  },
  {
    ...refused,
    id: 'HP-08',
    title: 'an LDT that is not at the start of a page, or has too many entries',
    explain: 'ldt_base must be a multiple of 4096, and an LDT has 8192 entries at most.',
    when: ({ ldtBase, ldtEntries, offsets, wide }) =>
      ((ldtBase & 0xfffn) !== 0n || ldtEntries > 8192n) && { at: { offset: offsets.ldtBase, length: wide ? 16 : 8 } },
  },
  {
    ...refused,
    id: 'HP-09',
    title: 'VM assists that Xen does not have',
    explain: 'vm_assist of VCPU 0 holds what the guest has asked Xen for; unknown bits are refused.',
    when: ({ vcpu, vmAssist, wide, offsets }) => {
      const known = wide ? ASSISTS | M2P_STRICT : ASSISTS;
      return (
        vcpu === 0 &&
        (vmAssist & ~known) !== 0n && {
          message: `vm_assist ${hex0x(vmAssist)} has bits that Xen does not have`,
          at: { offset: offsets.vmAssist, length: wide ? 8 : 4 },
        }
      );
    },
  },
  {
    ...refused,
    id: 'HP-11',
    title: 'a VCPU in user mode without page tables for it',
    explain: 'A 64-bit guest runs user mode on the tables that cr1 names; a VCPU outside of its kernel must have them.',
    when: ({ wide, flags, cr1, offsets }) =>
      wide && (flags & VGCF_IN_KERNEL) === 0n && cr1 === 0n && { at: { offset: offsets.cr1, length: 8 } },
  },
];
