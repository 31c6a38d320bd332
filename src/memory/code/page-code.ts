/**
 * A page read as code, by its place in guest-physical memory. Where instructions start is known only where a vCPU is and
 * where a symbol is: before and between such places it is read from the first byte on, and may be out of step until it
 * falls into it.
 */
import { addressOf } from '../../format/page';
import { namedText, type SymbolTable } from '../symbols/table';
import { type Bits, decodeAll, type Iced } from './decoder';

export interface PageCodeLine {
  /** Where in the page it starts, bytes. */
  readonly at: number;
  readonly length: number;
  readonly text: string;
  /** Address that a branch leads to: a linear one where that of the page is known, else guest-physical. */
  readonly leads?: bigint;
  /** What that is called. */
  readonly leadsName?: string;
  /** What starts here; of the first line the function that goes on, as in `do_syscall_64+0x4b`. */
  readonly name?: string;
  /** vCPUs whose next instruction it is. */
  readonly vcpus?: readonly number[];
}

export interface Anchor {
  readonly at: number;
  readonly vcpu: number;
}

interface CodePage {
  readonly pfn: number;
  readonly bits: Bits;
  readonly anchors: readonly Anchor[];
  /** The linear address of the page, and the names there, where both are known. */
  readonly named?: { readonly va: bigint; readonly symbols: SymbolTable };
}

/** Disassembles a page from its start on, and anew from each place where an instruction is known to start. */
export function pageCode(iced: Iced, bytes: Uint8Array, { pfn, bits, anchors, named }: CodePage): PageCodeLine[] {
  const base = named?.va ?? addressOf(pfn);
  const known = named?.symbols.startsIn(base, base + BigInt(bytes.length)).map((va) => Number(va - base)) ?? [];
  const starts = [...new Set([0, ...known, ...anchors.map(({ at }) => at)])].toSorted((a, b) => a - b);
  const nameOf = (va: bigint): string | undefined => {
    const found = named?.symbols.find(va);
    return found && namedText(found);
  };
  return starts.flatMap((start, index) => {
    const part = bytes.subarray(start, starts[index + 1] ?? bytes.length);
    const lines = decodeAll(iced, { bits, base: 0n }, part, base + BigInt(start), part.length);
    return lines.map(({ va, length, text, leads }) => {
      const at = Number(va - base);
      const name = at === 0 || known.includes(at) ? nameOf(va) : undefined;
      const leadsName = leads === undefined ? undefined : nameOf(leads);
      const vcpus = anchors.filter((anchor) => anchor.at === at).map(({ vcpu }) => vcpu);
      return {
        at,
        length,
        text,
        ...(leads === undefined ? {} : { leads }),
        ...(name === undefined ? {} : { name }),
        ...(leadsName === undefined ? {} : { leadsName }),
        ...(vcpus.length === 0 ? {} : { vcpus }),
      };
    });
  });
}
