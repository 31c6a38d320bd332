/** The vCPUs that the records of a stream hold state of, and where the state of each stands. */
import { HvmType, isPerVcpu } from '../../format/hvm/types';
import { DomainType } from '../../format/libxc/headers';
import type { ContextEntry, ImageInfo } from '../image';
import type { KeptRecords, KeptVcpu } from './records';

/** Where the state of one vCPU stands: an HVM vCPU has entries in a context, a PV vCPU has records to itself. */
export interface RestoredVcpu {
  readonly id: number;
  /** Row of the record that holds its registers, or that should and is empty. */
  readonly record: number;
  /** Its entries in an HVM context, in the order of the context: of two of one type the later one counts. */
  readonly entries?: readonly ContextEntry[];
  /** The header of that context. */
  readonly header?: ContextEntry;
  readonly records?: KeptVcpu;
  /** Records that hold state of the guest as a whole. */
  readonly guest: Pick<KeptRecords, 'sharedInfo' | 'tscInfo'>;
}

type Own = Omit<RestoredVcpu, 'guest'>;

/** The vCPUs of a context. One that was never brought up has no CPU entry, but all others. */
function vcpusOfContext(context: readonly ContextEntry[], record: number): Own[] {
  const byId = new Map<number, ContextEntry[]>();
  let header: ContextEntry | undefined;
  for (const entry of context) {
    if (entry.record !== record) continue;
    if (entry.typecode === HvmType.HEADER) header = entry;
    if (!isPerVcpu(entry.typecode)) continue;
    const known = byId.get(entry.instance);
    if (known) known.push(entry);
    else byId.set(entry.instance, [entry]);
  }
  return Array.from(byId, ([id, entries]) => ({ id, record, entries, ...(header && { header }) }));
}

const vcpusOfRecords = (vcpus: KeptRecords['vcpus']): Own[] =>
  Array.from(vcpus, ([id, records]) => ({ id, records })).flatMap((vcpu) => {
    const record = vcpu.records.basic ?? vcpu.records.empty;
    return record === undefined ? [] : [{ ...vcpu, record }];
  });

/**
 * Lists the vCPUs among the records that a restore keeps, by number. The kind of the guest decides where they are
 * looked for; where it has none there, or is not known, they are taken from where the stream has any.
 */
export function restoredVcpus(
  { context, domainType }: Pick<ImageInfo, 'context' | 'domainType'>,
  kept: KeptRecords,
): readonly RestoredVcpu[] {
  const { vcpus, hvmContext } = kept;
  const ofContext = hvmContext === undefined ? [] : vcpusOfContext(context, hvmContext);
  const ofRecords = vcpusOfRecords(vcpus);
  const [own, other] = domainType === DomainType.X86_PV ? [ofRecords, ofContext] : [ofContext, ofRecords];
  return (own.length > 0 ? own : other).map((vcpu) => ({ ...vcpu, guest: kept })).toSorted((a, b) => a.id - b.id);
}
