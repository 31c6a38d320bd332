/** Maps of address spaces: made by a job of the worker when first asked for, kept for as long as the file is open. */
import { reasonOf } from '../lib/reason';
import { create } from 'zustand';
import { SpaceRows } from '../memory/space/series';
import type { SpaceResult } from '../memory/space/space';
import type { SpaceQuery } from '../worker/protocol';
import { type FileData, fileData, startJob } from './session';

export interface SpaceMap {
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly rows: SpaceRows;
  /** How many there are of rows and of ranges: `rows` itself grows in place. */
  readonly count: number;
  readonly ranges: number;
  /** 0 … 1 */
  readonly share: number;
  readonly result?: SpaceResult;
  readonly reason?: string;
}

interface Kept {
  readonly data: FileData | undefined;
  readonly maps: ReadonlyMap<string, SpaceMap>;
}

const useKept = create<Kept>(() => ({ data: undefined, maps: new Map() }));
const running = new Map<string, AbortController>();

/** Of the open file. `key` names the tables. */
export const useSpaceMap = (key: string): SpaceMap | undefined =>
  useKept(({ data, maps }) => (data === fileData() ? maps.get(key) : undefined));

function put(data: FileData, key: string, map: SpaceMap): void {
  if (data !== fileData()) return;
  const { data: before, maps } = useKept.getState();
  useKept.setState({ data, maps: new Map([...(before === data ? maps : []), [key, map]]) });
}

/** Starts on a map anew. */
export async function makeSpaceMap(key: string, query: SpaceQuery): Promise<void> {
  const data = fileData();
  running.get(key)?.abort();
  const own = new AbortController();
  running.set(key, own);
  const rows = new SpaceRows();
  let share = 0;
  const show = (more: Partial<SpaceMap> = {}): void =>
    put(data, key, { state: 'running', rows, count: rows.count, ranges: rows.ranges, share, ...more });
  show();
  try {
    const result = await startJob('space', query, {
      signal: own.signal,
      onPart: (part) => {
        rows.append(part);
        show();
      },
      onProgress: ({ done, total }) => {
        share = done / Math.max(1, total);
        show();
      },
    });
    show({ state: 'done', share: 1, result });
  } catch (error) {
    if (running.get(key) !== own) return;
    if (own.signal.aborted) show({ state: 'cancelled' });
    else show({ state: 'failed', reason: reasonOf(error, 'the job failed') });
  } finally {
    if (running.get(key) === own) running.delete(key);
  }
}

export const cancelSpaceMap = (key: string): void => running.get(key)?.abort();
