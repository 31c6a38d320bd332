/** The records or entries that hold the extended state of a VCPU, read and decoded. */
import { useEffect, useState } from 'react';
import { decodeHvmContext } from '../../../format/hvm/context';
import { HVM_DESCRIPTOR_SIZE, HvmType } from '../../../format/hvm/entries';
import { LibxcType } from '../../../format/libxc/types';
import type { ContextEntry } from '../../../scan/image';
import { type FileData, fileData } from '../../../state/session';
import { useApp } from '../../../state/store';
import { decodedRecord } from '../../shared/use-decoded';
import type { VcpuFields } from '../vcpus';
import type { FpuSource } from './model';

/** An XSAVE area has up to 11 KiB. */
const ENTRY_LIMIT = 64 * 1024;
/** The records of one VCPU follow each other: BASIC, EXTENDED, XSAVE, MSRS. */
const NEAR = 4;

async function loadRecord(data: FileData, record: number): Promise<FpuSource[]> {
  const row = data.records.row(record);
  const decoded = row && (await decodedRecord(row));
  return decoded?.state === 'ready' ? [{ name: decoded.row.name, record, nodes: decoded.nodes }] : [];
}

async function loadEntry(data: FileData, entry: ContextEntry): Promise<FpuSource> {
  const { image } = useApp.getState();
  const claimed = HVM_DESCRIPTOR_SIZE + entry.length;
  const length = Math.max(0, Math.min(claimed, data.source.size - entry.offset));
  const bytes = await data.source.read(entry.offset, Math.min(length, ENTRY_LIMIT));
  const littleEndian = image.bigEndian !== true;
  const guest = image.xstate ? { guest: { xstate: image.xstate } } : {};
  const nodes = decodeHvmContext({ bytes, offset: entry.offset, length, claimed, littleEndian, ...guest });
  const name = entry.typecode === HvmType.CPU ? 'CPU' : 'CPU_XSAVE';
  return { name, record: entry.record, nodes: nodes[0]?.children ?? [] };
}

/** Of a PV VCPU: its registers, and the XSAVE record near them. */
async function loadPv(data: FileData, record: number): Promise<FpuSource[]> {
  const { records } = data;
  const wanted = [record];
  for (let next = record + 1; next < Math.min(records.count, record + NEAR); next++) {
    if (records.layerAt(next) !== 'libxc' || records.vcpuAt(next) !== records.vcpuAt(record)) break;
    if (records.typeAt(next) === LibxcType.X86_PV_VCPU_XSAVE) wanted.push(next);
  }
  return (await Promise.all(wanted.map((one) => loadRecord(data, one)))).flat();
}

/** Of an HVM VCPU: its CPU and CPU_XSAVE entries. */
function loadHvm(data: FileData, vcpu: VcpuFields): Promise<FpuSource[]> {
  const { context } = useApp.getState().image;
  const own = context.find(
    ({ offset, typecode }) => typecode === HvmType.CPU && offset + HVM_DESCRIPTOR_SIZE === vcpu.offset,
  );
  const entries = context.filter(
    ({ record, instance, typecode }) =>
      record === vcpu.record &&
      instance === own?.instance &&
      (typecode === HvmType.CPU || typecode === HvmType.CPU_XSAVE),
  );
  return Promise.all(entries.map((entry) => loadEntry(data, entry)));
}

/** What can be shown; undefined while it is on its way. */
export function useFpuSources(vcpu: VcpuFields): readonly FpuSource[] | undefined {
  const data = fileData();
  // Records of a VCPU follow its registers: the scan may not have come to them.
  const scanning = useApp((state) => state.phase === 'scanning');
  const [result, setResult] = useState<{ readonly of: VcpuFields; readonly sources: readonly FpuSource[] }>();
  useEffect(() => {
    let wanted = true;
    const load = vcpu.form === 'hvm' ? loadHvm(data, vcpu) : loadPv(data, vcpu.record);
    load.then(
      (sources) => wanted && setResult({ of: vcpu, sources }),
      () => wanted && setResult({ of: vcpu, sources: [] }),
    );
    return () => {
      wanted = false;
    };
  }, [data, vcpu, scanning]);
  return result?.of === vcpu ? result.sources : undefined;
}
