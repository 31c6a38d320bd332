/** The vCPUs that the image holds: those of the selected record's checkpoint, else those that a restore would take. */
import { useMemo } from 'react';
import { LibxcType } from '../../format/libxc/types';
import { recordSpec } from '../../format/records';
import { RestoredRecords } from '../../scan/restored/records';
import { stateEnd } from '../../scan/restored/rounds';
import { type RestoredVcpu, restoredVcpus } from '../../scan/restored/vcpus';
import { useFile, useImage, usePlace, useProgress } from '../shared/use-file';
import { useLandmarks } from '../shared/use-landmarks';

/** Returns the selected record if it is about vCPUs. */
export function useSelectedState(): number | undefined {
  const { records } = useFile();
  const record = usePlace((place) => place.record);
  const known = useProgress((progress) => record !== undefined && record < progress.records);
  if (record === undefined || !known || records.layerAt(record) !== 'libxc' || records.isHeader(record))
    return undefined;
  const type = records.typeAt(record);
  return type === LibxcType.HVM_CONTEXT || recordSpec('libxc', type)?.perVcpu === true ? record : undefined;
}

/** Returns the vCPUs, by number. */
export function useVcpus(): readonly RestoredVcpu[] {
  const { records } = useFile();
  const image = useImage((all) => all);
  const { libxc } = useLandmarks();
  const selected = useSelectedState();
  // More records of the same round may follow while the scan goes on.
  const end = selected === undefined ? undefined : stateEnd(records, selected);
  return useMemo(() => {
    const ofRound = end === undefined ? [] : restoredVcpus(image, RestoredRecords.of(records).asOf(end));
    return ofRound.length > 0 ? ofRound : restoredVcpus(image, libxc);
  }, [records, image, libxc, end]);
}
