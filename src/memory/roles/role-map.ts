/** The roles of pages, found once and looked up by PFN. */
import { upperBound } from '../../lib/bisect';
import { isTableType, PageType } from '../../format/page';
import { Cells, type MapQuery, rankTable } from '../map/cells';
import { NOTHING } from '../map/layer';
import { ROLE_LAYER, type Role, ROLES } from '../map/role-layer';
import type { RoleRange } from './role';

const RANKS = rankTable(ROLE_LAYER);
/** Returns the state that stands for a role in the cells of the map. */
export const roleState = (role: Role): number => ROLES.indexOf(role);
const TABLE = roleState('table');

/** Returns the role of a page of which only the type is known. */
export function roleOfType(type: number): number {
  if (type === NOTHING) return NOTHING;
  if (isTableType(type)) return TABLE;
  return roleState(type === PageType.XTAB ? 'hole' : 'other');
}

export class RoleMap {
  /** The pages of each role, ascending by PFN; several may name the same page. */
  readonly ranges: readonly RoleRange[];
  /** Highest end of the ranges up to each. */
  readonly #ends: Float64Array;

  constructor(ranges: readonly RoleRange[]) {
    this.ranges = ranges.toSorted((a, b) => a.pfn - b.pfn || roleState(a.role) - roleState(b.role));
    this.#ends = new Float64Array(this.ranges.length);
    let end = 0;
    for (const [at, { pfn, count }] of this.ranges.entries()) {
      end = Math.max(end, pfn + count);
      this.#ends[at] = end;
    }
  }

  /** What a page is; the most telling first. */
  of(pfn: number): RoleRange[] {
    return this.#within(pfn, pfn + 1).toSorted((a, b) => roleState(a.role) - roleState(b.role));
  }

  /** The pages that have a role, each with the most telling one. */
  pages(): Map<number, number> {
    const states = new Map<number, number>();
    for (const { pfn, count, role } of this.ranges) {
      for (let at = pfn; at < pfn + count; at++) states.set(at, Math.min(states.get(at) ?? NOTHING, roleState(role)));
    }
    return states;
  }

  /** `types` are the cells of the type layer: they tell PV page tables, and what is not there. */
  cells(query: MapQuery, types: Uint8Array): Uint8Array {
    const { start, perCell, cells: count } = query;
    const cells = new Cells(query, RANKS);
    for (const { pfn, count: pages, role } of this.#within(start, start + perCell * count))
      cells.add(pfn, pfn + pages, roleState(role));
    const { state } = cells;
    for (let at = 0; at < count; at++) {
      const type = types[at] ?? NOTHING;
      if (isTableType(type) && (state[at] ?? NOTHING) > TABLE) state[at] = TABLE;
      else if (state[at] === NOTHING) state[at] = roleOfType(type);
    }
    return state;
  }

  #within(from: number, to: number): RoleRange[] {
    const { ranges } = this;
    const first = upperBound(ranges.length, (at) => this.#ends[at] ?? 0, from);
    const found: RoleRange[] = [];
    for (let at = first; at < ranges.length; at++) {
      const range = ranges[at];
      if (!range || range.pfn >= to) break;
      if (range.pfn + range.count > from) found.push(range);
    }
    return found;
  }
}
