/** Places in a guest's memory as they are given to a command: `--pfn`, `--gpa` or `--va`, with `--vcpu`. */
import { PAGE_SIZE } from '../format/page';
import { GuestMemory } from '../memory/guest-memory';
import { parseSymbolAddress } from '../memory/symbols/parse-address';
import type { SymbolTable } from '../memory/symbols/table';
import { type Saved, savedVcpu, savedVcpus } from '../memory/vcpus/saved';
import { pagingsOf } from '../format/paging/paging';
import type { VcpuMemory } from '../format/paging/vcpu';
import type { ScanResult } from '../scan/scan';
import type { NodeFileSource } from '../source/node-file';
import { CliError } from './error';

const NUMBER = /^(?:0x[\da-f]{1,16}|\d{1,20})$/iu;

/** Reads a whole number of up to 64 bits, decimal or with 0x. Throws `CliError`. */
function wholeNumber(text: string, what: string): bigint {
  const bare = text.replaceAll('_', '');
  const value = NUMBER.test(bare) ? BigInt(bare) : undefined;
  if (value === undefined || value >> 64n !== 0n) {
    // Addresses stand without 0x in what is printed, and are copied from there.
    const hint = /^[\da-f]{1,16}$/iu.test(bare) ? `: hex needs 0x, as in 0x${bare}` : `: ${text}`;
    throw new CliError(`${what} is not a number of 64 bits${hint}`);
  }
  return value;
}

/** Reads a whole number that is at most `limit`. Throws `CliError`. */
export function smallNumber(text: string, what: string, limit: number): number {
  const value = wholeNumber(text, what);
  if (value > BigInt(limit)) throw new CliError(`${what} is at most ${limit}: ${text}`);
  return Number(value);
}

/** Reads a virtual address: a number, or a name where there are symbols, as in `do_syscall_64+0x7b`. Throws `CliError`. */
export function virtualAddress(text: string, symbols: SymbolTable | undefined): bigint {
  const named = NUMBER.test(text.replaceAll('_', '')) ? undefined : parseSymbolAddress(text);
  // Digits alone are rather a number without its 0x.
  if (!named || (!symbols && /^[\da-f_]+$/iu.test(text))) return wholeNumber(text, 'the address');
  if (!symbols)
    throw new CliError(`the address is not a number of 64 bits: ${text} (a name needs --symbols or --own-symbols)`);
  const at = symbols.addressOf(named.name);
  if (at === undefined) throw new CliError(`no symbol is called ${named.name}`);
  return BigInt.asUintN(64, at + named.plus);
}

const VCPU_LIMIT = 8192;

export interface Vcpu {
  readonly id: number;
  readonly memory: VcpuMemory;
}

/** Finds the vCPU with that number, or the first one if none is given. Throws `CliError` for one that has no registers. */
export async function vcpuOf(scan: ScanResult, source: NodeFileSource, text: string | undefined): Promise<Vcpu> {
  const saved: Saved = { records: scan.records, image: scan.image, source };
  const ids = savedVcpus(saved).map((vcpu) => vcpu.id);
  const id = text === undefined ? ids[0] : smallNumber(text, 'the vCPU', VCPU_LIMIT);
  if (id === undefined)
    throw new CliError('the image holds no registers of a vCPU, which say where its page tables are');
  const memory = await savedVcpu(saved, id);
  if (memory) return { id, memory };
  const known = ids.length === 0 ? 'of none' : `of ${ids.join(', ')}`;
  throw new CliError(`the image holds no registers of vCPU ${id}, but ${known}`);
}

type Paged = Pick<Vcpu, 'id'> & { readonly memory: Pick<VcpuMemory, 'registers'> };

/** Returns the width of a vCPU's addresses in bits. */
export const addressBits = ({ memory: { registers } }: Paged): 32 | 64 =>
  pagingsOf(registers)[0].mode.addressBits === 32 ? 32 : 64;

/** Returns the address if the vCPU can have it. Throws `CliError` otherwise: it is never cut to 32 bits. */
export function addressFor(vcpu: Paged, va: bigint): bigint {
  if (addressBits(vcpu) === 32 && va >> 32n !== 0n)
    throw new CliError(`vCPU ${vcpu.id} uses 32-bit addresses; 0x${va.toString(16)} does not fit`);
  return va;
}

/** A place to start at; a virtual one has the vCPU whose page tables count. */
export type Start =
  | { readonly space: 'gpa'; readonly at: bigint }
  | { readonly space: 'va'; readonly at: bigint; readonly vcpu: Vcpu };

const PFN_LIMIT = 2 ** 52 - 1;

interface StartOptions {
  readonly pfn: string | undefined;
  readonly gpa: string | undefined;
  readonly va: string | undefined;
  readonly vcpu: string | undefined;
}

/** Returns the place that the one of `pfn`, `gpa` and `va` which was given names. Throws `CliError`. */
export async function startOf(
  scan: ScanResult,
  source: NodeFileSource,
  { pfn, gpa, va, vcpu }: StartOptions,
  symbols: SymbolTable | undefined,
): Promise<Start> {
  if (va === undefined && vcpu !== undefined)
    throw new CliError(`--vcpu goes with --va, not with ${pfn === undefined ? '--gpa' : '--pfn'}`);
  if (pfn !== undefined)
    return { space: 'gpa', at: BigInt(smallNumber(pfn, 'the PFN', PFN_LIMIT)) * BigInt(PAGE_SIZE) };
  if (gpa !== undefined) return { space: 'gpa', at: wholeNumber(gpa, 'the address') };
  const at = virtualAddress(va ?? '', symbols);
  const of = await vcpuOf(scan, source, vcpu);
  return { space: 'va', at: addressFor(of, at), vcpu: of };
}

/** Returns the guest's memory as a restore would fill it. */
export const guestMemory = (scan: ScanResult, source: NodeFileSource): GuestMemory =>
  new GuestMemory(source, scan.pages, scan.image);
