/**
 * What can be typed into the go-to box: `0x…` or decimal, `rec:`, `pfn:`, `gpa:`, `va:0x… vcpu:0`, `+`/`-` from the
 * selection, a link.
 */
import { PAGE_SIZE } from '../format/page';
import { parseSymbolAddress } from '../memory/symbols/parse-address';
import type { Named } from '../memory/symbols/table';
import { parseNumber, parseWide } from '../lib/number';

/** Where a text in the go-to box leads. */
export type Destination =
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'relative'; readonly delta: number }
  | { readonly kind: 'record'; readonly record: number }
  | { readonly kind: 'pfn'; readonly pfn: number }
  | { readonly kind: 'va'; readonly va: bigint; readonly vcpu?: number }
  | { readonly kind: 'link'; readonly hash: string };

/**
 * Returns everything that a text can mean, the likeliest first; nothing where it names no place. With `narrow`, virtual
 * addresses have 32 bits, so that a number may well be one.
 */
export function parseDestinations(text: string, narrow = false): Destination[] {
  const trimmed = text.trim();
  const link = trimmed.indexOf('#v=');
  if (link >= 0 && link + 3 < trimmed.length) return [{ kind: 'link', hash: trimmed.slice(link) }];
  const address = parseAddress(trimmed);
  if (address) return [address];
  const keyed = /^(rec|record|pfn|gpa|offset|#)[:\s]?\s*(\S+)$/iu.exec(trimmed);
  const value = keyed && parseNumber(keyed[2] ?? '');
  if (keyed && value !== null && value !== undefined) {
    const key = keyed[1]?.toLowerCase();
    if (key === 'gpa') return [{ kind: 'pfn', pfn: Math.floor(value / PAGE_SIZE) }];
    if (key === 'pfn') return [{ kind: 'pfn', pfn: value }];
    return key === 'offset' ? [{ kind: 'offset', offset: value }] : [{ kind: 'record', record: value }];
  }
  const signed = /^([+-])\s*(\S+)$/u.exec(trimmed);
  if (signed) {
    const by = parseNumber(signed[2] ?? '');
    return by === undefined ? [] : [{ kind: 'relative', delta: signed[1] === '-' ? -by : by }];
  }
  const number = parseNumber(trimmed);
  if (number === undefined) return [];
  const others: Destination[] = [{ kind: 'pfn', pfn: number }];
  const decimal = /^\d+$/u.test(trimmed);
  if (decimal) others.unshift({ kind: 'record', record: number });
  if (narrow && !decimal && number < 2 ** 32) others.push({ kind: 'va', va: BigInt(number) });
  return [{ kind: 'offset', offset: number }, ...others];
}

/** `va:0x… vcpu:1`, or an address beyond all offsets and PFNs. */
function parseAddress(text: string): Extract<Destination, { kind: 'va' }> | undefined {
  const [, key, digits = '', vcpu] = /^(va[:\s]\s*)?([\da-fx_]+)(?:\s+v?cpu[:\s]?\s*(\d{1,4}))?$/iu.exec(text) ?? [];
  const va = parseWide(digits);
  if (va === undefined || (key === undefined && vcpu === undefined && va <= BigInt(Number.MAX_SAFE_INTEGER)))
    return undefined;
  return { kind: 'va', va, ...(vcpu === undefined ? {} : { vcpu: Number(vcpu) }) };
}

/** A name, and the vCPU by whose page tables its address is meant. */
export interface NamedDestination extends Named {
  readonly vcpu?: number;
}

/**
 * Reads the name of a symbol, such as `do_syscall_64+0x7b`, with or without `va:` before and `vcpu:1` behind it;
 * undefined for what can be no name.
 */
export function parseNamed(text: string): NamedDestination | undefined {
  const trimmed = text.trim();
  const behind = /\sv?cpu[:\s]?\s*(\d{1,4})$/iu.exec(trimmed);
  const named = behind ? trimmed.slice(0, behind.index) : trimmed;
  const address = parseSymbolAddress(named.replace(/^va[:\s]/iu, '').trim());
  return address && { ...address, ...(behind ? { vcpu: Number(behind[1]) } : {}) };
}
