/** The domain that a stream without a configuration is restored into: whatever the stream says of itself. */
import { DomainType } from '../../../format/libxc/headers';
import { LibxlType } from '../../../format/libxl/types';
import { hasEmulatedPc } from '../../../scan/guest-kind';
import type { DomainConfig, DomainKind } from '../../kit/domain';
import type { Simulation } from '../simulation';

/** Rows at the end of a file among which the state of a device model is looked for. */
const ROWS_AT_END = 4096;

/** Returns a configuration made up from what the stream itself says. */
export function assumedDomain(sim: Simulation): DomainConfig {
  const { image, records } = sim.scan;
  const hasEmulator = Array.from(
    { length: Math.min(records.count, ROWS_AT_END) },
    (_, at) => records.count - 1 - at,
  ).some((index) => records.layerAt(index) === 'libxl' && records.typeAt(index) === LibxlType.EMULATOR_CONTEXT);
  const isPvh = !hasEmulatedPc(image) && !hasEmulator;
  const type: DomainKind = image.domainType === DomainType.X86_HVM ? (isPvh ? 'pvh' : 'hvm') : 'pv';
  return { type, buildType: type, maxVcpus: Number.POSITIVE_INFINITY, hasPassthrough: false, nestedHvm: false };
}
