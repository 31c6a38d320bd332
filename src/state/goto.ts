/** What can be typed into the go-to box: `0x…` or decimal offset, `rec:`, `pfn:`, `+`/`-` from the selection, a link. */
import { parseNumber } from './filter';

export type Target =
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'relative'; readonly delta: number }
  | { readonly kind: 'record'; readonly record: number }
  | { readonly kind: 'pfn'; readonly pfn: number }
  | { readonly kind: 'link'; readonly hash: string };

/** Undefined where the text names no place. */
export function parseTarget(text: string): Target | undefined {
  const trimmed = text.trim();
  const link = /#(v=.+)$/u.exec(trimmed);
  if (link) return { kind: 'link', hash: `#${link[1]}` };
  const keyed = /^(rec|record|pfn|offset|#)[:\s]?\s*(\S+)$/iu.exec(trimmed);
  if (keyed) {
    const value = parseNumber(keyed[2] ?? '');
    if (value === undefined) return undefined;
    const key = keyed[1]?.toLowerCase();
    if (key === 'pfn') return { kind: 'pfn', pfn: value };
    return key === 'offset' ? { kind: 'offset', offset: value } : { kind: 'record', record: value };
  }
  const signed = /^([+-])\s*(\S+)$/u.exec(trimmed);
  if (signed) {
    const value = parseNumber(signed[2] ?? '');
    return value === undefined ? undefined : { kind: 'relative', delta: signed[1] === '-' ? -value : value };
  }
  const offset = parseNumber(trimmed);
  return offset === undefined ? undefined : { kind: 'offset', offset };
}
