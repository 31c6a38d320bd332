/** What the view of virtual memory asks for: the vCPU, the walk to an address, the memory around it. */
import { useMemo } from 'react';
import type { Around } from '../../memory/space/extents';
import { savedVcpus } from '../../memory/vcpus/saved';
import { spacesOf } from '../../format/paging/paging';
import type { VcpuMemory } from '../../format/paging/vcpu';
import type { Translation } from '../../memory/walk/virtual';
import { vcpuNumbered } from '../../state/vcpu-of';
import { type Answer, useAnswer } from '../shared/use-answer';
import type { Window } from './hex-rows';
import { useFile, useImage, usePlace } from '../shared/use-file';

/** Returns the numbers of the vCPUs that have registers. */
export function useVcpuNumbers(): readonly number[] {
  const { records, source } = useFile();
  // It says how many vCPUs there are: with each that is found it is another one.
  const image = useImage((all) => all);
  return useMemo(() => savedVcpus({ records, source, image }).map(({ id }) => id), [image, records, source]);
}

/**
 * Returns the state of a vCPU by which its virtual memory is found; the value is undefined where the image has none of
 * it.
 */
export function useVcpuMemory(id: number | undefined): Answer<VcpuMemory | undefined> {
  const file = useFile();
  return useAnswer(`vcpu ${id}`, id === undefined ? undefined : () => vcpuNumbered(file, id));
}

/** Tells whether virtual addresses have 32 bits: of an HVM guest by the mode of the vCPU that is shown. */
export function useIsNarrow(): Answer<boolean> {
  const ids = useVcpuNumbers();
  const width = useImage((image) => image.guestWidth);
  const shown = usePlace((place) => place.vcpu);
  const id = shown !== undefined && ids.includes(shown) ? shown : ids[0];
  const memory = useVcpuMemory(width === undefined ? id : undefined);
  if (width !== undefined) return { state: 'ready', value: width === 4 };
  if (id === undefined) return { state: 'ready', value: false };
  if (memory.state !== 'ready') return memory;
  const { value } = memory;
  return { state: 'ready', value: value !== undefined && spacesOf(value.registers)[0].mode.addressBits === 32 };
}

/** Tells whether addresses have 32 bits. Where that is not known, addresses are taken for wide ones. */
export const isNarrow = (asked: Answer<boolean>): boolean => asked.state === 'ready' && asked.value;

/** Tells why it is not known how wide addresses are; undefined where it is. */
export const narrowProblem = (asked: Answer<boolean>): string | undefined =>
  asked.state === 'failed' ? `How wide virtual addresses are is not known: ${asked.reason}` : undefined;

/**
 * Returns how a virtual address is found in the page tables of a vCPU; the last answer stays until the next is there.
 */
export function useWalk(id: number, { registers }: VcpuMemory, va: bigint): Answer<Translation> {
  const file = useFile();
  return useAnswer(`${id} ${va}`, () => file.request('translate', { registers, va }), { keeps: true });
}

/** Returns what is mapped in a window on the virtual memory of a vCPU, holes included. */
export function useWindow(id: number, { registers }: VcpuMemory, window: Window | undefined): Answer<Around> {
  const file = useFile();
  return useAnswer(
    window && `${id} ${window.start} ${window.pages}`,
    window && (() => file.request('window', { registers, ...window })),
  );
}
