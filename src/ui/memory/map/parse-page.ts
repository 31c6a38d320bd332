/** A PFN or guest physical address as it is typed: hex with or without 0x; what is beyond the last PFN is an address. */
import { hex0x } from '../../../lib/text';

const PAGE_BITS = 12n;
/** Kernels map themselves into the upper half of the address space, beyond any physical address. */
const UPPER_HALF = 0xffff_8000_0000_0000n;

/** `reading` says how the text was understood: what is typed can be either. */
export type ParsedPage =
  | { readonly pfn: number; readonly isAddress: boolean; readonly reading: string }
  /** A virtual address, which no page of the map can be. */
  | { readonly va: bigint }
  | { readonly problem: string };

export function parsePage(text: string, pfns: number): ParsedPage {
  const [, prefix, digits] = /^(pfn[:\s]*)?(?:0x)?([\da-f_]+)$/iu.exec(text.trim()) ?? [];
  const bare = digits?.replaceAll('_', '').replace(/^0+(?=.)/u, '') ?? '';
  if (bare === '') return { problem: 'Not a hex number' };
  if (bare.length > 16) return { problem: 'Longer than 64 bits' };
  const value = BigInt(`0x${bare}`);
  const last = hex0x(Math.max(0, pfns - 1));
  if (value < BigInt(pfns)) {
    return { pfn: Number(value), isAddress: false, reading: `PFN ${hex0x(value)}, guest ${hex0x(value << PAGE_BITS)}` };
  }
  if (value >= UPPER_HALF && prefix === undefined) return { va: value };
  const beyond = `PFN ${hex0x(value)} is beyond the last, ${last}`;
  const pfn = value >> PAGE_BITS;
  if (prefix !== undefined) return { problem: beyond };
  if (pfn >= BigInt(pfns)) return { problem: `Beyond the last page, PFN ${last}, both as PFN and as address` };
  return { pfn: Number(pfn), isAddress: true, reading: `${beyond}; as an address: PFN ${hex0x(pfn)}` };
}
