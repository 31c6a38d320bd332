/** The bytes of a copy of a page. */
import { PAGE_SIZE } from '../../../format/page';
import { savedVcpu } from '../../../memory/saved-vcpus';
import { pagingsOf } from '../../../format/paging/paging';
import { fileData } from '../../../state/session';
import { useApp } from '../../../state/store';
import { type Answer, useAnswer } from '../../shared/use-answer';

/** At a file offset; −1 for a page that is all zero because no copy came. */
export function usePageBytes(offset: number | undefined): Answer<Uint8Array> {
  const { source } = fileData();
  const read = async (at: number): Promise<Uint8Array> =>
    at < 0 ? new Uint8Array(PAGE_SIZE) : source.read(at, PAGE_SIZE);
  return useAnswer(offset, offset === undefined ? undefined : () => read(offset));
}

/** Bytes of a page-table entry of this guest: 4 only without PAE. */
export function useEntrySize(): 4 | 8 {
  const image = useApp((state) => state.image);
  const ended = useApp((state) => state.phase !== 'scanning');
  const { records, source } = fileData();
  const vcpu = useAnswer('vcpu 0', ended ? () => savedVcpu({ records, source, image }, 0) : undefined);
  return vcpu.state === 'ready' && vcpu.value ? pagingsOf(vcpu.value.registers)[0].mode.entrySize : 8;
}
