/** What the text in the palette leads to: records, offsets, PFNs, links, and records by name. */
import { given } from '../../lib/given';
import { byteSize, hex0x } from '../../lib/text';
import { goToAddress, goToOffset, goToPageBytes, goToRecord, recordAt, selectPfn } from '../../state/actions';
import { type Destination, parseDestinations } from '../../state/goto';
import type { OpenFile } from '../../state/open-file';
import { vcpuNumbers } from '../../state/vcpu-of';
import { readHistory } from '../../state/url/history';
import type { FoundSymbol } from '../shared/use-symbols-named';

/** Something that the palette offers to go to. */
export interface Suggestion {
  readonly title: string;
  /** Tells it apart from others of the same title. */
  readonly key?: string;
  readonly detail: string;
  /** Undefined for what the text means but the image does not have. */
  readonly go?: () => void;
}

/** Records looked through for a name, and how many of them are offered. */
const LOOKED_THROUGH = 100_000;
const OFFERED = 8;

/** Tells where a symbol is, by the page tables of the shown vCPU. */
export function symbolPlace(file: OpenFile, { title, va, vcpu }: FoundSymbol): Suggestion {
  const { go, detail } = addressPlace(file, { kind: 'va', va, ...given({ vcpu }) });
  return { title, detail: go ? `${hex0x(va)}, ${detail}` : detail, ...(go ? { go } : {}) };
}

/** Returns what a text leads to while no file is open: links only. */
export const linksIn = (text: string): Suggestion[] =>
  parseDestinations(text).flatMap((found) => (found.kind === 'link' ? [linkPlace(found.hash)] : []));

/** Returns what a text leads to in a file. `narrow`: virtual addresses have 32 bits. */
export function placesFor(file: OpenFile, text: string, narrow: boolean): Suggestion[] {
  if (file.records.count === 0) return linksIn(text);
  const found = parseDestinations(text, narrow);
  return found.length > 0
    ? found.flatMap((destination) => placesOf(file, destination))
    : recordsNamed(file, text.trim().toUpperCase());
}

function recordsNamed(file: OpenFile, name: string): Suggestion[] {
  const found: Suggestion[] = [];
  if (name.length < 2) return found;
  const { records } = file;
  const end = Math.min(records.count, LOOKED_THROUGH);
  for (let index = 0; index < end && found.length < OFFERED; index++) {
    const row = records.row(index);
    if (!row?.name.includes(name)) continue;
    const vcpu = row.vcpu >= 0 ? `vCPU ${row.vcpu}, ` : '';
    found.push({
      title: `#${index} ${row.name}`,
      detail: `${vcpu}${hex0x(row.offset)}`,
      go: () => goToRecord(file, index),
    });
  }
  return found;
}

const linkPlace = (hash: string): Suggestion => ({
  title: 'Follow the link',
  detail: hash.slice(0, 60),
  go: () => {
    history.pushState(null, '', hash);
    readHistory();
  },
});

function placesOf(file: OpenFile, destination: Destination): Suggestion[] {
  switch (destination.kind) {
    case 'link':
      return [linkPlace(destination.hash)];
    case 'record':
      return [recordPlace(file, destination.record)];
    case 'pfn':
      return pfnPlaces(file, destination.pfn);
    case 'va':
      return [addressPlace(file, destination)];
    case 'offset':
      return [offsetPlace(file, destination.offset)];
    case 'relative':
      return [offsetPlace(file, (file.place.range?.start ?? 0) + destination.delta)];
  }
}

function recordPlace(file: OpenFile, index: number): Suggestion {
  const { records } = file;
  const row = records.row(index);
  if (!row) return { title: `No record ${index}`, detail: `the last one is ${records.count - 1}` };
  return { title: `Record ${index}`, detail: `${row.name} at ${hex0x(row.offset)}`, go: () => goToRecord(file, index) };
}

function pfnPlaces(file: OpenFile, pfn: number): Suggestion[] {
  const name = `PFN ${hex0x(pfn)}`;
  const { highestPfn } = file.scan.state.known.progress;
  if (pfn > highestPfn) return [{ title: `No ${name}`, detail: `the highest is ${hex0x(Math.max(0, highestPfn))}` }];
  return [
    { title: `${name} on the map`, detail: 'Memory', go: () => selectPfn(file, pfn) },
    { title: `Bytes of ${name}`, detail: 'last copy in the stream', go: () => void goToPageBytes(file, pfn) },
  ];
}

function addressPlace(file: OpenFile, { va, vcpu }: Extract<Destination, { kind: 'va' }>): Suggestion {
  const ids = vcpuNumbers(file);
  const id = vcpu ?? file.place.vcpu ?? ids[0];
  if (id === undefined) return { title: `No address ${hex0x(va)}`, detail: 'no vCPU says where its page tables are' };
  if (!ids.includes(id)) return { title: `No vCPU ${id}`, detail: `registers are there of ${ids.join(', ')}` };
  return {
    title: `Address ${hex0x(va)}`,
    detail: `by the page tables of vCPU ${id}`,
    go: () => goToAddress(file, va, id),
  };
}

function offsetPlace(file: OpenFile, offset: number): Suggestion {
  const { records, source } = file;
  if (offset < 0 || offset >= source.size) {
    return {
      title: `No offset ${offset < 0 ? offset : hex0x(offset)}`,
      detail: `the file has ${byteSize(source.size)}`,
    };
  }
  const row = records.row(recordAt(file, offset));
  return {
    title: `Offset ${hex0x(offset)}`,
    detail: row ? `in #${row.index} ${row.name}` : '',
    go: () => goToOffset(file, offset),
  };
}
