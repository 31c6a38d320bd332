/** What the text in the palette leads to: records, offsets, PFNs, links, and records by name. */
import { byteSize, hex0x } from '../../lib/text';
import { goToAddress, goToOffset, goToPageBytes, goToRecord, notify, recordAt, selectPfn } from '../../state/actions';
import { parseTargets, type Target } from '../../state/goto';
import { fileData } from '../../state/session';
import { useApp } from '../../state/store';
import { vcpuNumbers } from '../../state/vcpu-of';
import { readHistory } from '../../state/url/history';
import type { FoundSymbol } from '../shared/use-symbols-named';

export interface Place {
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

/** Where a symbol is, by the page tables of the shown VCPU. */
export function symbolPlace({ title, va, vcpu }: FoundSymbol): Place {
  const { go, detail } = addressPlace({ kind: 'va', va, ...(vcpu === undefined ? {} : { vcpu }) });
  return { title, detail: go ? `${hex0x(va)}, ${detail}` : detail, ...(go ? { go } : {}) };
}

/** `narrow`: virtual addresses have 32 bits. */
export function placesFor(text: string, narrow: boolean): Place[] {
  const targets = parseTargets(text, narrow);
  if (fileData().records.count === 0) return targets.filter(({ kind }) => kind === 'link').flatMap(placesOf);
  return targets.length > 0 ? targets.flatMap(placesOf) : recordsNamed(text.trim().toUpperCase());
}

function recordsNamed(name: string): Place[] {
  const found: Place[] = [];
  if (name.length < 2) return found;
  const { records } = fileData();
  const end = Math.min(records.count, LOOKED_THROUGH);
  for (let index = 0; index < end && found.length < OFFERED; index++) {
    const row = records.row(index);
    if (!row?.name.includes(name)) continue;
    const vcpu = row.vcpu >= 0 ? `vCPU ${row.vcpu}, ` : '';
    found.push({ title: `#${index} ${row.name}`, detail: `${vcpu}${hex0x(row.offset)}`, go: () => goToRecord(index) });
  }
  return found;
}

function placesOf(target: Target): Place[] {
  switch (target.kind) {
    case 'link':
      return [
        {
          title: 'Follow the link',
          detail: target.hash.slice(0, 60),
          go: () => {
            history.pushState(null, '', target.hash);
            readHistory();
          },
        },
      ];
    case 'record':
      return [recordPlace(target.record)];
    case 'pfn':
      return pfnPlaces(target.pfn);
    case 'va':
      return [addressPlace(target)];
    case 'offset':
      return [offsetPlace(target.offset)];
    case 'relative':
      return [offsetPlace((useApp.getState().place.range?.start ?? 0) + target.delta)];
  }
}

function recordPlace(index: number): Place {
  const { records } = fileData();
  const row = records.row(index);
  if (!row) return { title: `No record ${index}`, detail: `the last one is ${records.count - 1}` };
  return { title: `Record ${index}`, detail: `${row.name} at ${hex0x(row.offset)}`, go: () => goToRecord(index) };
}

function pfnPlaces(pfn: number): Place[] {
  const name = `PFN ${hex0x(pfn)}`;
  const { highestPfn } = useApp.getState().progress;
  if (pfn > highestPfn) return [{ title: `No ${name}`, detail: `the highest is ${hex0x(Math.max(0, highestPfn))}` }];
  const showBytes = async (): Promise<void> => {
    if (!(await goToPageBytes(pfn))) notify(`${name} has no bytes in the stream`);
  };
  return [
    { title: `${name} on the map`, detail: 'Memory', go: () => selectPfn(pfn) },
    { title: `Bytes of ${name}`, detail: 'last copy in the stream', go: () => void showBytes() },
  ];
}

function addressPlace({ va, vcpu }: Extract<Target, { kind: 'va' }>): Place {
  const ids = vcpuNumbers();
  const id = vcpu ?? useApp.getState().place.vcpu ?? ids[0];
  if (id === undefined) return { title: `No address ${hex0x(va)}`, detail: 'no VCPU says where its page tables are' };
  if (!ids.includes(id)) return { title: `No vCPU ${id}`, detail: `registers are there of ${ids.join(', ')}` };
  return { title: `Address ${hex0x(va)}`, detail: `by the page tables of vCPU ${id}`, go: () => goToAddress(va, id) };
}

function offsetPlace(offset: number): Place {
  const { records, source } = fileData();
  if (offset < 0 || offset >= source.size) {
    return {
      title: `No offset ${offset < 0 ? offset : hex0x(offset)}`,
      detail: `the file has ${byteSize(source.size)}`,
    };
  }
  const row = records.row(recordAt(offset));
  return {
    title: `Offset ${hex0x(offset)}`,
    detail: row ? `in #${row.index} ${row.name}` : '',
    go: () => goToOffset(offset),
  };
}
