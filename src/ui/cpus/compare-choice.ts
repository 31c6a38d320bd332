/** This module says which vCPU the open one is compared with if nothing else was chosen. */

/**
 * Returns the vCPU to compare with: the one chosen if it is there; else the one open before, else vCPU 0, else the
 * first other.
 */
export function comparedVcpu(
  ids: readonly number[],
  open: number,
  choice: number | 'auto' | 'none',
  previous: number | undefined,
): number | undefined {
  if (choice === 'none') return undefined;
  const wanted = [typeof choice === 'number' ? choice : undefined, previous, 0];
  const others = new Set(ids);
  others.delete(open);
  return wanted.find((id) => id !== undefined && others.has(id)) ?? others.values().next().value;
}
