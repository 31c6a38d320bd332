/**
 * A page read as code, by its place in guest-physical memory. Where instructions start is known only where a VCPU is:
 * before and between such places it is read from the first byte on, and may be out of step until it falls into it.
 */
import { type Bits, decodeAll, type Iced } from './decoder';

export interface PageCodeLine {
  /** In the page. */
  readonly at: number;
  readonly length: number;
  readonly text: string;
  /** Guest-physical address that a branch leads to. */
  readonly leads?: bigint;
  /** VCPUs whose next instruction it is. */
  readonly vcpus?: readonly number[];
}

export interface Anchor {
  readonly at: number;
  readonly vcpu: number;
}

export function pageCode(
  iced: Iced,
  bytes: Uint8Array,
  { pfn, bits, anchors }: { readonly pfn: number; readonly bits: Bits; readonly anchors: readonly Anchor[] },
): PageCodeLine[] {
  const starts = [...new Set([0, ...anchors.map(({ at }) => at)])].toSorted((a, b) => a - b);
  const base = BigInt(pfn) << 12n;
  return starts.flatMap((start, index) => {
    const part = bytes.subarray(start, starts[index + 1] ?? bytes.length);
    const lines = decodeAll(iced, { bits, base: 0n }, part, base + BigInt(start), part.length);
    return lines.map(({ va, length, text, leads }) => {
      const at = Number(va - base);
      const vcpus = anchors.filter((anchor) => anchor.at === at).map(({ vcpu }) => vcpu);
      return {
        at,
        length,
        text,
        ...(leads === undefined ? {} : { leads }),
        ...(vcpus.length === 0 ? {} : { vcpus }),
      };
    });
  });
}
