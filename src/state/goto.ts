/** What can be typed into the go-to box: `0x…` or decimal, `rec:`, `pfn:`, `+`/`-` from the selection, a link. */
import { parseNumber } from '../lib/number';

export type Target =
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'relative'; readonly delta: number }
  | { readonly kind: 'record'; readonly record: number }
  | { readonly kind: 'pfn'; readonly pfn: number }
  | { readonly kind: 'link'; readonly hash: string };

/** Everything that the text can mean, the likeliest first; nothing where it names no place. */
export function parseTargets(text: string): Target[] {
  const trimmed = text.trim();
  const link = /#(v=.+)$/u.exec(trimmed);
  if (link) return [{ kind: 'link', hash: `#${link[1]}` }];
  const keyed = /^(rec|record|pfn|offset|#)[:\s]?\s*(\S+)$/iu.exec(trimmed);
  const value = keyed && parseNumber(keyed[2] ?? '');
  if (keyed && value !== null && value !== undefined) {
    const key = keyed[1]?.toLowerCase();
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
  const others: Target[] = [{ kind: 'pfn', pfn: number }];
  if (/^\d+$/u.test(trimmed)) others.unshift({ kind: 'record', record: number });
  return [{ kind: 'offset', offset: number }, ...others];
}
