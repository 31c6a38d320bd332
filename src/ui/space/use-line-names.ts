/** Names of symbols beside the lines in view. */
import { useSymbolName, useSymbolNames } from '../shared/symbol-name';
import { BYTES_PER_ROW } from '../shared/hex/hex-layout';
import type { Line } from './hex-rows';
import { rowNames } from './row-names';

export interface LineNames {
  /** What stands beside each line in view; undefined for nothing. */
  readonly beside: readonly (string | undefined)[];
  /** What the current byte is in, wherever that starts. */
  readonly cursor: string | undefined;
}

/** Returns the names for lines in view of a window that starts at `start`; empty while there are no symbols. */
export function useLineNames(va: bigint, start: bigint, inView: readonly (Line | undefined)[]): LineNames {
  const addressOf = (at: number): bigint => BigInt.asUintN(64, start + BigInt(at));
  const lastBytes = inView.map((line) => (line?.kind === 'bytes' ? addressOf(line.at + BYTES_PER_ROW - 1) : undefined));
  const firstByte = inView[0]?.kind === 'bytes' ? addressOf(inView[0].at) : undefined;
  const names = useSymbolNames([firstByte, ...lastBytes].filter((address) => address !== undefined));
  const nameOf = (address: bigint | undefined): string | undefined =>
    address === undefined ? undefined : names.get(address);
  return { beside: rowNames(lastBytes.map(nameOf), nameOf(firstByte)), cursor: useSymbolName(va) };
}
