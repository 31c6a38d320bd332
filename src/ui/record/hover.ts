/** Bytes under the pointer, in tree or hex. Kept out of the app's state: it changes with every move of the mouse. */
import { create } from 'zustand';
import type { Range } from '../../lib/range';

export const useHover = create<{ readonly range: Range | undefined }>(() => ({ range: undefined }));

/** Sets which bytes of the file are under the pointer; undefined for none. */
export function hover(range: Range | undefined): void {
  const now = useHover.getState().range;
  if (now?.start === range?.start && now?.end === range?.end) return;
  useHover.setState({ range });
}
