/** The bytes of a copy of a page. */
import { PAGE_SIZE } from '../../../format/page';
import { savedVcpu } from '../../../memory/vcpus/saved';
import { pagingsOf } from '../../../format/paging/paging';
import { type Answer, useAnswer } from '../../shared/use-answer';
import { useFile, useImage } from '../../shared/use-file';

/** Returns the bytes of a page at a file offset; −1 stands for a page that is all zero because no copy came. */
export function usePageBytes(offset: number | undefined): Answer<Uint8Array> {
  const file = useFile();
  const { source } = file;
  const read = async (at: number): Promise<Uint8Array> =>
    at < 0 ? new Uint8Array(PAGE_SIZE) : source.read(at, PAGE_SIZE);
  return useAnswer(offset, offset === undefined ? undefined : () => read(offset));
}

/** Returns the bytes of a page-table entry of this guest: 4 only without PAE. */
export function useEntrySize(): Answer<4 | 8> {
  const file = useFile();
  const image = useImage((all) => all);
  const { records, source } = file;
  const vcpu = useAnswer('vcpu 0', () => savedVcpu({ records, source, image }, 0));
  if (vcpu.state !== 'ready') return vcpu;
  return { state: 'ready', value: vcpu.value ? pagingsOf(vcpu.value.registers)[0].mode.entrySize : 8 };
}
