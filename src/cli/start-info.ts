/** The start_info page of a PV guest: the last copy of the page that VCPU 0's edx or rdx names. */
import { DomainType } from '../format/libxc/headers';
import { PAGE_SIZE } from '../format/page';
import { LibxcType } from '../format/libxc/types';
import type { FieldNode } from '../format/kit/node';
import { decodeStartInfo, isStartInfo, startInfoPfn } from '../format/pv/start-info';
import { hex0x } from '../lib/text';
import { decodePage, decodeRow } from '../scan/decode-row';
import { loadLength } from '../scan/load-length';
import type { RecordRow } from '../scan/records';
import type { ScanResult } from '../scan/scan';
import type { NodeFileSource } from '../source/node-file';
import { CliError } from './error';

/** Reserved and VCPU number: a record this short has no context. */
const EMPTY = 8;

/** The last context of VCPU 0: of a checkpointed stream a restore uses no other. */
function firstVcpu({ records }: ScanResult): RecordRow | undefined {
  for (let index = records.count - 1; index >= 0; index--) {
    const row = records.vcpuAt(index) === 0 ? records.row(index) : undefined;
    const isBasic = row?.layer === 'libxc' && row.kind === 'record' && row.type === LibxcType.X86_PV_VCPU_BASIC;
    if (row && isBasic && row.length > EMPTY) return row;
  }
  return undefined;
}

interface StartInfo {
  readonly pfn: number;
  readonly record: number;
  readonly offset: number;
  readonly length: number;
  readonly nodes: readonly FieldNode[];
}

export function readStartInfo(scan: ScanResult, source: NodeFileSource): StartInfo {
  if (scan.image.domainType !== DomainType.X86_PV) throw new CliError('only PV guests have a start_info page');
  const row = firstVcpu(scan);
  if (!row) throw new CliError('no registers of VCPU 0, which name the start_info page, are in the image');
  const pfn = startInfoPfn(
    decodeRow(row, source.readNow(row.offset, loadLength(row)).slice(), source.size, scan.image),
  );
  if (pfn === undefined) throw new CliError(`record ${row.index} is cut off before the register that names start_info`);
  const last = scan.pages.last(pfn, ({ offset }) => offset >= 0);
  if (!last) throw new CliError(`PFN ${hex0x(pfn)}, the start_info page, is not in the image`);
  if (scan.image.blanked?.pages === true)
    throw new CliError(`PFN ${hex0x(pfn)} is the start_info page, but the pages of this image were blanked`);
  const bytes = source.readNow(last.offset, PAGE_SIZE).slice();
  const nodes = decodePage(decodeStartInfo, last.offset, bytes, scan.image);
  if (!isStartInfo(nodes))
    throw new CliError(`PFN ${hex0x(pfn)}, which VCPU 0 names as start_info, holds no start_info`);
  return { pfn, record: last.record, offset: last.offset, length: bytes.length, nodes };
}
