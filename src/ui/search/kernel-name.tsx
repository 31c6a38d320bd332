/** What the kernel calls the place of a hit, and where it has it. */
import { useEffect, useState } from 'react';
import { hex0x } from '../../lib/text';
import type { Hit } from '../../memory/search/hit';
import type { KernelPlace } from '../../memory/symbols/kernel-place';
import type { SymbolsInfo } from '../../memory/symbols/fit';
import { kernelPlaceOf } from '../../state/kernel-places';
import styles from './search.module.css';

interface Props {
  readonly hit: Hit;
  readonly info: SymbolsInfo;
}

export function KernelName({ hit, info }: Props): React.ReactNode {
  const place = useKernelPlace(hit, info);
  if (!place) return <span />;
  const { name } = place;
  const va = hex0x(place.va);
  return (
    <span className={`mono ell ${styles['name']}`} title={name === undefined ? va : `${name}\n${va}`}>
      {name ?? va}
      {name !== undefined && <span className="sr"> at {va}</span>}
    </span>
  );
}

function useKernelPlace(hit: Hit, info: SymbolsInfo): KernelPlace | undefined {
  const [found, setFound] = useState<Props & { readonly place: KernelPlace | undefined }>();
  useEffect(() => {
    let isWanted = true;
    // The page tables are those of the end: where an older copy was then mapped they do not say.
    if (hit.pfn < 0 || hit.older) return undefined;
    kernelPlaceOf(info, hit).then(
      (place) => isWanted && setFound({ hit, info, place }),
      // The file was closed: there is nothing to name any more.
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [hit, info]);
  return found?.hit === hit && found.info === info ? found.place : undefined;
}
