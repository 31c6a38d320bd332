/** The filter of the place, at work: goes over the index in short slices and on as records arrive. */
import { useEffect, useMemo } from 'react';
import { FilterRun, parseFilter } from '../../state/filter';
import type { OpenFile } from '../../state/open-file';
import { useAnswer } from '../shared/use-answer';
import { useChanges, useFile, usePlace, useProgress } from '../shared/use-file';

/** A filter that is set. Until the records of a PFN are known there is nothing to show, and where they cannot be had the reason. */
export type ActiveFilter = { readonly problem: string | undefined } & (
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'ready'; readonly run: FilterRun }
);

/** Work done in one go, milliseconds: well below what is felt. */
const SLICE_MS = 8;

/** The records that hold all of these PFNs. */
async function holdersOf(file: OpenFile, pfns: readonly number[]): Promise<ReadonlySet<number>> {
  const all = await Promise.all(pfns.map((pfn) => file.request('holders', { pfn })));
  const [first = new Set<number>(), ...rest] = all.map(({ records }) => new Set(records));
  return new Set([...first].filter((record) => rest.every((set) => set.has(record))));
}

/** Returns the filter of the place; undefined while none is set. */
export function useFilter(): ActiveFilter | undefined {
  const file = useFile();
  const text = usePlace((place) => place.filter);
  const filter = useMemo(() => (text.trim() === '' ? undefined : parseFilter(text)), [text]);
  const { pfns = [], problem } = filter ?? {};
  const holders = useAnswer(pfns.join(' '), pfns.length === 0 ? undefined : () => holdersOf(file, pfns));
  const held = holders.state === 'ready' ? holders.value : undefined;
  const isKnown = pfns.length === 0 || held !== undefined;
  const run = useMemo(
    () => (filter && isKnown ? new FilterRun(file.records, filter, held) : undefined),
    [file, filter, isKnown, held],
  );
  useWork(run);
  if (!filter) return undefined;
  if (run) return { state: 'ready', run, problem };
  return holders.state === 'failed' ? { ...holders, problem } : { state: 'loading', problem };
}

/** Goes on with a filter until all records there are have been judged. */
function useWork(run: FilterRun | undefined): void {
  const records = useProgress((progress) => progress.records);
  useEffect(() => {
    if (!run || records === 0) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const work = (): void => {
      if (!run.step(performance.now() + SLICE_MS)) timer = setTimeout(work);
    };
    work();
    return () => clearTimeout(timer);
  }, [run, records]);
}

/** Looks again as the filter finds records. */
export function useMatches(filter: ActiveFilter | undefined): void {
  useChanges(filter?.state === 'ready' ? filter.run.changes : undefined);
}
