/** What the chosen export would come to, asked of the worker. */
import { useEffect, useState } from 'react';
import type { ExportChoice, ExportOffer } from '../../memory/export/choice';
import { request } from '../../state/session';

/** Undefined while it is being found out. */
export function useOffer(choice: ExportChoice | { readonly missing: string }): ExportOffer | undefined {
  const key = JSON.stringify(choice);
  const [known, setKnown] = useState<{ readonly key: string; readonly offer: ExportOffer }>();
  useEffect(() => {
    const asked = JSON.parse(key) as ExportChoice | { readonly missing: string };
    if ('missing' in asked) {
      setKnown({ key, offer: { refused: asked.missing } });
      return undefined;
    }
    let wanted = true;
    const put = (offer: ExportOffer): void => {
      if (wanted) setKnown({ key, offer });
    };
    request('offer', asked).then(put, (error: unknown) =>
      put({ refused: error instanceof Error ? error.message : 'the image cannot be read' }),
    );
    return () => {
      wanted = false;
    };
  }, [key]);
  return known?.key === key ? known.offer : undefined;
}
