/** The start_info page of a PV guest: the page that vCPU 0's edx or rdx names. */
import { DomainType } from '../format/libxc/headers';
import { PAGE_SIZE } from '../format/page';
import type { FieldNode } from '../format/kit/node';
import { decodeStartInfo, isStartInfo, startInfoPfn } from '../format/pv/start-info';
import { hex0x } from '../lib/text';
import { whyAbsent } from '../memory/absence';
import { decodePage, decodeRow } from '../scan/decode-row';
import { loadLength } from '../scan/load-length';
import { keptRecords } from '../scan/restored/records';
import type { ScanResult } from '../scan/scan';
import type { NodeFileSource } from '../source/node-file';
import { guestMemory } from './address';
import { CliError } from './error';

/** The start_info page and its fields. */
interface StartInfo {
  readonly pfn: number;
  readonly record: number;
  readonly offset: number;
  readonly length: number;
  readonly nodes: readonly FieldNode[];
}

/** Reads the start_info page that a restore would find. Throws `CliError` with the reason where there is none. */
export function readStartInfo(scan: ScanResult, source: NodeFileSource): StartInfo {
  const { records, image } = scan;
  if (image.domainType !== DomainType.X86_PV) throw new CliError('only PV guests have a start_info page');
  const basic = keptRecords(scan).vcpus.get(0)?.basic;
  const row = basic === undefined ? undefined : records.row(basic);
  if (!row) throw new CliError('no registers of vCPU 0, which name the start_info page, are in the image');
  const pfn = startInfoPfn(decodeRow(row, source.readNow(row.offset, loadLength(row)).slice(), source.size, image));
  if (pfn === undefined) throw new CliError(`record ${row.index} is cut off before the register that names start_info`);
  const page = guestMemory(scan, source).page(pfn);
  if (page.state === 'absent')
    throw new CliError(`PFN ${hex0x(pfn)}, the start_info page, is not there: ${whyAbsent(page)}`);
  if (image.blanked?.pages === true)
    throw new CliError(`PFN ${hex0x(pfn)} is the start_info page, but the pages of this image were blanked`);
  const { record, offset } = page;
  const bytes = source.readNow(offset, PAGE_SIZE).slice();
  const nodes = decodePage(decodeStartInfo, offset, bytes, image);
  if (!isStartInfo(nodes))
    throw new CliError(`PFN ${hex0x(pfn)}, which vCPU 0 names as start_info, holds no start_info`);
  return { pfn, record, offset, length: bytes.length, nodes };
}
