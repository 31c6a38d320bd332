/**
 * Version 1 of the link: `#v=1&n=name&s=size&f=fingerprint&r=record&b=offset+length&t=tab&p=pfn&c=vcpu&va=address&q=filter&h=file&layer=sends&view=hex&fi=rule@offset&x=4.17`.
 * Offsets, lengths, sizes, PFNs and addresses in hex; record and vcpu decimal; `x` is a version of Xen. Defaults are not written. Each key stands by itself:
 * one that cannot be read falls back to its default and leaves the others. Frozen: old links must stay valid.
 */
import { parseVersion, versionText } from '../../check/kit/xen-version';
import { isLayer } from '../../memory/map/layers';
import { type ImageName, type Link, PAGE_VIEWS, type PageView, type Place, START, type Tab, TABS } from '../place';

const FILTER_LIMIT = 500;
const NAME_LIMIT = 300;

function whole(text: string | null, radix: 10 | 16): number | undefined {
  const digits = radix === 10 ? /^\d{1,16}$/u : /^[\da-f]{1,14}$/u;
  if (text === null || !digits.test(text)) return undefined;
  const value = Number.parseInt(text, radix);
  return Number.isSafeInteger(value) ? value : undefined;
}

function address(text: string | null): bigint | undefined {
  return text !== null && /^[\da-f]{1,16}$/u.test(text) ? BigInt(`0x${text}`) : undefined;
}

function range(text: string | null): Place['range'] {
  const [start, length] = (text ?? '').split('+').map((part) => whole(part, 16));
  if (start === undefined || length === undefined || length === 0 || !Number.isSafeInteger(start + length))
    return undefined;
  return { start, end: start + length };
}

function image(keys: URLSearchParams): ImageName | undefined {
  const name = keys.get('n')?.slice(0, NAME_LIMIT);
  const size = whole(keys.get('s'), 16);
  if (name === undefined || name === '' || size === undefined) return undefined;
  const fingerprint = keys.get('f');
  return fingerprint !== null && /^[\da-f]{16}$/u.test(fingerprint) ? { name, size, fingerprint } : { name, size };
}

/** The key of a rule, in old links its id, or what the scan calls it; and a file offset. */
function finding(text: string | null): Place['finding'] {
  const [, key, at] = /^([\w.-]{1,80})@([\da-f]{1,14})$/u.exec(text ?? '') ?? [];
  const offset = whole(at ?? null, 16);
  return key === undefined || offset === undefined ? undefined : { key, offset };
}

const isPageView = (text: string | null): text is PageView => PAGE_VIEWS.some((view) => view === text);
const isTab = (text: string | null): text is Tab => TABS.some((tab) => tab === text);

/** Reads the keys of a link of version 1; a key that cannot be read falls back to what the page starts with. */
export function readV1(keys: URLSearchParams): Link {
  const named = image(keys);
  const tab = keys.get('t');
  const layer = keys.get('layer');
  const view = keys.get('view');
  const optional = {
    record: whole(keys.get('r'), 10),
    range: range(keys.get('b')),
    pfn: whole(keys.get('p'), 16),
    vcpu: whole(keys.get('c'), 10),
    va: address(keys.get('va')),
    finding: finding(keys.get('fi')),
    xen: parseVersion(keys.get('x') ?? ''),
  };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return {
    ...(named ? { image: named } : {}),
    place: {
      ...START,
      ...given,
      ...(isTab(tab) ? { tab } : {}),
      ...(isLayer(layer) && layer !== 'type' ? { layer } : {}),
      ...(isPageView(view) ? { pageView: view } : {}),
      filter: (keys.get('q') ?? '').slice(0, FILTER_LIMIT),
      hexScope: keys.get('h') === 'file' ? 'file' : 'record',
    },
  };
}

/** Writes a link of version 1, without the leading `#`; what the page starts with is left out. */
export function writeV1({ image: named, place }: Link): string {
  const keys: [string, string][] = [['v', '1']];
  if (named) {
    keys.push(['n', named.name.slice(0, NAME_LIMIT)], ['s', named.size.toString(16)]);
    if (named.fingerprint !== undefined) keys.push(['f', named.fingerprint]);
  }
  if (place.record !== undefined) keys.push(['r', String(place.record)]);
  if (place.range)
    keys.push(['b', `${place.range.start.toString(16)}+${(place.range.end - place.range.start).toString(16)}`]);
  if (place.tab !== START.tab) keys.push(['t', place.tab]);
  if (place.pfn !== undefined) keys.push(['p', place.pfn.toString(16)]);
  if (place.vcpu !== undefined) keys.push(['c', String(place.vcpu)]);
  if (place.va !== undefined) keys.push(['va', place.va.toString(16)]);
  if (place.filter !== '') keys.push(['q', place.filter.slice(0, FILTER_LIMIT)]);
  if (place.hexScope !== START.hexScope) keys.push(['h', place.hexScope]);
  if (place.layer !== undefined && place.layer !== 'type') keys.push(['layer', place.layer]);
  if (place.pageView !== undefined) keys.push(['view', place.pageView]);
  if (place.finding) keys.push(['fi', `${place.finding.key}@${place.finding.offset.toString(16)}`]);
  if (place.xen !== undefined) keys.push(['x', versionText(place.xen)]);
  return keys.map(([key, value]) => `${key}=${encodeURIComponent(value)}`).join('&');
}
