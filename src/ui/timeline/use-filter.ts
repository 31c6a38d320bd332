/** The filter of the place, at work: goes over the index in short slices and on as records arrive. */
import { useEffect, useState } from 'react';
import { FilterRun, parseFilter } from '../../state/filter';
import { bump, fileData, request } from '../../state/session';
import { useApp } from '../../state/store';

export interface ActiveFilter {
  readonly run: FilterRun;
  readonly problem: string | undefined;
}

/** Work done in one go, milliseconds: well below what is felt. */
const SLICE_MS = 8;

/** Undefined while no filter is set. */
export function useFilter(): ActiveFilter | undefined {
  const text = useApp((state) => state.place.filter);
  const file = useApp((state) => state.file);
  const records = useApp((state) => state.progress.records);
  const [active, setActive] = useState<ActiveFilter>();

  useEffect(() => {
    if (text.trim() === '') {
      setActive(undefined);
      return undefined;
    }
    let wanted = true;
    const filter = parseFilter(text);
    const data = fileData();
    const start = (holders: ReadonlySet<number> | undefined): void => {
      if (wanted) setActive({ run: new FilterRun(data.records, filter, holders), problem: filter.problem });
    };
    if (filter.pfns.length === 0) start(undefined);
    else {
      void Promise.all(filter.pfns.map((pfn) => request('holders', { pfn }))).then(
        (all) => {
          const sets = all.map((found) => new Set(found.records));
          const [first = new Set<number>(), ...rest] = sets;
          start(new Set([...first].filter((record) => rest.every((set) => set.has(record)))));
        },
        () => start(new Set()),
      );
    }
    return () => {
      wanted = false;
    };
  }, [text, file]);

  useEffect(() => {
    if (!active) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const work = (): void => {
      const done = active.run.step(performance.now() + SLICE_MS);
      bump();
      if (!done) timer = setTimeout(work);
    };
    work();
    return () => clearTimeout(timer);
  }, [active, records]);

  return active;
}
