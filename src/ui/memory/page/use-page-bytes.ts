/** The bytes of a copy of a page. */
import { useEffect, useState } from 'react';
import { PAGE_SIZE } from '../../../format/libxc/page-data';
import { savedVcpu } from '../../../memory/saved-vcpus';
import { pagingsOf } from '../../../format/paging/paging';
import { fileData } from '../../../state/session';
import { useApp } from '../../../state/store';

export type PageBytes =
  | { readonly state: 'loading' }
  | { readonly state: 'failed'; readonly reason: string }
  | { readonly state: 'ready'; readonly bytes: Uint8Array };

/** At a file offset; −1 for a page that is all zero because no copy came. */
export function usePageBytes(offset: number | undefined): PageBytes {
  useApp((state) => state.file);
  const data = fileData();
  const [known, setKnown] = useState<{ readonly key: unknown; readonly data: unknown; readonly page: PageBytes }>();
  useEffect(() => {
    if (offset === undefined) return undefined;
    let wanted = true;
    const put = (page: PageBytes): void => {
      if (wanted) setKnown({ key: offset, data, page });
    };
    if (offset < 0) put({ state: 'ready', bytes: new Uint8Array(PAGE_SIZE) });
    else {
      data.source.read(offset, PAGE_SIZE).then(
        (bytes) => put({ state: 'ready', bytes }),
        (error: unknown) => put({ state: 'failed', reason: error instanceof Error ? error.message : 'it failed' }),
      );
    }
    return () => {
      wanted = false;
    };
  }, [data, offset]);
  return known && known.key === offset && known.data === data ? known.page : { state: 'loading' };
}

/** Bytes of a page-table entry of this guest: 4 only without PAE. */
export function useEntrySize(): 4 | 8 {
  const image = useApp((state) => state.image);
  const ended = useApp((state) => state.phase !== 'scanning');
  const data = fileData();
  const [size, setSize] = useState<{ readonly data: unknown; readonly size: 4 | 8 }>();
  useEffect(() => {
    if (!ended) return;
    const { records, source } = data;
    savedVcpu({ records, source, image }, 0).then(
      (vcpu) => setSize({ data, size: vcpu ? pagingsOf(vcpu.registers)[0].mode.entrySize : 8 }),
      () => setSize({ data, size: 8 }),
    );
  }, [data, image, ended]);
  return size?.data === data ? size.size : 8;
}
