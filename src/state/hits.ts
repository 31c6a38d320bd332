/** The hits of a search: running one, and going from hit to hit. */
import { PAGE_SIZE } from '../format/page';
import type { PageByte } from '../memory/guest-memory';
import type { Hit } from '../memory/search/hit';
import type { Query } from '../memory/search/kit/query';
import { goToOffset, selectPfn } from './actions';
import type { OpenFile } from './open-file';
import { searchBox } from './search-box';

/** Searches for what is asked, as `query`; a search that runs is ended. */
export function startSearch(file: OpenFile, query: Query): void {
  file.view.setState({ hit: -1 });
  void file.search.start({ asked: searchBox.getState().asked, query });
}

/** Closes the search box; a search that runs is ended. */
export function closeSearch(file: OpenFile): void {
  file.search.cancel();
  searchBox.setState({ open: false });
}

const hitAt = ({ search, view }: OpenFile, index: number): Hit | undefined => {
  const hit = search.state.known.hits[index];
  if (hit) view.setState({ hit: index });
  return hit;
};

/** Looks at a hit: at its page where the Memory tab is open, else at its bytes. */
export function showHit(file: OpenFile, index: number): void {
  const hit = hitAt(file, index);
  if (hit?.page && file.place.tab === 'memory') selectPfn(file, hit.page.pfn);
  else showHitBytes(file, index);
}

/** Looks at the bytes of a hit. */
export function showHitBytes(file: OpenFile, index: number): void {
  const hit = hitAt(file, index);
  if (hit) goToOffset(file, hit.offset, hit.parts?.[0]?.length ?? hit.length);
}

/** Looks at the page of a hit, where it is in one. */
export function showHitPage(file: OpenFile, index: number): void {
  const hit = file.search.state.known.hits[index];
  if (!hit?.page) return;
  file.view.setState({ hit: index });
  selectPfn(file, hit.page.pfn);
}

/** Goes on to the next hit, or to the one before, and round again. */
export function stepHit(file: OpenFile, by: number): void {
  const count = file.search.state.known.hits.length;
  if (count === 0) return;
  const { hit } = file.view.getState();
  const from = hit < 0 ? (by > 0 ? -1 : 0) : hit;
  showHit(file, (from + by + count) % count);
}

/** Returns the guest-physical address of a hit in a page. */
export const hitAddress = ({ pfn, inPage }: PageByte): bigint => BigInt(pfn) * BigInt(PAGE_SIZE) + BigInt(inPage);
