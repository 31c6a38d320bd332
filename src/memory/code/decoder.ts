/**
 * Machine code to text, on iced-x86. Its megabyte of WebAssembly is loaded when first asked for; in the page the worker
 * runs it, as `vite.iced.ts` tells.
 */
import type * as IcedModule from 'iced-x86';

export type Iced = Pick<
  typeof IcedModule,
  'Decoder' | 'Instruction' | 'Formatter' | 'FormatterSyntax' | 'FlowControl' | 'DecoderOptions'
>;

let loading: Promise<Iced> | undefined;

/** Loads iced-x86, once: a megabyte of WebAssembly, which is not there before somebody looks at code. */
export function loadIced(): Promise<Iced> {
  loading ??= import('iced-x86').then((loaded: Iced & { readonly default?: Iced }) => loaded.default ?? loaded);
  return loading;
}

export type Bits = 16 | 32 | 64;

export interface Instruction {
  readonly va: bigint;
  readonly length: number;
  readonly text: string;
  /** Address that a branch or a call leads to, or that an operand relative to rip names. */
  readonly leads?: bigint;
}

/** Bytes of the longest instruction. */
export const LONGEST = 15;

/** Returns the length of the instruction at each position; 0 where there is none. */
export function lengthsIn(iced: Iced, bits: Bits, bytes: Uint8Array): Uint8Array {
  const lengths = new Uint8Array(bytes.length);
  const decoder = new iced.Decoder(bits, bytes, iced.DecoderOptions.None);
  const instruction = new iced.Instruction();
  try {
    for (let at = 0; at < bytes.length; at++) {
      decoder.position = at;
      decoder.decodeOut(instruction);
      lengths[at] = instruction.isInvalid ? 0 : instruction.length;
    }
  } finally {
    instruction.free();
    decoder.free();
  }
  return lengths;
}

export interface Code {
  readonly bits: Bits;
  /** Linear address at which the code segment starts: branches count from there. */
  readonly base: bigint;
}

/** Decodes instructions from the first byte on. One that is none, or is cut off, stands for its first byte. */
export function decodeAll(
  iced: Iced,
  { bits, base }: Code,
  bytes: Uint8Array,
  va: bigint,
  limit: number,
): Instruction[] {
  const found: Instruction[] = [];
  const decoder = new iced.Decoder(bits, bytes, iced.DecoderOptions.None);
  const instruction = new iced.Instruction();
  const formatter = new iced.Formatter(iced.FormatterSyntax.Nasm);
  formatter.hexPrefix = '0x';
  formatter.hexSuffix = '';
  formatter.uppercaseHex = false;
  formatter.spaceAfterOperandSeparator = true;
  formatter.branchLeadingZeros = false;
  formatter.showBranchSize = false;
  formatter.smallHexNumbersInDecimal = true;
  formatter.spaceBetweenMemoryAddOperators = false;
  try {
    for (let at = 0; at < bytes.length && found.length < limit;) {
      const here = va + BigInt(at);
      decoder.position = at;
      decoder.ip = here - base;
      decoder.decodeOut(instruction);
      if (instruction.isInvalid) {
        found.push({ va: here, length: 1, text: '(bad)' });
        at += 1;
        continue;
      }
      const leads = leadsTo(iced, instruction);
      found.push({
        va: here,
        length: instruction.length,
        text: formatter.format(instruction),
        ...(leads === undefined ? {} : { leads: leads + base }),
      });
      at += instruction.length;
    }
  } finally {
    formatter.free();
    instruction.free();
    decoder.free();
  }
  return found;
}

const isNear = ({ FlowControl }: Iced, flow: IcedModule.FlowControl): boolean =>
  flow === FlowControl.Call ||
  flow === FlowControl.ConditionalBranch ||
  flow === FlowControl.UnconditionalBranch ||
  flow === FlowControl.XbeginXabortXend;

function leadsTo(iced: Iced, instruction: IcedModule.Instruction): bigint | undefined {
  if (isNear(iced, instruction.flowControl) && instruction.nearBranchTarget !== 0n) return instruction.nearBranchTarget;
  return instruction.isIpRelMemoryOperand ? instruction.ipRelMemoryAddress : undefined;
}

/** Bytes of the shortest and the longest call. */
const CALLS = { from: 2, to: 7 } as const;

/**
 * Finds out whether a call ends where `bytes` end, which makes that address one to return to. `to` is where a direct
 * call goes.
 */
export function callBefore(
  iced: Iced,
  bits: Bits,
  bytes: Uint8Array,
  end: bigint,
): { readonly to?: bigint } | undefined {
  const { Call, IndirectCall } = iced.FlowControl;
  // Of several readings that of the direct call is the likeliest: its five bytes fit the least by chance.
  for (const length of [bits === 16 ? 3 : 5, 2, 3, 6, 7, 4, 5]) {
    if (length < CALLS.from || length > CALLS.to || length > bytes.length) continue;
    const found = one(iced, bits, bytes.subarray(bytes.length - length), end - BigInt(length));
    if (found?.length !== length || (found.flow !== Call && found.flow !== IndirectCall)) continue;
    return found.flow === Call ? { to: found.target } : {};
  }
  return undefined;
}

function one(iced: Iced, bits: Bits, bytes: Uint8Array, va: bigint) {
  const decoder = new iced.Decoder(bits, bytes, iced.DecoderOptions.None);
  decoder.ip = va;
  const instruction = decoder.decode();
  try {
    if (instruction.isInvalid) return undefined;
    return { length: instruction.length, flow: instruction.flowControl, target: instruction.nearBranchTarget };
  } finally {
    instruction.free();
    decoder.free();
  }
}
