/** Maps of address spaces: made by a job of the worker when first asked for, kept for as long as the file is open. */
import { create } from 'zustand';
import { Column, float64Column, uint16Column } from '../lib/column';
import { type Ranges, type SpaceRange, rangeOf } from '../memory/space/ranges';
import type { SpaceResult } from '../memory/space/space';
import type { SpaceQuery } from '../worker/protocol';
import { type FileData, fileData, startJob } from './session';

/** The ranges so far. */
export class SpaceRanges {
  readonly #start: Column<Float64Array> = float64Column();
  readonly #pages: Column<Float64Array> = float64Column();
  readonly #how: Column<Uint16Array> = uint16Column();

  get count(): number {
    return this.#start.length;
  }

  append({ start, pages, how }: Ranges): void {
    this.#start.append(start);
    this.#pages.append(pages);
    this.#how.append(how);
  }

  startAt(index: number): number {
    return this.#start.at(index);
  }
  pagesAt(index: number): number {
    return this.#pages.at(index);
  }

  range(index: number, addressBits: number): SpaceRange | undefined {
    if (index < 0 || index >= this.count) return undefined;
    return rangeOf(this.#start.at(index), this.#pages.at(index), this.#how.at(index), addressBits);
  }
}

export interface SpaceMap {
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly ranges: SpaceRanges;
  /** How many there are: `ranges` itself grows in place. */
  readonly count: number;
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
  const ranges = new SpaceRanges();
  let share = 0;
  const show = (more: Partial<SpaceMap> = {}): void =>
    put(data, key, { state: 'running', ranges, count: ranges.count, share, ...more });
  show();
  try {
    const result = await startJob('space', query, {
      signal: own.signal,
      onPart: (part) => {
        ranges.append(part);
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
    else show({ state: 'failed', reason: error instanceof Error ? error.message : 'the job failed' });
  } finally {
    if (running.get(key) === own) running.delete(key);
  }
}

export const cancelSpaceMap = (key: string): void => running.get(key)?.abort();
