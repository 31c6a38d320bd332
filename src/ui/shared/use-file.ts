/** State for components: that of the file which the components around them show. */
import { createContext, useContext, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { Signal } from '../../lib/signal';
import { byteSize } from '../../lib/text';
import type { ImageInfo } from '../../scan/image';
import type { SymbolsInfo } from '../../memory/kernel/fit';
import { shownFindings, type ShownFinding } from '../../state/findings';
import type { CheckState } from '../../state/jobs/check';
import type { ContentState } from '../../state/jobs/content';
import { type Phase, phaseOf, type ScanState } from '../../state/jobs/scan';
import type { SearchState } from '../../state/jobs/search';
import { symbolsOf } from '../../state/jobs/symbols';
import type { OpenFile, View } from '../../state/open-file';
import type { Place } from '../../state/place';
import type { Bytes } from '../../source/cached';
import type { Progress } from '../../worker/protocol';

/** The file that the components within show; undefined where none is open. */
export const FileContext = createContext<OpenFile | undefined>(undefined);

/** Returns the file that is shown. For components that are only there while one is. */
export function useFile(): OpenFile {
  const file = useContext(FileContext);
  if (!file) throw new Error('no file is open');
  return file;
}

/** Returns what is looked at. */
export const useView = <T>(select: (view: View) => T): T => useStore(useFile().view, select);

/** Returns what is looked at, as far as a link can name it. */
export const usePlace = <T>(select: (place: Place) => T): T => useView(({ place }) => select(place));

/** Returns the scan of the file, and what it has found. */
export const useScan = <T>(select: (scan: ScanState) => T): T => useStore(useFile().scan.store, select);

/** Returns what the scan is at. */
export const usePhase = (): Phase => useScan(phaseOf);

/** Tells whether the scan still goes on. */
export const useIsScanning = (): boolean => usePhase() === 'scanning';

/** Returns what is known of the image. */
export const useImage = <T>(select: (image: ImageInfo) => T): T => useScan(({ known }) => select(known.image));

/** Returns how far the scan has come. */
export const useProgress = <T>(select: (progress: Progress) => T): T => useScan(({ known }) => select(known.progress));

/** Returns how many findings of the scan were counted, but not kept. */
export const useSuppressed = (): number => useScan(({ known }) => known.suppressed);

/** Tells why the worker failed; undefined while it did not. */
export const useCrash = (): string | undefined =>
  useScan((scan) => (scan.state === 'failed' ? scan.reason : undefined));

/** Tells why the scan was ended before its end; undefined where it was not. */
export const useStopped = (): string | undefined =>
  useScan((scan) => (scan.state === 'done' ? scan.out.stopped : undefined));

/**
 * Tells where a scan that did not come to its end came to, and that nothing is known of what lies behind: said wherever something is
 * missing. Undefined while it goes on, and once it came to its end.
 */
export function useUnreached(): string | undefined {
  const phase = usePhase();
  const stopped = useStopped();
  const crash = useCrash();
  const at = byteSize(useProgress(({ position }) => position));
  switch (phase) {
    case 'cancelled':
      return `The scan was cancelled at ${at}: what comes after is not known.`;
    case 'stopped':
    case 'crashed':
      return `The scan ended at ${at}: ${stopped ?? crash ?? ''}. What comes after is not known.`;
    case 'scanning':
    case 'done':
    case 'refused':
      return undefined;
  }
}

/** Returns the check whether the image would restore. */
export const useCheck = <T>(select: (check: CheckState) => T): T => useStore(useFile().check.store, select);

/** Picks what is wanted of the findings that are shown: those of the check once it is done, else those of the scan. */
export function useFindings<T>(select: (findings: readonly ShownFinding[]) => T): T {
  const check = useCheck((all) => all);
  return useScan((scan) => select(shownFindings(check, scan)));
}

/** Returns the findings that are shown. */
export const useShownFindings = (): readonly ShownFinding[] => useFindings((findings) => findings);

/** Returns the symbols at hand; undefined while there are none. */
export const useSymbols = (): SymbolsInfo | undefined => useStore(useFile().symbols.store, symbolsOf);

/** Returns the search of the file. */
export const useSearch = <T>(select: (search: SearchState) => T): T => useStore(useFile().search.store, select);

/** Returns the pass over the contents of pages. */
export const useContent = <T>(select: (content: ContentState) => T): T => useStore(useFile().content.store, select);

const NEVER = new Signal();

/** Looks again at each change of what changes in place, if there is something; returns a number that is another one then. */
export const useChanges = (signal: Signal = NEVER): number =>
  useSyncExternalStore(signal.subscribe, () => signal.count);

/** Returns the bytes of the file as far as they are loaded: another object each time that more have come. */
export function useBytes(): Bytes {
  const { source } = useFile();
  return useSyncExternalStore(source.changes.subscribe, () => source.loaded);
}
