/** The landmarks of the shown file for components, looked for a little in each frame. */
import { useEffect, useSyncExternalStore } from 'react';
import { Signal } from '../../lib/signal';
import { LandmarkFinder, type Landmarks } from '../../scan/landmarks';
import type { OpenFile } from '../../state/open-file';
import { useFile, useProgress } from './use-file';

/** Work per frame, milliseconds. */
const SLICE_MS = 6;

/** One finder for all who ask: what one of them finds is news to the others. */
interface Known {
  readonly finder: LandmarkFinder;
  readonly news: Signal;
}
const known = new WeakMap<OpenFile, Known>();

function knownOf(file: OpenFile): Known {
  const old = known.get(file);
  if (old) return old;
  const made = { finder: new LandmarkFinder(file.records), news: new Signal() };
  known.set(file, made);
  return made;
}

/** Returns the landmarks found so far; follows the scan. */
export function useLandmarks(): Landmarks {
  const file = useFile();
  const count = useProgress((progress) => progress.records);
  const { finder, news } = knownOf(file);
  useEffect(() => {
    if (count === 0) return undefined;
    let frame = 0;
    const work = (): void => {
      const before = finder.found;
      const done = finder.step(file.image, performance.now() + SLICE_MS);
      if (finder.found !== before) news.change();
      if (!done) frame = requestAnimationFrame(work);
    };
    work();
    return () => cancelAnimationFrame(frame);
  }, [file, finder, news, count]);
  return useSyncExternalStore(news.subscribe, () => finder.found);
}
