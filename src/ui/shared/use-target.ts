/** Where a value leads; of one that need not be an address, whether it does. */
import { useEffect, useState } from 'react';
import type { Target } from '../../format/kit/node';
import { isMapped, type Leading } from '../../state/follow';
import { fileData } from '../../state/session';
import { useApp } from '../../state/store';

/** The upper half of all addresses but for small negative numbers: an address even where it is not mapped. */
const isKernels = (at: bigint): boolean => at >= 0xffff_8000_0000_0000n && at < 0xffff_ffff_ffff_f000n;

/** Undefined for values that lead nowhere, and while that is not known. */
export function useTarget(node: Leading | undefined): Target | undefined {
  const { target, offset } = node ?? {};
  const asks = target?.maybe === true && !isKernels(target.at);
  // Page tables may come after the registers that are looked at.
  const phase = useApp((state) => state.phase);
  const data = fileData();
  const key = `${offset} ${target?.at}`;
  const [mapped, setMapped] = useState<{ readonly key: string; readonly data: unknown }>();
  useEffect(() => {
    let isWanted = true;
    if (!asks || !node) return undefined;
    isMapped(node).then(
      (found) => isWanted && setMapped(found ? { key, data } : undefined),
      // A read failed, or the file was closed: no link, then.
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
    // The node is made anew on every look; `key` stands for it.
  }, [asks, key, data, phase]);
  return asks && (mapped?.key !== key || mapped.data !== data) ? undefined : target;
}
