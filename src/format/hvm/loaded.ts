/** The fields of an entry's body as Xen has them once they are loaded. */
import { zeroExtended } from '../kit/bytes';
import { fixedSize, sizeOf, type StructField, type ValueOf } from '../kit/layout';
import { parse } from '../kit/parse';
import { HVM_CPU, HVM_CPU_COMPAT } from './cpu';

/**
 * Returns the fields of a body as Xen loads them: those behind its end are zeros, as an older release did not have them.
 * `compat`: an older form of the structure, told by its size; what it lacks is zeros too.
 */
export function loadedFields<F extends StructField>(
  layout: F,
  body: Uint8Array,
  { compat, littleEndian = true }: { readonly compat?: StructField | undefined; readonly littleEndian?: boolean } = {},
): ValueOf<F> {
  const size = fixedSize(layout) ?? 0;
  if (compat && sizeOf(compat) === body.length)
    return { ...parse(layout, new Uint8Array(size)), ...parse(compat, body, littleEndian) };
  return parse(layout, zeroExtended(body, size), littleEndian);
}

/** Returns the registers of a CPU entry, of whatever release it is. */
export const loadedCpu = (body: Uint8Array, littleEndian = true): ValueOf<typeof HVM_CPU> =>
  loadedFields(HVM_CPU, body, { compat: HVM_CPU_COMPAT, littleEndian });
