/** The part of a vCPU's saved context that is needed to find memory: paging registers, descriptor tables, segment bases. */
import { DESCRIPTOR_SIZE } from '../x86/descriptor';
import { EFER } from '../x86/registers';
import { ARBYTES } from '../x86/segment';
import { HVM_CPU_COMPAT } from '../hvm/cpu';
import { loadedCpu } from '../hvm/loaded';
import { isSet } from '../kit/bits';
import { sizeOf } from '../kit/layout';
import { parse } from '../kit/parse';
import { VGCF } from '../pv/context-fields';
import { GUEST_CONTEXT_32, GUEST_CONTEXT_32_SIZE } from '../pv/guest-context-32';
import { GUEST_CONTEXT_64, GUEST_CONTEXT_64_SIZE } from '../pv/guest-context-64';
import type { PagingRegisters } from './paging';

type Tables = {
  readonly ldtBase: bigint;
  /** Bytes. */
  readonly ldtSize: number;
  readonly gdtSize: number;
} & (
  | {
      readonly kind: 'pv';
      readonly width: 4 | 8;
      readonly gdtFrames: readonly number[];
      /** rdx: on vCPU 0 the PFN of start_info. */
      readonly startInfo?: bigint;
    }
  | { readonly kind: 'hvm'; readonly gdtBase: bigint; readonly idtBase: bigint; readonly idtSize: number }
);

/** What a vCPU needs to find memory. Plain data: it goes to the worker as it is. */
export interface VcpuMemory {
  readonly registers: PagingRegisters;
  readonly tables: Tables;
  /** Descriptors of system segments have 16 bytes. */
  readonly longMode: boolean;
  /** Linear address of segments where they are not flat, added to offsets in them. */
  readonly bases: { readonly cs: bigint; readonly ss: bigint };
  /** Linear addresses of the next instruction and of the top of the stack. */
  readonly pointers: { readonly ip: bigint; readonly sp: bigint };
}

const FLAT = { cs: 0n, ss: 0n };

/** Reads a vcpu_guest_context; undefined for a length that neither width has. */
export function pvMemory(context: Uint8Array, littleEndian = true): VcpuMemory | undefined {
  if (context.length === GUEST_CONTEXT_64_SIZE) return pv64(context, littleEndian);
  return context.length === GUEST_CONTEXT_32_SIZE ? pv32(context, littleEndian) : undefined;
}

/** Returns the bytes of a table of so many entries, for counts that may be anything. */
const entriesSize = (entries: number | bigint): number => Math.min(Number(entries), 0x1_0000) * DESCRIPTOR_SIZE;

function pv64(bytes: Uint8Array, littleEndian: boolean): VcpuMemory {
  const context = parse(GUEST_CONTEXT_64, bytes, littleEndian);
  const { cr1, cr3 } = context.ctrlreg;
  return {
    registers: { kind: 'pv64', cr1, cr3, inKernel: isSet(context.flags, VGCF.in_kernel) },
    tables: {
      kind: 'pv',
      width: 8,
      gdtFrames: context.gdt_frames.map(Number),
      gdtSize: entriesSize(context.gdt_ents),
      ldtBase: context.ldt_base,
      ldtSize: entriesSize(context.ldt_ents),
      startInfo: context.user_regs.rdx,
    },
    longMode: true,
    bases: FLAT,
    pointers: { ip: context.user_regs.rip, sp: context.user_regs.rsp },
  };
}

/** Reads the context of a 32-bit guest. Its segments are taken as flat: a kernel that has others says so in its GDT only. */
function pv32(bytes: Uint8Array, littleEndian: boolean): VcpuMemory {
  const context = parse(GUEST_CONTEXT_32, bytes, littleEndian);
  return {
    registers: { kind: 'pv32', cr3: BigInt(context.ctrlreg.cr3) },
    tables: {
      kind: 'pv',
      width: 4,
      gdtFrames: [...context.gdt_frames],
      gdtSize: entriesSize(context.gdt_ents),
      ldtBase: BigInt(context.ldt_base),
      ldtSize: entriesSize(context.ldt_ents),
      startInfo: BigInt(context.user_regs.edx),
    },
    longMode: false,
    bases: FLAT,
    pointers: { ip: BigInt(context.user_regs.eip), sp: BigInt(context.user_regs.esp) },
  };
}

/** Returns the bytes of a table of this limit, which is that of its last byte; 16 bits of it count. */
const tableSize = (limit: number): number => Math.min(limit, 0xffff) + 1;

/** Cuts an address to the bits that it has: 32 outside of 64-bit code. */
const linear = (va: bigint, is64: boolean): bigint => BigInt.asUintN(is64 ? 64 : 32, va);

/** Reads an hvm_hw_cpu entry, as long as it is. `addressBits`: bits of a physical address, where they are known. */
export function hvmMemory(entry: Uint8Array, littleEndian = true, addressBits?: number): VcpuMemory | undefined {
  if (entry.length < sizeOf(HVM_CPU_COMPAT)) return undefined;
  const cpu = loadedCpu(entry, littleEndian);
  const longMode = isSet(cpu.msr_efer, EFER.LMA);
  // In 64-bit code the bases of cs and ss count as 0, whatever they are.
  const is64 = longMode && isSet(cpu.cs_arbytes, ARBYTES.L);
  const bases = is64 ? FLAT : { cs: cpu.cs_base, ss: cpu.ss_base };
  const hasLdt = isSet(cpu.ldtr_arbytes, ARBYTES.P);
  return {
    registers: {
      kind: 'hvm',
      cr0: cpu.cr0,
      cr3: cpu.cr3,
      cr4: cpu.cr4,
      efer: cpu.msr_efer,
      ...(addressBits === undefined ? {} : { addressBits }),
    },
    tables: {
      kind: 'hvm',
      gdtBase: cpu.gdtr_base,
      gdtSize: tableSize(cpu.gdtr_limit),
      idtBase: cpu.idtr_base,
      idtSize: tableSize(cpu.idtr_limit),
      ldtBase: cpu.ldtr_base,
      ldtSize: hasLdt ? tableSize(cpu.ldtr_limit) : 0,
    },
    longMode,
    bases,
    pointers: { ip: linear(bases.cs + cpu.rip, is64), sp: linear(bases.ss + cpu.rsp, is64) },
  };
}
