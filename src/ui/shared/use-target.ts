/** Where a value leads; of one that need not be an address, whether it does. */
import type { Target } from '../../format/kit/node';
import { isMapped, type Leading } from '../../state/follow';
import { useAnswer } from './use-answer';
import { useFile } from './use-file';

/** The upper half of all addresses but for small negative numbers: an address even where it is not mapped. */
const isKernels = (at: bigint): boolean => at >= 0xffff_8000_0000_0000n && at < 0xffff_ffff_ffff_f000n;

/** Undefined for values that lead nowhere, and while that is not known. */
export function useTarget(node: Leading | undefined): Target | undefined {
  const file = useFile();
  const { target, offset } = node ?? {};
  const asks = target?.maybe === true && !isKernels(target.at);
  // A read that failed, or a file that was closed, makes no link.
  const mapped = useAnswer(`${offset} ${target?.at}`, asks && node ? () => isMapped(file, node) : undefined);
  return asks && (mapped.state !== 'ready' || !mapped.value) ? undefined : target;
}
