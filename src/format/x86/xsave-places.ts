/**
 * Where the components of an XSAVE area lie. The standard format has fixed places, which differ between CPUs: CPUID
 * leaf 0xd tells them, and where the stream has none, the length of the area does, as the lists of Intel's and AMD's
 * places end at different ones. Source: Xen, xstate.c (xstate_uncompressed_size, setup_xstate_comp); Intel SDM vol. 1
 * § 13.4.3.
 */
import type { XstateComponent } from '../guest';
import { sizeOf } from '../kit/layout';
import { COMPACTED, Component, hasBit } from './xcr0';
import { COMPONENTS } from './xsave-components';
import { AREA_MIN_SIZE } from './xsave-layouts';

/** Components that have a bit; bit 63 means something else. */
const LAST = 62;

/** Where a component lies in an XSAVE area. */
export interface ComponentPlace {
  readonly component: number;
  /** Offset from the start of the area, bytes. */
  readonly offset: number;
  readonly size: number;
}

const VENDORS = ['intel', 'amd', 'amdOld'] as const;

const componentsOf = (mask: bigint): number[] =>
  Array.from({ length: LAST - 1 }, (_, index) => index + 2).filter((component) => hasBit(mask, component));

const knownSize = (component: number): number | undefined => {
  const layout = COMPONENTS[component]?.layout;
  return layout && sizeOf(layout);
};

const endOf = (places: readonly ComponentPlace[]): number =>
  places.reduce((end, { offset, size }) => Math.max(end, offset + size), AREA_MIN_SIZE);

/** Returns the places that one kind of CPU has for components; undefined if it does not have all of them. */
function placesOf(vendor: (typeof VENDORS)[number], components: readonly number[]): ComponentPlace[] | undefined {
  const places = components.flatMap((component) => {
    const offset = COMPONENTS[component]?.[vendor];
    const size = knownSize(component);
    return offset === undefined || size === undefined ? [] : [{ component, offset, size }];
  });
  return places.length === components.length ? places : undefined;
}

function inferred(components: readonly number[], length: number): ComponentPlace[] {
  const lists = VENDORS.map((vendor) => placesOf(vendor, components)).filter((places) => places !== undefined);
  const fitting = lists.find((places) => endOf(places) === length);
  if (fitting) return fitting;
  // Of another length only what all kinds of CPU keep in one place is sure.
  const [first = [], ...others] = lists;
  const isSure = (place: ComponentPlace): boolean =>
    others.every((places) =>
      places.some(({ component, offset }) => component === place.component && offset === place.offset),
    );
  return lists.length > 0
    ? first.filter(isSure)
    : components.includes(Component.YMM)
      ? [{ component: Component.YMM, offset: AREA_MIN_SIZE, size: 256 }]
      : [];
}

function compacted(components: readonly number[], xstate: readonly XstateComponent[]): ComponentPlace[] {
  const places: ComponentPlace[] = [];
  let end = AREA_MIN_SIZE;
  for (const component of components) {
    const told = xstate.find((one) => one.component === component);
    const size = told?.size ?? knownSize(component);
    // What follows a component of unknown size has no known place either.
    if (size === undefined) break;
    const aligned = told?.aligned ?? COMPONENTS[component]?.aligned ?? false;
    const offset = aligned ? Math.ceil(end / 64) * 64 : end;
    places.push({ component, offset, size });
    end = offset + size;
  }
  return places;
}

interface Area {
  /** Components that the area has room for: xcr0_accum. */
  readonly mask: bigint;
  readonly xcompBv: bigint;
  /** Bytes that the area is said to have. */
  readonly length: number;
  readonly xstate: readonly XstateComponent[] | undefined;
}

/** Returns the places of the components from number 2 on, in the order in which they lie there, without overlaps. */
export function componentPlaces({ mask, xcompBv, length, xstate = [] }: Area): ComponentPlace[] {
  if ((xcompBv & COMPACTED) !== 0n) return compacted(componentsOf(xcompBv & ~COMPACTED), xstate);
  const components = componentsOf(mask);
  const told = xstate.filter(({ component }) => components.includes(component));
  const places = told.length === components.length ? told : inferred(components, length);
  const sorted = places.toSorted((a, b) => a.offset - b.offset || a.component - b.component);
  const fitting: ComponentPlace[] = [];
  for (const { component, offset, size } of sorted) {
    // A policy that puts components upon each other, or into the header, is not believed.
    if (offset >= endOf(fitting)) fitting.push({ component, offset, size });
  }
  return fitting;
}
