/** The title of the page: the name of the open file. */
import { useEffect } from 'react';
import { visible } from '../../lib/visible';
import { useApp } from './use-app';

/** Keeps the title of the page that of the open file. */
export function usePageTitle(): void {
  const name = useApp((state) => state.file?.name);
  useEffect(() => {
    document.title = name === undefined ? 'Xenscope' : `${visible(name)} · Xenscope`;
  }, [name]);
}
