/** What else can be taken out of an image before it is shared, and where it stands. Headers and numbers stay. */
import type { Range } from '../../../lib/range';
import { HVM_DESCRIPTOR_SIZE } from '../../../format/hvm/entries';
import { isPerVcpu } from '../../../format/hvm/types';
import { secretOf } from '../../../scan/blanked';
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
  const add = (start: number, length: number): void => {
    if (length > 0) found.push({ start, end: start + length });
  };
  if (scrub.has('config') && image.config) add(image.config.offset, image.config.length);
  if (scrub.has('registers'))
    for (const { typecode, offset, length } of image.context)
      if (isPerVcpu(typecode)) add(offset + HVM_DESCRIPTOR_SIZE, length);
  for (let index = 0; index < records.count; index++) {
    const secret = secretOf(records, index);
    if (secret && scrub.has(secret.what)) add(secret.offset, secret.length);
  }
  return found.toSorted((a, b) => a.start - b.start);
}
