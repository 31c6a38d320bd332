/**
 * The instructions around the one that is next. Those after it follow from it; those before it are a guess, as x86 can
 * only be read forwards: every position before is tried as a start, and of the ways that meet the next instruction
 * exactly the one that most of them fall into counts.
 */
import type { GuestMemory } from '../guest-memory';
import { type Bits, decodeAll, type Iced, type Instruction, lengthsIn, LONGEST } from './decoder';
import type { VcpuPoint } from '../vcpus/point';
import { type Window, windowAt } from './window';

export interface CodeLine extends Instruction {
  readonly bytes: Uint8Array;
  /** File offset of its first byte. */
  readonly offset: number;
}

export interface Around {
  /** Instructions before and after. */
  readonly before: number;
  readonly after: number;
  /** An address before at which an instruction starts: that of the function, where its symbol is known. */
  readonly start?: bigint;
}

/** Disassembles the code around an address; the reason in words where there is none. Rejects with `ReadError`. */
export async function disassembleAround(
  iced: Iced,
  memory: GuestMemory,
  { vcpu, bits }: Pick<VcpuPoint, 'vcpu' | 'bits'>,
  va: bigint,
  { before, after, start }: Around,
): Promise<readonly CodeLine[] | { readonly reason: string }> {
  // Ways need some bytes to fall into one: three times those that are shown.
  const reach = { before: before * LONGEST, after: (after + 1) * LONGEST };
  const window = await windowAt(memory, vcpu.registers, va, reach);
  if ('reason' in window) return window;
  const code = { bits, base: vcpu.bases.cs };
  const at = Number(va - window.start);
  const first = firstOf(iced, bits, window, at, start);
  const past = decodeAll(iced, code, window.bytes.subarray(first, at), window.start + BigInt(first), at - first);
  const next = decodeAll(iced, code, window.bytes.subarray(at), va, after + 1);
  return [...past.slice(Math.max(0, past.length - before)), ...next].map((line) => withBytes(window, line));
}

function withBytes(window: Window, line: Instruction): CodeLine {
  const at = Number(line.va - window.start);
  return { ...line, bytes: window.bytes.slice(at, at + line.length), offset: window.offsetOf(line.va) };
}

/** Where to read on from, so that an instruction starts at position `at`. */
function firstOf(iced: Iced, bits: Bits, window: Window, at: number, start: bigint | undefined): number {
  const lengths = lengthsIn(iced, bits, window.bytes.subarray(0, at));
  const meets = new Uint8Array(at + 1);
  meets[at] = 1;
  for (let position = at - 1; position >= 0; position--) {
    const length = lengths[position] ?? 0;
    if (length > 0 && position + length <= at) meets[position] = meets[position + length] ?? 0;
  }
  const known = start === undefined ? -1 : Number(start - window.start);
  if (known >= 0 && known < at && meets[known] === 1) return known;
  return backwards(lengths, meets, at);
}

/** Goes back from `at` along the ways that most others fall into. */
function backwards(lengths: Uint8Array, meets: Uint8Array, at: number): number {
  const votes = new Uint32Array(at + 1);
  for (let position = 0; position < at; position++) {
    if (meets[position] !== 1) continue;
    votes[position] = (votes[position] ?? 0) + 1;
    const next = position + (lengths[position] ?? 0);
    votes[next] = (votes[next] ?? 0) + (votes[position] ?? 0);
  }
  let position = at;
  for (;;) {
    let best = -1;
    for (let before = Math.max(0, position - LONGEST); before < position; before++) {
      const fits = meets[before] === 1 && before + (lengths[before] ?? 0) === position;
      if (fits && (best < 0 || (votes[before] ?? 0) > (votes[best] ?? 0))) best = before;
    }
    if (best < 0) return position;
    position = best;
  }
}
