/** What the chosen export would come to, asked of the worker. */
import type { ExportChoice, ExportOffer } from '../../memory/export/choice';
import { request } from '../../state/session';
import { useAnswer } from '../shared/use-answer';

/** Undefined while it is being found out. */
export function useOffer(choice: ExportChoice | { readonly missing: string }): ExportOffer | undefined {
  const isWhole = !('missing' in choice);
  const asked = useAnswer(JSON.stringify(choice), isWhole ? () => request('offer', choice) : undefined);
  if (!isWhole) return { refused: choice.missing };
  if (asked.state === 'failed') return { refused: asked.reason };
  return asked.state === 'ready' ? asked.value : undefined;
}
