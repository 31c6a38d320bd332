/** What libxc and Xen look at in the state of a PV VCPU when the stream has ended. */
import { hex0x } from '../../lib/text';
import { type Rule, TODO } from '../rule';

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
    log: ['GDT entry count (%u) out of range (max %u)'],
    title: 'a GDT of more entries than a guest can have',
    explain: 'Xen keeps the upper part of the GDT for itself; a guest has 7168 entries.',
    todo: TODO.copy,
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

const refused = { layer: 'hypervisor', severity: 'fatal', errno: 22, source: SET_INFO, todo: TODO.copy } as const;

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
<<<<<<< HEAD
  },
];

/** XEN_DOMCTL_set_ext_vcpucontext: what Xen reads of an EXTENDED record, zeros where it is short. */
export interface PvExtended {
  /** The record's own number of the VCPU, which counts. */
  readonly vcpu: number;
  readonly size: number;
  readonly sysenter: bigint;
  readonly syscall32: bigint;
  readonly mcgCap: bigint;
  /** Length of the blob. */
  readonly length: number;
  /** VCPU id in front of it. */
  readonly recordVcpu: number;
  readonly maxVcpus: number;
  /** MCA capabilities that the target gives; undefined where it is not known. */
  readonly capabilities: bigint | undefined;
}

const EXTENDED = 'xen/arch/x86/domctl.c: XEN_DOMCTL_set_ext_vcpucontext';
export const MCG_COUNT = 0xffn;
export const MCG_CTL_P = 1n << 8n;

export const EXTENDED_RULES: readonly Rule<PvExtended>[] = [
  {
    ...refused,
    id: 'HP-22',
    errno: 3,
    title: 'extended state of a VCPU that the domain does not have',
    explain: 'The structure in the record holds a VCPU id of its own, and that is the one that Xen takes.',
    source: EXTENDED,
    when: ({ vcpu, maxVcpus }) =>
      vcpu >= maxVcpus && {
        message: `extended state of VCPU ${vcpu}; the domain has ${maxVcpus}`,
        at: { offset: 0, length: 4 },
      },
  },
  {
    ...refused,
    id: 'HP-23',
    title: 'extended state without the callbacks',
    explain: 'The size that the structure tells of itself must reach to the machine-check state, 32 bytes.',
    source: EXTENDED,
    when: ({ size }) => size < 32 && { at: { offset: 4, length: 4 } },
  },
  {
    ...refused,
    id: 'HP-24',
    title: 'a SYSENTER or SYSCALL32 entry that no CPU can form',
    explain: 'Bits 63 to 47 of an address must be equal.',
    source: EXTENDED,
    when: ({ sysenter, syscall32 }) =>
      (!isCanonical(sysenter) || !isCanonical(syscall32)) && {
        at: isCanonical(sysenter) ? { offset: 16, length: 8 } : { offset: 8, length: 8 },
      },
  },
  {
    ...refused,
    id: 'HP-25',
    certainty: 'target',
    log: ['PV restore: unsupported MCA capabilities %#lx for dNv%u (supported: %#lx)'],
    title: 'machine-check capabilities that the target does not have',
    explain: 'Guests on Intel CPUs see more of the machine-check architecture than those on AMD.',
    source: 'xen/arch/x86/cpu/mcheck/vmce.c: vmce_restore_vcpu()',
    when: ({ vcpu, mcgCap, capabilities, size }) =>
      size >= 40 && badCapabilities(mcgCap, vcpu, capabilities, { offset: 32, length: 8 }),
  },
  {
    id: 'LP-23',
    layer: 'spec',
    severity: 'warning',
    title: 'extended state of one VCPU in the record of another: it is applied to the former',
    explain: 'libxc goes by the id in front, Xen by the one inside: the other VCPU keeps its defaults.',
    todo: TODO.writer,
    source: EXTENDED,
    when: ({ vcpu, recordVcpu, maxVcpus }) =>
      vcpu !== recordVcpu &&
      vcpu < maxVcpus && {
        message: `extended state of VCPU ${vcpu} in the record of VCPU ${recordVcpu}`,
        at: { offset: 0, length: 4 },
      },
  },
  {
    id: 'LP-56',
    layer: 'spec',
    severity: 'warning',
    title: 'extended state is cut: Xen reads zeros for what is missing',
    explain: 'The structure says that it is longer than the record that holds it.',
    todo: TODO.resave,
    source: `${RESTORE}: process_vcpu_extended()`,
    when: ({ size, length }) =>
      size > length && {
        message: `extended state of ${size} bytes in a record of ${length}`,
        at: { offset: 4, length: 4 },
      },
  },
];

/** All that a guest on some CPU can have: SER_P, TES_P, CMCI_P, LMCE_P. */
const MCG_ANY = (1n << 24n) | (1n << 11n) | (1n << 10n) | (1n << 27n);

export function badCapabilities(
  caps: bigint,
  vcpu: number,
  capabilities: bigint | undefined,
  at: Hit['at'] & object,
): Hit | false {
  const extra = caps & ~MCG_COUNT & ~MCG_CTL_P & ~(capabilities ?? MCG_ANY);
  return (
    extra !== 0n && {
      values: [caps, vcpu, capabilities ?? MCG_ANY],
      settled: true,
      message: `machine-check capabilities ${hex0x(caps)} of VCPU ${vcpu} are more than the target has`,
      at,
    }
  );
}

/** What is there of a VCPU, and of the stream as a whole. */
export interface Presence {
  readonly kind: DomainKind;
  readonly hasBasic0: boolean;
  /** VCPUs with some state but no registers. */
  readonly headless: readonly number[];
  /** VCPUs with registers but no extended state. */
  readonly noExtended: readonly number[];
  /** VCPUs without XSAVE state while others have some. */
  readonly noXsave: readonly number[];
  readonly sawSharedInfo: boolean;
  readonly sawTsc: boolean;
  readonly pages: number;
}

export const BASIC0_RULES: readonly Rule<Pick<Presence, 'hasBasic0'>>[] = [
  {
    id: 'LP-27',
    layer: 'libxc',
    severity: 'fatal',
    log: ["Sender didn't send vcpu0's basic state"],
    title: 'no registers of VCPU 0',
    explain:
      'Without them the domain cannot be resumed. A stream whose guest never suspended ends before they are sent.',
    todo: TODO.resave,
    source: `${RESTORE}: update_vcpu_context()`,
    when: ({ hasBasic0 }) => !hasBasic0,
  },
];

const vcpuList = (ids: readonly number[]): string => ids.slice(0, 8).join(', ') + (ids.length > 8 ? ', …' : '');

export const PV_PRESENCE_RULES: readonly Rule<Presence>[] = [
  {
    id: 'LP-57',
    layer: 'spec',
    severity: 'warning',
    title: 'state of a VCPU without its registers: it stays down',
    explain:
      'Xen’s saver sends registers first for every VCPU that is online. libxc does not miss them, but the VCPU never runs.',
    todo: TODO.resave,
    source: `${RESTORE}: update_vcpu_context()`,
    when: ({ headless }) =>
      headless.length > 0 && {
        message: `no registers of VCPU ${vcpuList(headless)}, while other state of it is there`,
      },
  },
  {
    id: 'LP-58',
    layer: 'spec',
    severity: 'warning',
    title: 'no extended state of a VCPU: its SYSENTER and SYSCALL entries and machine-check state are lost',
    explain: 'Xen’s saver sends it for every VCPU that is online; libxc does not miss it.',
    todo: TODO.resave,
    source: `${RESTORE}: update_vcpu_context()`,
    when: ({ noExtended }) => noExtended.length > 0 && { message: `no extended state of VCPU ${vcpuList(noExtended)}` },
  },
  {
    id: 'LP-59',
    layer: 'spec',
    severity: 'warning',
    title:
      'no XSAVE state of a VCPU while another has some: its FPU and vector registers are those of the basic record',
    explain: 'The saver sends it for all VCPUs or for none; libxc does not miss it.',
    todo: TODO.resave,
    source: `${RESTORE}: update_vcpu_context()`,
    when: ({ noXsave }) =>
      noXsave.length > 0 && { message: `no XSAVE state of VCPU ${vcpuList(noXsave)}, while other VCPUs have some` },
  },
  {
    id: 'LP-60',
    layer: 'spec',
    severity: 'warning',
    title: 'no SHARED_INFO: the guest finds an empty one',
    explain: 'The clock, the VCPUs’ time and which events are masked are lost; libxc does not miss it.',
    todo: TODO.resave,
    source: 'docs/specs/libxc-migration-stream.pandoc: Layout',
    when: ({ sawSharedInfo }) => !sawSharedInfo,
  },
];

export const TSC_PRESENCE_RULES: readonly Rule<Pick<Presence, 'sawTsc'>>[] = [
  {
    id: 'LC-57',
    layer: 'spec',
    severity: 'warning',
    title: 'no X86_TSC_INFO: the guest’s time starts anew',
    explain: 'TSC mode, frequency and elapsed time are lost; libxc does not miss them.',
    todo: TODO.resave,
    source: 'docs/specs/libxc-migration-stream.pandoc: Layout',
    when: ({ sawTsc }) => !sawTsc,
=======
>>>>>>> b2d87be (Rules in files of one thing each; places of fields from their layouts)
  },
];
