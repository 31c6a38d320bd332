/** State for components: that of the page. */
import { useStore } from 'zustand';
import { app, type AppState } from '../../state/app';
import { searchBox } from '../../state/search-box';

/** Returns what belongs to the page and not to a file. */
export const useApp = <T>(select: (state: AppState) => T): T => useStore(app, select);

type SearchBox = ReturnType<(typeof searchBox)['getState']>;

/** Returns the search box, which outlives the file. */
export const useSearchBox = <T>(select: (state: SearchBox) => T): T => useStore(searchBox, select);
