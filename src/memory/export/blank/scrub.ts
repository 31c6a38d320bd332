/** What else can be taken out of an image before it is shared, and where it stands. Headers and numbers stay. */
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import { HVM_DESCRIPTOR_SIZE } from '../../../format/hvm/entries';
import { hvmTypeOf, isPerVcpu } from '../../../format/hvm/types';
import { LibxcType } from '../../../format/libxc/types';
import type { Range } from '../../../lib/range';
import { secretOf } from '../../../scan/blanked';
import type { ContextEntry } from '../../../scan/image';
import type { RecordIndex } from '../../../scan/records';
import type { Exportable } from '../kit/plan';

export const SCRUBS = ['registers', 'config'] as const;
export type Scrub = (typeof SCRUBS)[number];

/**
 * Returns the spans that are taken out, ascending and apart. Registers: what records and HVM context hold of each vCPU.
 * Config: the domain’s configuration, and the xenstore entries of its device model, which name it. What of each record
 * type this is stands in the tables of the types.
 */
export function scrubbed(file: Exportable, scrub: ReadonlySet<Scrub>): Range[] {
  const { records, image } = file;
  const found: Range[] = [];
  if (scrub.has('config') && image.config) {
    const { offset, length } = image.config;
    found.push({ start: offset, end: offset + length });
  }
  const entries = scrub.has('registers') ? entriesByRecord(image.context) : undefined;
  for (let index = 0; index < records.count; index++) {
    const secret = secretOf(records, index);
    if (secret && scrub.has(secret.what)) found.push({ start: secret.offset, end: secret.offset + secret.length });
    if (entries && isContext(records, index)) found.push(...contextSecrets(records, index, entries.get(index) ?? []));
  }
  return found.filter(({ start, end }) => end > start).toSorted((a, b) => a.start - b.start);
}

function entriesByRecord(context: readonly ContextEntry[]): ReadonlyMap<number, readonly ContextEntry[]> {
  const found = new Map<number, ContextEntry[]>();
  for (const entry of context) {
    const known = found.get(entry.record);
    if (known) known.push(entry);
    else found.set(entry.record, [entry]);
  }
  return found;
}

const isContext = (records: RecordIndex, index: number): boolean =>
  records.typeAt(index) === LibxcType.HVM_CONTEXT && records.layerAt(index) === 'libxc' && !records.isHeader(index);

/**
 * What an HVM context holds of vCPUs. Of contexts that are too many, too long or not whole not all entries are listed:
 * what is not may be registers, and so may entries of a type that no Xen has.
 */
function contextSecrets(records: RecordIndex, index: number, entries: readonly ContextEntry[]): Range[] {
  const body = records.offsetAt(index) + RECORD_HEADER_SIZE;
  const behind = body + records.lengthAt(index);
  const found: Range[] = [];
  let listed = body;
  for (const { typecode, offset, length } of entries) {
    const start = offset + HVM_DESCRIPTOR_SIZE;
    listed = Math.min(behind, start + length);
    if (isPerVcpu(typecode) || hvmTypeOf(typecode) === undefined) found.push({ start, end: listed });
  }
  return [...found, { start: listed, end: behind }];
}
