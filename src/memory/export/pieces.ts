/** Parts of the image and of the guest's memory, as they stand: a range of bytes, a record's body, pages. */
import { hex } from '../../lib/text';
import { PAGE_SIZE } from '../../format/page';
import { RECORD_HEADER_SIZE } from '../../format/framing';
import { absenceText } from '../absence';
import { baseName, type Exportable, type ExportPlan, ExportRefused, type Part } from './kit/plan';
import { stretches } from './kit/stretches';

const whole = (name: string, parts: readonly Part[], size: number, notes: readonly string[] = []): ExportPlan => ({
  name,
  size,
  content: size,
  notes,
  parts: () => parts,
});

/** Plans an export of bytes of the file. Throws `ExportRefused` for a range that is empty or beyond the file. */
export function rangePlan(file: Exportable, offset: number, length: number): ExportPlan {
  const { size } = file.source;
  if (length <= 0) throw new ExportRefused('the range is empty');
  if (offset + length > size) throw new ExportRefused(`the file has ${size} bytes, and the range goes beyond them`);
  return whole(`${baseName(file)}-${hex(offset)}.bin`, [{ kind: 'image', offset, length }], length);
}

/** Plans an export of the body of a record, without its padding; of a header all is written. Throws `ExportRefused`. */
export function recordPlan(file: Exportable, index: number): ExportPlan {
  const row = file.records.row(index);
  if (!row) throw new ExportRefused(`there is no record ${index}`);
  const start = row.kind === 'header' ? row.offset : row.offset + RECORD_HEADER_SIZE;
  const length = Math.min(row.length, file.source.size - start);
  if (length <= 0) throw new ExportRefused(`record ${index}, ${row.name}, has no body`);
  const notes = length < row.length ? ['The file ends inside this record: what there is of its body is written.'] : [];
  const name = `${baseName(file)}-${index}-${row.name}.bin`;
  return whole(name, [{ kind: 'image', offset: start, length }], length, notes);
}

/**
 * Plans an export of pages `first … last`, both included, as a restore would find them. Throws `ExportRefused` where
 * one is missing.
 */
export function pagesPlan(file: Exportable, first: number, last: number): ExportPlan {
  if (last < first) throw new ExportRefused('the last page comes before the first');
  const count = last - first + 1;
  // Looked at before the first byte is written: whoever asks for these pages wants all of them.
  let next = first;
  for (const stretch of stretches(file, first, last + 1)) {
    if (stretch.pfn > next) break;
    next = stretch.pfn + stretch.count;
  }
  if (next <= last) {
    const page = file.memory.page(next);
    throw new ExportRefused(
      page.state === 'absent' ? absenceText(page) : `PFN 0x${hex(next)} is beyond what can be exported`,
    );
  }
  const name = `${baseName(file)}-pfn-${hex(first)}${count > 1 ? `-${hex(last)}` : ''}.bin`;
  const size = count * PAGE_SIZE;
  return { name, size, content: size, notes: [], parts: () => pageParts(file, first, last) };
}

function* pageParts(file: Exportable, first: number, last: number): Generator<Part> {
  for (const { count, offset } of stretches(file, first, last + 1))
    yield { kind: 'image', offset, length: count * PAGE_SIZE };
}
