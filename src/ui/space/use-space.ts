/** What the view of virtual memory asks for: the VCPU, the walk to an address, the memory around it. */
import { useEffect, useMemo, useState } from 'react';
import type { Around } from '../../memory/space/stretches';
import { savedVcpuIds } from '../../memory/saved-vcpus';
import { spacesOf } from '../../format/paging/paging';
import type { VcpuMemory } from '../../format/paging/vcpu';
import type { Translation } from '../../memory/walk/virtual';
import { fileData, request } from '../../state/session';
import { useApp } from '../../state/store';
import { vcpuNumbered } from '../../state/vcpu-of';
import type { Window } from './hex-rows';

export type Asked<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'ready'; readonly value: T };

const LOADING = { state: 'loading' } as const;

/**
 * Asks anew for another key, for another file, and once the scan has ended. With `keeps` the last answer stays until the
 * next is there: for what would flicker otherwise.
 */
function useAsked<T>(key: string | undefined, ask: () => Promise<T>, keeps = false): Asked<T> {
  const phase = useApp((state) => state.phase);
  useApp((state) => state.file);
  const data = fileData();
  const [result, setResult] = useState<{ readonly key: string; readonly data: unknown; readonly asked: Asked<T> }>();
  useEffect(() => {
    if (key === undefined) return undefined;
    let wanted = true;
    const put = (asked: Asked<T>): void => {
      if (wanted) setResult({ key, data, asked });
    };
    ask().then(
      (value) => put({ state: 'ready', value }),
      (error: unknown) =>
        put({ state: 'failed', reason: error instanceof Error ? error.message : 'the request failed' }),
    );
    return () => {
      wanted = false;
    };
    // `key` stands for the question, whose function is made anew on every look.
  }, [key, data, phase]);
  return result && (keeps || result.key === key) && result.data === data ? result.asked : LOADING;
}

/** Numbers of the VCPUs that have registers. */
export function useVcpuNumbers(): readonly number[] {
  // It says how many VCPUs there are: with each that is found it is another one.
  const image = useApp((state) => state.image);
  const data = fileData();
  return useMemo(() => savedVcpuIds({ ...data, image }), [image, data]);
}

export function useVcpuMemory(id: number | undefined): Asked<VcpuMemory | undefined> {
  return useAsked(id === undefined ? undefined : `vcpu ${id}`, () => vcpuNumbered(id ?? 0));
}

/**
 * Whether virtual addresses have 32 bits: of an HVM guest by the mode of the VCPU that is shown, undefined while its
 * registers are read.
 */
export function useIsNarrow(): boolean | undefined {
  const ids = useVcpuNumbers();
  const width = useApp(({ image }) => image.guestWidth);
  const shown = useApp((state) => state.place.vcpu);
  const id = shown !== undefined && ids.includes(shown) ? shown : ids[0];
  const memory = useVcpuMemory(width === undefined ? id : undefined);
  if (width !== undefined) return width === 4;
  if (id === undefined) return false;
  if (memory.state !== 'ready') return memory.state === 'loading' ? undefined : false;
  return memory.value !== undefined && spacesOf(memory.value.registers)[0].mode.addressBits === 32;
}

export function useWalk(id: number, { registers }: VcpuMemory, va: bigint): Asked<Translation> {
  return useAsked(`${id} ${va}`, () => request('translate', { registers, va }), true);
}

export function useWindow(id: number, { registers }: VcpuMemory, window: Window | undefined): Asked<Around> {
  const { start = 0n, pages = 0, limits = { start: 0n, end: 0n } } = window ?? {};
  return useAsked(window && `${id} ${start} ${pages}`, () => request('window', { registers, start, pages, limits }));
}
