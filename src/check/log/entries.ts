/** Lines of Xen that name an entry of the HVM context. */
import { HVM_DESCRIPTOR_SIZE } from '../../format/hvm/entries';
import { HvmType, hvmTypeName } from '../../format/hvm/types';
import type { ContextEntry } from '../../scan/image';
import { keptRecords } from '../../scan/restored/records';
import type { ScanResult } from '../../scan/scan';
import { entryName } from '../kit/part-name';

/** What a line says of an entry, and the bytes of it, where the image has it. */
export interface EntryMention {
  readonly note: string;
  readonly record?: number;
  readonly offset?: number;
  readonly length?: number;
}

/** `HVM7 restore: failed to load entry 20/0 rc -6`, `HVM7 restore: CPU 0`, `HVM restore d7: failed to load CPU_MSR:0 rc -6` */
const ENTRY_BY_NUMBER = /^HVM(?:\d+|N) restore: failed to load entry (\d+)\/(\d+)/u;
const ENTRY_BY_NAME =
  /^HVM(?: restore d?(?:\d+|N)|(?:\d+|N) restore|restore d(?:\d+|N)): (?:failed to (?:check|load) )?([A-Z_]+)[: ](\d+)(?: rc -?\d+)?$/u;

interface Named {
  readonly typecode: number;
  readonly instance: number;
}

function namedEntry(text: string): Named | undefined {
  const numbered = ENTRY_BY_NUMBER.exec(text);
  if (numbered) return { typecode: Number(numbered[1]), instance: Number(numbered[2]) };
  const named = ENTRY_BY_NAME.exec(text);
  const code = Object.values(HvmType).find((type) => hvmTypeName(type) === named?.[1]);
  return code === undefined ? undefined : { typecode: code, instance: Number(named?.[2]) };
}

const keyOf = ({ typecode, instance }: Named): string => `${typecode}/${instance}`;

/** Finds the entries that lines name. */
export class NamedEntries {
  readonly #scan: ScanResult;
  #entries: ReadonlyMap<string, ContextEntry> | undefined;

  constructor(scan: ScanResult) {
    this.#scan = scan;
  }

  /** Returns what a line says of an entry; undefined for a line that names none. */
  about(text: string): EntryMention | undefined {
    const named = namedEntry(text);
    if (!named) return undefined;
    const note = entryName(named.typecode, named.instance);
    this.#entries ??= this.#index();
    const entry = this.#entries.get(keyOf(named));
    return entry
      ? { note, record: entry.record, offset: entry.offset, length: HVM_DESCRIPTOR_SIZE + entry.length }
      : { note: `${note}, which is not in this image` };
  }

  #index(): ReadonlyMap<string, ContextEntry> {
    // Xen loads the one context that libxc has kept.
    const { hvmContext } = keptRecords(this.#scan);
    const entries = new Map<string, ContextEntry>();
    for (const entry of this.#scan.image.context)
      if (entry.record === hvmContext && !entries.has(keyOf(entry))) entries.set(keyOf(entry), entry);
    return entries;
  }
}
