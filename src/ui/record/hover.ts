/** Bytes under the pointer, in tree or hex. They have a store of their own: it changes with every move of the mouse. */
import { useStore } from 'zustand';
import type { Range } from '../../lib/range';
import type { OpenFile, Pointed } from '../../state/open-file';
import { useFile } from '../shared/use-file';

/** Returns what is wanted of the bytes under the pointer. */
export const useHover = <T>(select: (pointed: Pointed) => T): T => useStore(useFile().pointed, select);

/** Sets which bytes of the file are under the pointer; undefined for none. */
export function hover({ pointed }: OpenFile, range: Range | undefined): void {
  const now = pointed.getState().range;
  if (now?.start === range?.start && now?.end === range?.end) return;
  pointed.setState({ range });
}
