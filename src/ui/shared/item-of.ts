/** Items of lists, trees and grids. The list holds the focus and takes the keys, so it takes the pointer too. */

/** Returns the element of the item in which an event happened: the one with `data-item`; undefined between items. */
export const itemElement = ({ target }: React.SyntheticEvent): HTMLElement | undefined =>
  (target instanceof Element ? target.closest<HTMLElement>('[data-item]') : null) ?? undefined;

/** Returns the item in which an event happened, as its `data-item` tells it; undefined between items. */
export function itemOf(event: React.SyntheticEvent): number | undefined {
  const item = itemElement(event)?.dataset['item'];
  return item === undefined ? undefined : Number(item);
}
