/** What pages are used for: found while something is shown that needs it, and again as the scan comes further. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { RolesState } from '../../state/jobs/roles';
import { useFile, useIsScanning, useProgress } from '../shared/use-file';

const LEAST_PAUSE_MS = 500;

/** Keeps the roles up with the scan, rarely where that is dear. Once it failed it waits for more records, or to be asked. */
export function useRolesRun(isWanted: boolean): RolesState {
  const { roles, records } = useFile();
  const count = useProgress((progress) => (isWanted ? progress.records : 0));
  const scanning = useIsScanning();
  const run = useStore(roles.store);
  const isDue = isWanted && run.state !== 'running' && run.known.asked !== count;
  const pauseMs = scanning && run.state !== 'idle' ? Math.max(LEAST_PAUSE_MS, run.reached.elapsedMs * 10) : 0;
  useEffect(() => {
    if (!isDue) return undefined;
    const timer = setTimeout(() => {
      // Of several that show roles the first starts the run.
      if (roles.state.state !== 'running') void roles.start(records.count);
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [roles, records, isDue, pauseMs]);
  return run;
}
