/**
 * Who called: by the frames that rbp links, and by all on the stack that may be an address to return to. Source:
 * tools/xentrace/xenctx.c of Xen, print_stack and kernel_addr.
 */
import { PAGE_SIZE } from '../../format/page';
import type { GuestMemory } from '../guest-memory';
import type { SymbolTable } from '../symbols/table';
import { readVirtual } from '../walk/virtual';
import { readSmall, readU64 } from '../../format/kit/bytes';
import { callTo, type Stack, stackLimit, xenctxLimit } from './stack';
import type { Iced } from './decoder';
import type { VcpuPoint } from '../vcpus/point';

export interface Call {
  /** Where on the stack the address stands, and in the file. */
  readonly at: bigint;
  readonly offset: number;
  readonly address: bigint;
  /** A call ends at the address: without one it stands there for another reason. */
  readonly follows: boolean;
  /** xenctx lists it. */
  readonly listed: boolean;
}

const KERNEL_START = 0xffff_ffff_8000_0000n;

/** What xenctx takes for code of the kernel, by symbols if there are any. */
function isKernelText(va: bigint, symbols?: SymbolTable): boolean {
  if (!symbols || symbols.count === 0) return va > KERNEL_START;
  const at = (name: string): bigint | undefined => symbols.addressOf(name);
  // Where the table lacks the symbols xenctx has the stretch 0 … 0, so that every 0 on a stack counts: that is left out.
  const within = (from: bigint | undefined, to: bigint | undefined): boolean =>
    from !== undefined && to !== undefined && va >= from && va <= to;
  const page = at('hypercall_page');
  const end = at('_end') ?? at('__bss_stop') ?? 0xffff_ffff_ffff_ffffn;
  if (within(at('_stext'), at('_etext')) || within(at('_sinittext'), at('_einittext'))) return true;
  if (page !== undefined && within(page, page + BigInt(PAGE_SIZE))) return true;
  if (within(at('_text') ?? 0n, end)) return false;
  return va >= KERNEL_START && va <= end;
}

/** Lists everything on the stack that may be an address to return to. */
export function scanTrace(point: VcpuPoint, { words }: Stack, symbols?: SymbolTable): Call[] {
  const shown = !point.protectedMode || isKernelText(point.ip, symbols);
  const limit = xenctxLimit(point);
  return words
    .map(({ at, offset, value, kind }) => ({
      at,
      offset,
      address: point.bits === 16 ? value + point.vcpu.bases.cs : value,
      follows: kind === 'return',
      listed: shown && point.protectedMode && at < limit && isKernelText(value, symbols),
    }))
    .filter(({ follows, listed }) => follows || listed);
}

const FRAMES_LIMIT = 256;

/**
 * Follows the chain of frames, which code has that was compiled with frame pointers; it ends where it does not ascend.
 * Rejects with `ReadError`.
 */
export async function frameTrace(iced: Iced, memory: GuestMemory, point: VcpuPoint): Promise<Call[]> {
  const { word, vcpu, sp } = point;
  const limit = stackLimit(point);
  const calls: Call[] = [];
  let least = sp;
  for (let frame = point.fp; frame >= least && frame < limit && calls.length < FRAMES_LIMIT;) {
    const read = await readVirtual(memory, vcpu.registers, frame, word * 2);
    if ('reason' in read) break;
    const value = (index: number): bigint =>
      word === 8 ? readU64(read.bytes, index * 8, true) : BigInt(readSmall(read.bytes, index * word, word, true));
    const address = value(1) + (point.bits === 16 ? vcpu.bases.cs : 0n);
    const follows = (await callTo(iced, memory, point, address)) !== undefined;
    // The first that no call ends at: rbp was no frame pointer.
    if (!follows) break;
    calls.push({ at: frame + BigInt(word), offset: read.offset + word, address, follows, listed: false });
    least = frame + BigInt(word * 2);
    frame = value(0) + (point.bits === 16 ? vcpu.bases.ss : 0n);
  }
  return calls;
}
