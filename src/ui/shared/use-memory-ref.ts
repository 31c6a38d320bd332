/** Where a value leads; of one that need not be an address, whether it does. */
import type { MemoryRef } from '../../format/kit/node';
import { isMapped, type Leading } from '../../state/follow';
import { type Answer, useAnswer } from './use-answer';
import { useFile } from './use-file';

/** The upper half of all addresses but for small negative numbers: an address even where it is not mapped. */
const isKernels = (at: bigint): boolean => at >= 0xffff_8000_0000_0000n && at < 0xffff_ffff_ffff_f000n;

const NOWHERE = { state: 'ready', value: undefined } as const;

/** Returns the memory that a value names; undefined for values that lead nowhere. */
export function useMemoryRef(node: Leading | undefined): Answer<MemoryRef | undefined> {
  const file = useFile();
  const { leadsTo, offset } = node ?? {};
  const asks = leadsTo?.maybe === true && !isKernels(leadsTo.at);
  const mapped = useAnswer(`${offset} ${leadsTo?.at}`, asks && node ? () => isMapped(file, node) : undefined);
  if (!asks) return { state: 'ready', value: leadsTo };
  if (mapped.state !== 'ready') return mapped;
  return mapped.value ? { state: 'ready', value: leadsTo } : NOWHERE;
}
