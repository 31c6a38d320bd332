/** What else can be taken out of an image before it is shared, and where it stands. Headers and numbers stay. */
import { HVM_DESCRIPTOR_SIZE } from '../../../format/hvm/entries';
import { isPerVcpu } from '../../../format/hvm/types';
import { LibxlType } from '../../../format/libxl/records';
import { VCPU_HEADER_SIZE, VCPU_RECORDS } from '../../../scan/blanked';
import { RECORD_HEADER_SIZE } from '../../../format/framing';
import type { Exportable } from '../plan';

export const SCRUBS = ['registers', 'config'] as const;
export type Scrub = (typeof SCRUBS)[number];

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Emulator id and index. */
const EMULATOR_HEADER_SIZE = 8;

/**
 * Registers: what records and HVM context hold of each VCPU. Config: the domain’s configuration, and the xenstore
 * entries of its device model, which name it. Ascending and apart.
 */
export function scrubbed(file: Exportable, scrub: ReadonlySet<Scrub>): Span[] {
  const { records, image } = file;
  const found: Span[] = [];
  const add = (start: number, length: number): void => {
    if (length > 0) found.push({ start, end: start + length });
  };
  if (scrub.has('config') && image.config) add(image.config.offset, image.config.length);
  if (scrub.has('registers'))
    for (const { typecode, offset, length } of image.context)
      if (isPerVcpu(typecode)) add(offset + HVM_DESCRIPTOR_SIZE, length);
  for (let index = 0; index < records.count; index++) {
    if (records.isHeader(index)) continue;
    const layer = records.layerAt(index);
    const type = records.typeAt(index);
    const kept =
      layer === 'libxc' && scrub.has('registers') && VCPU_RECORDS.has(type)
        ? VCPU_HEADER_SIZE
        : layer === 'libxl' && scrub.has('config') && type === LibxlType.EMULATOR_XENSTORE_DATA
          ? EMULATOR_HEADER_SIZE
          : undefined;
    if (kept === undefined) continue;
    add(records.offsetAt(index) + RECORD_HEADER_SIZE + kept, records.lengthAt(index) - kept);
  }
  return found.toSorted((a, b) => a.start - b.start);
}
