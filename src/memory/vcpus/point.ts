/** Where a vCPU is: instruction, stack and frame, how wide they are, and the addresses by which its kernel is entered. */
import { loadedCpu } from '../../format/hvm/loaded';
import { isSet } from '../../format/kit/bits';
import { parse } from '../../format/kit/parse';
import { GUEST_CONTEXT_32, GUEST_CONTEXT_32_SIZE } from '../../format/pv/guest-context-32';
import { GUEST_CONTEXT_64 } from '../../format/pv/guest-context-64';
import { CR0 } from '../../format/x86/registers';
import { ARBYTES } from '../../format/x86/segment';
import { FLAT_CS32 } from '../../format/x86/selector';
import { hvmMemory, pvMemory, type VcpuMemory } from '../../format/paging/vcpu';

/** An address at which the kernel is entered, as it gave it to the CPU or to Xen: a symbol table tells what it is called. */
export interface EntryPoint {
  /** Where it was given; a number stands for a vector of the IDT, or of a PV guest's trap table. */
  readonly from: 'lstar' | 'cstar' | 'sysenter' | 'event' | 'failsafe' | 'syscall' | number;
  readonly va: bigint;
}

/** Where a vCPU is in its code. */
export interface VcpuPoint {
  readonly vcpu: VcpuMemory;
  /** Linear addresses of the next instruction, the top of the stack, and the frame if rbp is one. */
  readonly ip: bigint;
  readonly sp: bigint;
  readonly fp: bigint;
  /** How the code is read. */
  readonly bits: 16 | 32 | 64;
  /** Bytes of a word on the stack, as xenctx has it. */
  readonly word: 2 | 4 | 8;
  readonly protectedMode: boolean;
  /** Those in the registers or the trap table; the IDT of an HVM guest is in its memory. */
  readonly entries: readonly EntryPoint[];
}

const linear = (offset: bigint, base: bigint, bits: 32 | 64): bigint => BigInt.asUintN(bits, offset + base);
const given = (entries: readonly EntryPoint[]): EntryPoint[] => entries.filter(({ va }) => va !== 0n);

/** Reads where a vCPU is out of an hvm_hw_cpu entry; undefined for one that is cut off. */
export function hvmPoint(entry: Uint8Array, littleEndian = true, addressBits?: number): VcpuPoint | undefined {
  const vcpu = hvmMemory(entry, littleEndian, addressBits);
  if (!vcpu) return undefined;
  const cpu = loadedCpu(entry, littleEndian);
  const hasAttribute = (bit: 'L' | 'DB'): boolean => isSet(cpu.cs_arbytes, ARBYTES[bit]);
  const protectedMode = isSet(cpu.cr0, CR0.PE);
  const bits = vcpu.longMode && hasAttribute('L') ? 64 : hasAttribute('DB') ? 32 : 16;
  const width = bits === 64 ? 64 : 32;
  // In 16-bit code the upper halves of the registers take no part.
  const used = (name: 'rip' | 'rsp' | 'rbp', segment: 'cs' | 'ss'): bigint =>
    linear(BigInt.asUintN(bits, cpu[name]), vcpu.bases[segment], width);
  return {
    vcpu,
    ip: used('rip', 'cs'),
    sp: used('rsp', 'ss'),
    fp: used('rbp', 'ss'),
    bits,
    word: vcpu.longMode && bits === 64 ? 8 : protectedMode ? 4 : 2,
    protectedMode,
    entries: given([
      { from: 'lstar', va: cpu.msr_lstar },
      { from: 'cstar', va: cpu.msr_cstar },
      { from: 'sysenter', va: cpu.sysenter_eip },
    ]),
  };
}

/** Reads where a vCPU is out of a vcpu_guest_context; undefined for a length that is none. */
export function pvPoint(context: Uint8Array, littleEndian = true): VcpuPoint | undefined {
  const vcpu = pvMemory(context, littleEndian);
  if (!vcpu) return undefined;
  return context.length === GUEST_CONTEXT_32_SIZE
    ? pv32(context, vcpu, littleEndian)
    : pv64(context, vcpu, littleEndian);
}

function pv64(context: Uint8Array, vcpu: VcpuMemory, littleEndian: boolean): VcpuPoint {
  const parsed = parse(GUEST_CONTEXT_64, context, littleEndian);
  const { rip, rsp, rbp, cs } = parsed.user_regs;
  // Segments of its own for 32-bit code would stand in the guest's GDT: what Linux has is Xen's.
  const compat = (cs & 0xffff) === FLAT_CS32;
  return {
    vcpu,
    ip: rip,
    sp: rsp,
    fp: rbp,
    bits: compat ? 32 : 64,
    word: compat ? 4 : 8,
    protectedMode: true,
    entries: given([
      { from: 'event', va: parsed.event_callback_eip },
      { from: 'failsafe', va: parsed.failsafe_callback_eip },
      { from: 'syscall', va: parsed.syscall_callback_eip },
      ...parsed.trap_ctxt.map(({ address }, vector) => ({ from: vector, va: address })),
    ]),
  };
}

function pv32(context: Uint8Array, vcpu: VcpuMemory, littleEndian: boolean): VcpuPoint {
  const parsed = parse(GUEST_CONTEXT_32, context, littleEndian);
  const { eip, esp, ebp } = parsed.user_regs;
  return {
    vcpu,
    ip: BigInt(eip),
    sp: BigInt(esp),
    fp: BigInt(ebp),
    bits: 32,
    word: 4,
    protectedMode: true,
    entries: given([
      { from: 'event', va: BigInt(parsed.event_callback_eip) },
      { from: 'failsafe', va: BigInt(parsed.failsafe_callback_eip) },
      ...parsed.trap_ctxt.map(({ address }, vector) => ({ from: vector, va: BigInt(address) })),
    ]),
  };
}
