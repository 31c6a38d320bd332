/** Which registers are looked at: those of the selected record's checkpoint, else the last. */
import { useEffect, useState } from 'react';
import { readU32 } from '../../format/kit/bytes';
import { LibxcType } from '../../format/libxc/types';
import { recordSpec } from '../../format/records';
import { upperBound } from '../../lib/bisect';
import type { RecordIndex } from '../../scan/records';
import { useFile, useImage, usePlace, useProgress } from '../shared/use-file';

/** VCPUs of one round looked at. */
const ROUND_LIMIT = 4 * 8192;

const isRecord = (records: RecordIndex, index: number): boolean =>
  index >= 0 && index < records.count && records.layerAt(index) === 'libxc' && !records.isHeader(index);

/** The selected record if it is about VCPUs. */
export function useSelectedState(): number | undefined {
  const file = useFile();
  const record = usePlace((place) => place.record);
  const known = useProgress((progress) => record !== undefined && record < progress.records);
  const { records } = file;
  if (record === undefined || !known || !isRecord(records, record)) return undefined;
  const type = records.typeAt(record);
  const isState = type === LibxcType.HVM_CONTEXT || recordSpec('libxc', type)?.perVcpu === true;
  return isState ? record : undefined;
}

/** How many checkpoints end before a record. */
export const roundOf = (checkpoints: readonly number[], record: number): number =>
  upperBound(checkpoints.length, (at) => checkpoints[at] ?? 0, record);

/** The X86_PV_VCPU_BASIC records of the checkpoint that a record is part of. They stand together at its end. */
export function vcpusOfRound(
  records: RecordIndex,
  checkpoints: readonly number[],
  record: number,
): Map<number, number> {
  const found = new Map<number, number>();
  const end = checkpoints[roundOf(checkpoints, record)] ?? records.count;
  for (let index = end - 1; index >= 0 && index > end - ROUND_LIMIT; index--) {
    if (!isRecord(records, index)) {
      if (index < record) break;
      continue;
    }
    const type = records.typeAt(index);
    if (type === LibxcType.CHECKPOINT || (type === LibxcType.PAGE_DATA && index < record)) break;
    if (type !== LibxcType.X86_PV_VCPU_BASIC) continue;
    const vcpu = records.vcpuAt(index);
    if (vcpu >= 0 && !found.has(vcpu)) found.set(vcpu, index);
  }
  return found;
}

const ends = (type: number): boolean => type === LibxcType.CHECKPOINT || type === LibxcType.PAGE_DATA;

/**
 * The records of these types that stand with a VCPU's registers, by type: the last of each in the same round, and of
 * those that belong to a VCPU only its own.
 */
export function recordsAround(
  records: RecordIndex,
  vcpu: { readonly id: number; readonly record: number },
  types: readonly number[],
): Map<number, number> {
  const found = new Map<number, number>();
  const isWanted = (index: number, type: number): boolean =>
    types.includes(type) && (recordSpec('libxc', type)?.perVcpu !== true || records.vcpuAt(index) === vcpu.id);
  const walk = (step: 1 | -1): void => {
    for (let steps = 1, index = vcpu.record + step; steps < ROUND_LIMIT; steps++, index += step) {
      if (!isRecord(records, index)) return;
      const type = records.typeAt(index);
      if (ends(type)) return;
      if (isWanted(index, type) && (step > 0 || !found.has(type))) found.set(type, index);
    }
  };
  walk(1);
  walk(-1);
  return found;
}

export interface CutVcpu {
  readonly id: number;
  readonly record: number;
}

/** The VCPU whose record the end of the file cuts: the index does not say which one that is. */
export function useCutVcpu(): CutVcpu | undefined {
  const file = useFile();
  const last = useProgress((progress) => progress.records) - 1;
  const littleEndian = useImage((image) => image.bigEndian !== true);
  const data = file;
  const { records, source } = data;
  const isCut =
    isRecord(records, last) &&
    records.typeAt(last) === LibxcType.X86_PV_VCPU_BASIC &&
    records.vcpuAt(last) < 0 &&
    records.offsetAt(last) + 8 + records.lengthAt(last) > source.size;
  const [found, setFound] = useState<CutVcpu & { readonly data: unknown }>();
  useEffect(() => {
    if (!isCut) return undefined;
    let wanted = true;
    const read = async (): Promise<void> => {
      const bytes = await source.read(records.offsetAt(last) + 8, 4).catch(() => new Uint8Array(0));
      const id = bytes.length < 4 ? -1 : readU32(bytes, 0, littleEndian);
      if (wanted && id >= 0 && id <= 0x7fff_ffff) setFound({ id, record: last, data });
    };
    void read();
    return () => {
      wanted = false;
    };
  }, [isCut, data, last, littleEndian]);
  return isCut && found?.data === data && found.record === last ? found : undefined;
}
