/** How the panel is looked at: kept while other tabs are open. */
import { create } from 'zustand';
import type { ViewName } from './view-names';

interface ViewState {
  readonly view: ViewName;
  /** vCPU to compare with; `auto` the one open before, `none` not at all. */
  readonly compareWith: number | 'auto' | 'none';
  /** The open vCPU and the one before it. */
  readonly current: number | undefined;
  readonly previous: number | undefined;
}

export const useViewState = create<ViewState>(() => ({
  view: 'registers',
  compareWith: 'auto',
  current: undefined,
  previous: undefined,
}));

/** Makes the panel show a view; a vCPU that does not have it shows its first one. */
export const showView = (view: ViewName): void => useViewState.setState({ view });
/** Chooses the vCPU to compare with: its number, `auto` for the one open before, `none` for no comparison. */
export const compareWith = (choice: ViewState['compareWith']): void => useViewState.setState({ compareWith: choice });

/** Takes note of the vCPU that is open. */
export function opened(id: number): void {
  const { current } = useViewState.getState();
  if (current !== id) useViewState.setState({ current: id, previous: current });
}
