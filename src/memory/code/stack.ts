/** The words on a stack, and what each may be: an address to return to, one of code, of the stack itself, of memory. */
import { readSmall, readU64 } from '../../format/kit/bytes';
import { frameNumber, offsetInPage, PAGE_SIZE } from '../../format/page';
import type { GuestMemory } from '../guest-memory';
import { whyNot } from '../walk/reasons';
import { translate, type Translation } from '../walk/virtual';
import { callBefore, type Iced } from './decoder';
import type { VcpuPoint } from '../vcpus/point';
import { windowAt } from './window';

export interface StackWord {
  /** Linear address, and file offset. */
  readonly at: bigint;
  readonly offset: number;
  readonly value: bigint;
  /** `return`: a call ends there. `code`: it may be executed and not written. */
  readonly kind: 'return' | 'code' | 'stack' | 'memory' | 'number';
  /** Where the call before a return address goes, if it says so itself. */
  readonly called?: bigint;
}

export interface Stack {
  readonly words: readonly StackWord[];
  /** Why it ends before its limit. */
  readonly reason?: string;
}

/** Linux aligns the stacks of 64-bit kernels to their 16 KiB, and has them below its image. */
const LINUX_STACK = 16384;
const LINUX_STACKS = { from: 0xffff_8000_0000_0000n, to: 0xffff_ffff_8000_0000n };
const LONGEST_CALL = 7;
/** Addresses below are numbers. */
const LEAST_ADDRESS = 0x1000n;

const roundUp = (va: bigint, size: number): bigint => (va / BigInt(size) + 1n) * BigInt(size);

/** Returns where the stack is taken to end: that of a Linux kernel has several pages. */
export const stackLimit = ({ sp }: VcpuPoint): bigint =>
  roundUp(sp, sp >= LINUX_STACKS.from && sp < LINUX_STACKS.to ? LINUX_STACK : PAGE_SIZE);

/** Returns where xenctx takes the stack to end: it looks at one page. */
export const xenctxLimit = ({ sp }: VcpuPoint): bigint => roundUp(sp, PAGE_SIZE);

/** Reads the stack word by word, and tells what each could be. Ends early, with the reason, where a page is not there. Rejects with `ReadError`. */
export async function readStack(iced: Iced, memory: GuestMemory, point: VcpuPoint): Promise<Stack> {
  const { sp, word, vcpu } = point;
  const limit = stackLimit(point);
  const words: StackWord[] = [];
  const known = new Map<bigint, Translation>();
  for (let at = sp; at < limit;) {
    const found = await translate(memory, vcpu.registers, at);
    const reason = whyNot(found);
    if (reason !== undefined || found.page?.state !== 'here') return { words, reason: reason ?? 'no such memory' };
    const { page } = found;
    const bytes = await memory.pageBytes(page);
    // A word across the edge of the page would be put together of both: no stack that is in order has one.
    for (let from = offsetInPage(at); from + word <= PAGE_SIZE && at < limit; from += word, at += BigInt(word)) {
      const value = word === 8 ? readU64(bytes, from, true) : BigInt(readSmall(bytes, from, word, true));
      words.push({ at, offset: page.offset + from, value, ...(await meaning(iced, memory, point, value, known)) });
    }
    if (offsetInPage(at) !== 0) return { words, reason: 'the stack pointer is not aligned' };
  }
  return { words };
}

type Meaning = Pick<StackWord, 'kind' | 'called'>;

async function meaning(
  iced: Iced,
  memory: GuestMemory,
  point: VcpuPoint,
  value: bigint,
  known: Map<bigint, Translation>,
): Promise<Meaning> {
  const { sp, vcpu, bits } = point;
  if (value < LEAST_ADDRESS && bits !== 16) return { kind: 'number' };
  if (value === 0n) return { kind: 'number' };
  // Of 16-bit code a word is an offset in its segment.
  const va = bits === 16 ? value + vcpu.bases.cs : value;
  if (bits !== 16 && va >= sp && va < stackLimit(point)) return { kind: 'stack' };
  const page = frameNumber(va);
  const found = known.get(page) ?? (await translate(memory, vcpu.registers, va));
  known.set(page, found);
  if (found.gpa === undefined) return { kind: 'number' };
  if (isExecutable(found)) {
    const call = await callTo(iced, memory, point, va);
    if (call) return { kind: 'return', ...(call.to === undefined ? {} : { called: call.to + vcpu.bases.cs }) };
    if (bits === 16) return { kind: 'number' };
    if (isPureCode(found)) return { kind: 'code' };
  }
  return { kind: bits === 16 ? 'number' : 'memory' };
}

/** Finds out whether the code at an address is what a call returns to. Rejects with `ReadError`. */
export async function callTo(iced: Iced, memory: GuestMemory, { vcpu, bits }: VcpuPoint, va: bigint) {
  const window = await windowAt(memory, vcpu.registers, va - 1n, { before: LONGEST_CALL - 1, after: 1 });
  return 'reason' in window ? undefined : callBefore(iced, bits, window.bytes, va - vcpu.bases.cs);
}

const isExecutable = ({ rights }: Translation): boolean => rights?.execute === true;
const isPureCode = ({ rights, steps }: Translation): boolean => steps.length > 0 && rights?.write === false;
