/** What the view of virtual memory asks for: the VCPU, the walk to an address, the memory around it. */
import { useMemo } from 'react';
import type { Around } from '../../memory/space/stretches';
import { savedVcpuIds } from '../../memory/saved-vcpus';
import { spacesOf } from '../../format/paging/paging';
import type { VcpuMemory } from '../../format/paging/vcpu';
import type { Translation } from '../../memory/walk/virtual';
import { fileData, request } from '../../state/session';
import { useApp } from '../../state/store';
import { vcpuNumbered } from '../../state/vcpu-of';
import { type Answer, useAnswer } from '../shared/use-answer';
import type { Window } from './hex-rows';

/** Numbers of the VCPUs that have registers. */
export function useVcpuNumbers(): readonly number[] {
  // It says how many VCPUs there are: with each that is found it is another one.
  const image = useApp((state) => state.image);
  const data = fileData();
  return useMemo(() => savedVcpuIds({ ...data, image }), [image, data]);
}

export function useVcpuMemory(id: number | undefined): Answer<VcpuMemory | undefined> {
  return useAnswer(`vcpu ${id}`, id === undefined ? undefined : () => vcpuNumbered(id));
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

export function useWalk(id: number, { registers }: VcpuMemory, va: bigint): Answer<Translation> {
  return useAnswer(`${id} ${va}`, () => request('translate', { registers, va }), { keeps: true });
}

export function useWindow(id: number, { registers }: VcpuMemory, window: Window | undefined): Answer<Around> {
  return useAnswer(
    window && `${id} ${window.start} ${window.pages}`,
    window && (() => request('window', { registers, ...window })),
  );
}
